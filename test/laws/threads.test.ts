import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scan } from '../../src/app/scan.ts';
import { fixedClock } from '../../src/lib/clock.ts';
import { ndjsonOf } from '../../src/report/lines.ts';
import { Rng } from '../../src/simulate/rng.ts';
import { fileOf } from '../../src/skim/bulk.test-support.ts';

/*
 * Nobody can see on how many threads a scan read, or where files were cut into pieces: the alerts, the counts and the places of what was
 * left out are the same.
 */

const folder = mkdtempSync(join(tmpdir(), 'cosmowatch-threads-'));
const rng = new Rng('threads');

const RECORD = (n: number) => ({
  time: `2026-01-05T0${n % 10}:${10 + (n % 50)}:00.${n}Z`,
  resourceId: `/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/A${n % 3}`,
  category: 'DataPlaneRequests',
  operationName: n % 5 === 0 ? 'Delete' : 'Read',
  properties: {
    activityId: `${n}`,
    requestResourceType: 'Document',
    requestResourceId: `/dbs/d/colls/c${n % 4}`,
    statusCode: '204',
  },
});
const some = (count: number) => Array.from({ length: count }, (_, n) => RECORD(n));
const lines = (count: number) =>
  some(count)
    .map((one) => JSON.stringify(one))
    .join('\n');

const ACTIVITY = JSON.stringify({
  time: '2026-01-05T03:00:00Z',
  resourceId: '/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/A1',
  category: 'Administrative',
  operationName: 'MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/LISTKEYS/ACTION',
  resultType: 'Success',
  correlationId: 'c-1',
  callerIpAddress: '203.0.113.9',
  identity: { claims: { appid: 'a' } },
});

const FILES: Readonly<Record<string, string | Buffer>> = {
  'damaged.ndjson': fileOf(rng, 300),
  'lines.ndjson': `${lines(200)}\n${ACTIVITY}\nnot json\n${lines(100)}`,
  'pretty.json': JSON.stringify(some(120), null, 2),
  'pretty-behind-lines.json': `${lines(60)}\n${JSON.stringify({ records: some(60) }, null, 1)}\n${lines(60)}`,
  'one-envelope.json': JSON.stringify({ records: some(150) }),
  'envelopes.json': Array.from({ length: 40 }, () => JSON.stringify({ records: some(4) })).join('\r\n'),
  'compressed.json.gz': gzipSync(lines(150)),
  'binary.bin': Buffer.alloc(30_000, 'a\u0000'),
  'empty.json': '',
  'cut.ndjson': `${lines(80)}\n${lines(1).slice(0, 90)}`,
};

beforeAll(() => {
  mkdirSync(join(folder, 'logs'));
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, 'logs', name), content);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that a scan says. */
async function told(jobs: number, piece: number): Promise<string> {
  const outcome = await scan(
    {
      paths: [join(folder, 'logs')],
      since: null,
      until: Date.UTC(2026, 11, 20) * 1000,
      nowMs: Date.UTC(2027, 0, 1),
      only: [],
      rulesDirs: [],
      inventory: [],
      expectAccounts: [],
      parameters: new Map(),
      minLevel: 'informational',
      skim: true,
    },
    { clock: fixedClock(0), threads: { jobs, piece, from: 0 } },
  );
  const alerts = [...ndjsonOf(outcome.told)].join('');
  outcome.told.close();
  return JSON.stringify({ ...outcome, told: alerts }, null, 1);
}

describe('however many threads read', () => {
  it('the same is told', async () => {
    const alone = await told(1, 0);
    expect(readdirSync(join(folder, 'logs'))).toHaveLength(Object.keys(FILES).length);
    expect(JSON.parse(alone).stats).toMatchObject({ alerts: expect.any(Number) });
    expect(JSON.parse(alone).stats.alerts).toBeGreaterThan(3);
    for (const [jobs, piece] of [
      [2, 9000],
      [3, 20_000],
      [7, 10_001],
    ] as const)
      expect(await told(jobs, piece), `${jobs} threads, pieces of ${piece}`).toBe(alone);
  });
});
