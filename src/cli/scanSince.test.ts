import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyRead, run } from './cli.test-support.ts';

let root = '';
const at = (name: string): string => join(root, name);
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-since-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const DAY = '2026-11-20T';
const hour = (n: number): string => `${DAY}${`${n}`.padStart(2, '0')}:00:00.0000000Z`;
const ID = /"resourceId":"([^"]+)"/.exec(keyRead(hour(0)))![1]!;

function access(n: number, publicNetworkAccess: string): string {
  return keyRead(hour(n), {
    operationName: 'MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/WRITE',
    properties: { requestbody: JSON.stringify({ properties: { publicNetworkAccess } }) },
  });
}

function request(second: number, operationName: string, requestResourceType: string, statusCode: string): string {
  const properties = {
    activityId: `a-${second}`,
    requestResourceType,
    requestResourceId: `/dbs/shop/colls/c${second}`,
    collectionName: `c${second}`,
    databaseName: 'shop',
    statusCode,
    keyType: 'PrimaryMasterKey',
  };
  const time = `${DAY}01:00:0${second}.0000000Z`;
  return `${JSON.stringify({ time, resourceId: ID, category: 'DataPlaneRequests', operationName, properties })}\n`;
}

async function found(lines: readonly string[], ...words: string[]): Promise<string[]> {
  writeFileSync(at('log.json'), lines.join(''));
  const { out } = await run(['scan', at('log.json'), '--format', 'ndjson', '--stats', at('stats.json'), ...words]);
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { rule: string; firstSeen: string; status: string })
    .map(({ rule, firstSeen, status }) => `${firstSeen.slice(11, 13)} ${rule.replace('cosmosdb_', '')} ${status}`);
}

describe('--since', () => {
  const READS = [0, 5, 10].map((n) => keyRead(hour(n)));

  it.each<[string, string[], string[]]>([
    ['a time', ['--since', `${DAY}05:00:00Z`], ['05', '10']],
    ['a time after the last record', ['--since', '2026-11-22'], []],
    ['a duration counts back from the newest record, whatever the clock says', ['--since', '6h'], ['05', '10']],
    ['a duration that reaches the oldest', ['--since', '10h'], ['00', '05', '10']],
    ['a duration counts back from --until', ['--since', '1h', '--until', `${DAY}06:00:00Z`], ['05']],
  ])('%s', async (_name, words, hours) => {
    expect(await found(READS, ...words)).toEqual(hours.map((n) => `${n} access_keys_viewed open`));
  });

  it('nothing to count back from', async () => {
    expect(await found([], '--since', '24h', '--expect-account', ID)).toEqual([]);
  });

  it.each<[string, string[], string[]]>([
    [
      'a state that still stands has not ended, an act has',
      [access(0, 'Enabled'), keyRead(hour(2)), keyRead(hour(9))],
      ['00 network_access_changed open', '09 access_keys_viewed open'],
    ],
    [
      'a state that stands as before has, unless nobody knows what it was before',
      [access(0, 'Disabled'), access(3, 'Enabled'), access(4, 'Disabled'), keyRead(hour(9))],
      ['00 network_access_changed open', '09 access_keys_viewed open'],
    ],
    [
      'a deleted account has no state any more',
      [
        keyRead(hour(1), { operationName: 'MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/DELETE' }),
        keyRead(hour(9), { resourceId: `${ID}2` }),
      ],
      ['09 access_keys_viewed open'],
    ],
  ])('%s', async (_name, lines, expected) => {
    const all = await found(lines);
    expect(all.length).toBeGreaterThan(expected.length);
    expect(await found(lines, '--since', `${DAY}08:00:00Z`)).toEqual(expected);
  });
});

describe('actions in --stats', () => {
  const actionsOf = async (...lines: string[]): Promise<unknown> => {
    await found(lines);
    return (JSON.parse(readFileSync(at('stats.json'), 'utf8')) as { actions: unknown }).actions;
  };

  it.each<[string, number, string[]]>([
    ['a key read', 1, [keyRead(hour(1))]],
    ['a key read that is told again', 1, [keyRead(hour(1)), keyRead(hour(1))]],
    ['items deleted', 2, [1, 2].map((n) => request(n, 'Delete', 'Document', '204'))],
    ['requests that no rule matches', 0, [1, 2].map((n) => request(n, 'Delete', 'Document', '404'))],
    ['containers made by key', 4, [1, 2, 3, 4].map((n) => request(n, 'Create', 'Collection', '201'))],
  ])('%s: %i', async (_name, count, lines) => {
    expect(await actionsOf(...lines)).toBe(count);
  });
});
