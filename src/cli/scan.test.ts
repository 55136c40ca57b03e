import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScanProgress } from '../app/contract.ts';
import { keyRead, type Ran, run } from './cli.test-support.ts';
import { progressLine } from './scan.ts';

let root = '';
const at = (name: string): string => join(root, name);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-cli-'));
  mkdirSync(at('logs'));
  writeFileSync(at('logs/one.json'), keyRead('2026-11-24T01:00:00.0000000Z'));
  writeFileSync(at('logs/two.json'), keyRead('2026-11-24T05:00:00.0000000Z', { callerIpAddress: '203.0.113.77' }));
  writeFileSync(at('broken.json'), `${keyRead('2026-11-24T01:00:00.0000000Z')}{"time":"2026-11-24T02:00:00Z","resou\n`);
  writeFileSync(at('quiet.json'), keyRead('2026-11-24T01:00:00.0000000Z', { resultType: 'Failure' }));
  writeFileSync(at('notes.txt'), 'dear diary\n');
  writeFileSync(at('empty.json'), '');
  writeFileSync(at('cut.json.gz'), gzipSync(keyRead('2026-11-24T01:00:00Z').repeat(100)).subarray(0, 200));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const scan = (...words: string[]): Promise<Ran> => run(['scan', ...words]);

function alertsIn(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('exit codes', () => {
  it.each<[string, number, () => string[]]>([
    ['alerts were found, and nobody asked to fail on them', 0, () => [at('logs')]],
    ['no alert was found', 0, () => [at('quiet.json')]],
    ['records were left out, and nobody minds', 0, () => [at('broken.json')]],
    ['nothing is a log', 1, () => [at('empty.json')]],
    ['nothing is there', 1, () => [at('nowhere')]],
    ['no path', 2, () => []],
    ['an unknown option', 2, () => [at('logs'), '--weather']],
    ['a wrong value', 2, () => [at('logs'), '--fail-on', 'severe']],
    ['an unknown rule', 2, () => [at('logs'), '--only', 'cosmosdb_keys_viewed']],
    ['an unknown parameter', 2, () => [at('logs'), '--set', 'cosmosdb_no_logs.weather=1']],
    ['an inventory that is none', 2, () => [at('logs'), '--inventory', at('notes.txt')]],
    ['--fail-on below what was found', 3, () => [at('logs'), '--fail-on', 'low']],
    ['--fail-on at what was found', 3, () => [at('logs'), '--fail-on', 'medium']],
    ['--fail-on above what was found', 0, () => [at('logs'), '--fail-on', 'high']],
    ['--strict with records left out', 4, () => [at('broken.json'), '--strict']],
    ['--strict with a file left out', 4, () => [at('logs'), at('cut.json.gz'), '--strict']],
    ['--strict is told before --fail-on', 4, () => [at('broken.json'), '--strict', '--fail-on', 'low']],
    ['--strict with nothing left out', 0, () => [at('logs'), '--strict']],
  ])('%s: %i', async (_name, code, words) => {
    const ran = await scan(...words());
    expect(ran.code).toBe(code);
    if (code === 1 || code === 2) expect(ran.err).toMatch(/^error CW-\d{4}: /);
    if (code === 1 || code === 2) expect(ran.out).toBe('');
  });
});

describe('what is printed', () => {
  it('names from the inventory whose role at a vault was taken away', async () => {
    const vault = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv-shop';
    const role = `${vault}/providers/Microsoft.Authorization/roleAssignments/r1`;
    const body = { properties: { keyVaultKeyUri: 'https://kv-shop.vault.azure.net/keys/cmk' } };
    const write = 'MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/WRITE';
    const removal = 'MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/DELETE';
    writeFileSync(at('roles.json'), JSON.stringify([{ id: role, principalId: 'AA', principalName: 'mi-orders' }]));
    writeFileSync(
      at('removed.json'),
      keyRead('2026-11-24T01:00:00Z', { operationName: write, properties: { requestbody: JSON.stringify(body) } }) +
        keyRead('2026-11-24T03:00:00Z', { operationName: removal, resourceId: role }),
    );
    const { out } = await scan(at('removed.json'), '--inventory', at('roles.json'), '--format', 'ndjson');
    expect(alertsIn(out).at(-1)?.['reason']).toMatch(
      /^Access of aa to the vault kv-shop, which holds the key cmk of orders, was/,
    );
  });

  it('says who read keys for the first time in these logs, also of what is not shown', async () => {
    const isFirst = (text: string) =>
      alertsIn(text).map(({ reason }) => `${reason}`.includes(', for the first time in'));
    const logs = [at('logs'), '--format', 'ndjson'];
    expect(isFirst((await scan(...logs)).out)).toEqual([true, false]);
    expect(isFirst((await scan(...logs, '--since', '2026-11-24T04:00:00Z')).out)).toEqual([false]);
  });

  it('is one line an alert in a pipe, below the names of its columns', async () => {
    const { out } = await scan(at('logs'));
    const [head, ...rows] = out
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    expect(head?.slice(1, 6)).toEqual(['LEVEL', 'FIRST_SEEN', 'LAST_SEEN', 'COUNT', 'ACCOUNT']);
    expect(rows.map((row) => [row.length, ...row.slice(1, 3), row[5]])).toEqual([
      [head!.length, 'medium', '2026-11-24T01:00:00Z', 'orders'],
      [head!.length, 'medium', '2026-11-24T05:00:00Z', 'orders'],
    ]);
  });

  it('as ndjson is what the contract says, oldest first', async () => {
    const alerts = alertsIn((await scan(at('logs'), '--format', 'ndjson')).out);
    expect(alerts.map(({ rule, firstSeen, level, count }) => [rule, firstSeen, level, count])).toEqual([
      ['cosmosdb_access_keys_viewed', '2026-11-24T01:00:00Z', 'medium', 1],
      ['cosmosdb_access_keys_viewed', '2026-11-24T05:00:00Z', 'medium', 1],
    ]);
    expect(alerts.every(({ id, settledId }) => id === settledId)).toBe(true);
  });

  it('is the same whatever order the files are named in', async () => {
    const one = await scan(at('logs/one.json'), at('logs/two.json'), '--format', 'ndjson');
    const other = await scan(at('logs/two.json'), at('logs/one.json'), '--format', 'ndjson');
    expect(one.out).toBe(other.out);
  });

  it('as json is one document', async () => {
    const { out } = await scan(at('logs'), '--format', 'json');
    expect(JSON.parse(out)).toBeTypeOf('object');
  });

  it('says on standard error what was left out, and nothing with --quiet', async () => {
    expect((await scan(at('broken.json'))).err).toMatch(/left out/i);
    expect((await scan(at('broken.json'), '--quiet')).err).toBe('');
  });

  it('goes to a file whole, with nothing left beside it', async () => {
    const file = at('alerts.ndjson');
    const { out, code } = await scan(at('logs'), '--format', 'ndjson', '--output', file);
    expect([out, code]).toEqual(['', 0]);
    expect(alertsIn(readFileSync(file, 'utf8'))).toHaveLength(2);
    expect(readdirSync(root).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('to a place that is none is an error', async () => {
    const { code, err } = await scan(at('logs'), '--output', at('no/such/folder/x'));
    expect(code).toBe(1);
    expect(err).toMatch(/^error CW-2004: [^\n]*\n {2}cure: /);
  });

  it('--stats counts what was read', async () => {
    const file = at('stats.json');
    await scan(at('broken.json'), '--stats', file);
    const stats = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    expect(stats).toMatchObject({
      records: 2,
      events: 1,
      families: { ActivityLog: 1 },
      unknown: 0,
      duplicates: 0,
      alerts: 1,
    });
    expect(Object.keys(stats)).toEqual([
      'bytes',
      'records',
      'events',
      'families',
      'unknown',
      'invalid',
      'duplicates',
      'actions',
      'alerts',
      'seconds',
    ]);
  });

  it('--min-level leaves lower ones out', async () => {
    expect((await scan(at('logs'), '--format', 'ndjson', '--min-level', 'high')).out).toBe('');
  });

  it('--explain tells one alert by the beginning of its id', async () => {
    const [alert] = alertsIn((await scan(at('logs'), '--format', 'ndjson')).out);
    const { out, code } = await scan(at('logs'), '--explain', String(alert!['id']).slice(0, 8));
    expect(code).toBe(0);
    expect(out).toContain('ann@contoso.example');
    expect((await scan(at('logs'), '--explain', 'zzz')).err).toMatch(/^error CW-1002: /);
  });

  it('an unknown rule is told with the one that was meant', async () => {
    const { err } = await scan(at('logs'), '--only', 'cosmosdb_acces_keys_viewed');
    expect(err).toContain('did you mean cosmosdb_access_keys_viewed ?');
  });
});

describe('progress', () => {
  const state: ScanProgress = {
    bytes: 25_000_000,
    totalBytes: 100_000_000,
    file: 'PT1H.json',
    fileIndex: 1,
    files: 4,
    records: 12_345,
    phase: 'reading',
  };

  it.each<[string, Partial<ScanProgress>, string]>([
    ['of several files', {}, 'reading  2 of 4 files   25 %  25 MB of 100 MB  0:30 left'],
    ['of one file', { files: 1 }, 'reading  PT1H.json   25 %  25 MB of 100 MB  0:30 left'],
    ['of standard input', { file: '-', totalBytes: null }, 'reading  stdin   25 MB  12,345 records'],
    [
      'of a compressed file that is longer than it seemed',
      { bytes: 200_000_000, files: 1 },
      'reading  PT1H.json   100 %  200 MB of 100 MB  0:00 left',
    ],
    ['when nothing is read yet', { bytes: 0 }, 'reading  2 of 4 files   0 %  0 MB of 100 MB  0:00 left'],
    ['of judging', { phase: 'judging' }, 'judging  12,345 records'],
  ])('%s', (_name, change, line) => {
    expect(progressLine({ ...state, ...change }, 10_000)).toBe(line);
  });
});
