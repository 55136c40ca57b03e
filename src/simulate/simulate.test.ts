import { describe, expect, it } from 'vitest';
import { API_ACCOUNTS } from './apiAccounts.ts';
import { SCENARIOS } from './attacks.ts';
import { DAY, HOUR } from './clock.ts';
import { VARIANTS } from './forms.ts';
import type { SimulatedRecord } from './records.ts';
import { DEMO_DAY, type SimulateOptions, simulate } from './simulate.ts';
import { STORY } from './story.ts';
import { DETAILS, type Detail } from './telling.ts';
import type { Truth } from './truth.ts';
import { idOf } from './world.ts';

const usual: SimulateOptions = {
  scenario: 'theft',
  seed: '1',
  days: 1,
  start: DEMO_DAY,
  recordsPerDay: 1000,
  variant: 'export',
};

function play(options: Partial<SimulateOptions> = {}): {
  readonly records: SimulatedRecord[];
  readonly truth: readonly Truth[];
} {
  const simulation = simulate({ ...usual, ...options });
  return { records: [...simulation.records], truth: simulation.truth() };
}

describe.each(VARIANTS)('%s', (variant) => {
  const played = play({ variant, days: 2 });

  it('the same seed gives the same bytes and truth', () => {
    expect(play({ variant, days: 2 })).toEqual(played);
  });

  it('another seed gives other bytes, and the same story', () => {
    const other = play({ variant, days: 2, seed: '2' });
    expect(other.records).not.toEqual(played.records);
    const told = (truth: readonly Truth[]) =>
      truth.filter(({ rule }) => !/item_deleted|no_logs/.test(rule)).map((one) => JSON.stringify(one));
    expect(told(other.truth)).toEqual(told(played.truth));
  });

  it('every line is one JSON object in one line', () => {
    for (const { line } of played.records) {
      expect(line.includes('\n')).toBe(false);
      expect(typeof JSON.parse(line)).toBe('object');
    }
  });

  it('records come in order of time, and carry it with seven digits', () => {
    let last = 0;
    for (const { time, line } of played.records) {
      expect(time).toBeGreaterThanOrEqual(last);
      last = time;
      const record = JSON.parse(line) as Record<string, string>;
      const written = ['time', 'eventTimestamp', 'TimeGenerated', 'eventTime'].flatMap(
        (name) => record[name] ?? [],
      )[0]!;
      expect(written).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/);
      expect(Math.floor(Date.parse(written))).toBe(time);
    }
  });

  it('every log of the tenant flows', () => {
    const families = [...new Set(played.records.map(({ family }) => family))].sort();
    expect(families).toEqual([
      'ActivityLog',
      'AuditEvent',
      'ControlPlaneRequests',
      'DataPlaneRequests',
      'MongoRequests',
    ]);
  });
});

describe('scenarios', () => {
  it('one a rule, one an API, the whole story, and ordinary life', () => {
    const apis = Object.keys(API_ACCOUNTS).map((api) => `api_${api}`);
    expect(Object.keys(SCENARIOS).sort()).toEqual(['benign', 'theft', ...Object.keys(STORY), ...apis].sort());
  });

  it.each(Object.entries(API_ACCOUNTS))('api_%s: its own account is attacked', (api, account) => {
    const rules = play({ scenario: `api_${api}` })
      .truth.filter((one) => one.account === idOf(account).toLowerCase())
      .map(({ rule }) => rule.replace('cosmosdb_', ''));
    // Without an account there are no keys, and attempts are no deletions.
    const isCluster = api === 'cassandra_cluster';
    expect(new Set(rules)).toEqual(
      new Set([
        'backup_deleted',
        ...(api === 'vcore' ? ['network_access_changed'] : ['multiple_tables_created']),
        ...(isCluster ? [] : ['connection_string_viewed', 'item_deleted', 'multiple_tables_created']),
        ...(isCluster || api === 'vcore' ? [] : ['access_keys_viewed']),
      ]),
    );
  });

  it.each(Object.keys(STORY))('%s: its rule has something to tell, and something to leave', (name) => {
    const { truth } = play({ scenario: name });
    const usualTruth = play({ scenario: 'benign' }).truth.filter(({ rule }) => rule === `cosmosdb_${name}`);
    const told = truth.filter(({ rule }) => rule === `cosmosdb_${name}`);
    expect(told.length).toBeGreaterThan(usualTruth.length);
  });

  it('theft tells of all ten', () => {
    const rules = new Set(play().truth.map(({ rule }) => rule.replace('cosmosdb_', '')));
    expect([...rules].sort()).toEqual(Object.keys(STORY).sort());
  });

  it('ordinary life is keys read by machines and portals, and a few deleted items', () => {
    const { truth } = play({ scenario: 'benign', days: 8, recordsPerDay: 3000 });
    const rules = new Set(truth.map(({ rule }) => rule));
    expect([...rules].sort()).toEqual([
      'cosmosdb_access_keys_viewed',
      'cosmosdb_connection_string_viewed',
      'cosmosdb_item_deleted',
    ]);
  });

  it('refused attempts are in every attack that can be refused', () => {
    const refused = ['backup_deleted', 'deletion_protection_disabled', 'network_access_changed'].concat([
      'connection_string_viewed',
      'access_keys_viewed',
      'logging_changed',
    ]);
    const failures = (name: string) =>
      play({ scenario: name }).records.filter(({ line }) => line.includes('AuthorizationFailed')).length;
    const usually = failures('benign');
    expect(refused.filter((name) => failures(name) <= usually)).toEqual([]);
  });

  it('an account that is deleted has no logs and no callers any more', () => {
    const { records } = play({ scenario: 'backup_deleted', days: 3 });
    const after = records.filter(({ time }) => time > DEMO_DAY + 4 * HOUR + 15 * 60_000);
    expect(after.filter(({ line }) => /carts-dev/i.test(line))).toEqual([]);
  });

  it('one that is not known is an error that names it', () => {
    expect(() => simulate({ ...usual, scenario: 'flood' })).toThrow('no scenario is called flood');
  });
});

describe('requests summed up', () => {
  const requestsIn = (detail: Detail) => play({ scenario: 'api_nosql', detail }).records;
  const alone = requestsIn('requests').filter(({ family }) => family === 'DataPlaneRequests').length;
  const countOf = ({ line }: SimulatedRecord) => Number((JSON.parse(line) as Sum).properties.requestCount);
  interface Sum {
    readonly properties: { readonly requestCount: string };
  }

  it.each(DETAILS.filter((detail) => detail !== 'requests'))('%s: as many as there are', (detail) => {
    const records = requestsIn(detail);
    const byOne = records.filter(({ family }) => family === 'DataPlaneRequests').length;
    const sums = records.filter(({ family }) => /\d+M$/.test(family));
    expect(byOne).toBe(detail.startsWith('requests') ? alone : 0);
    expect(sums.reduce((total, record) => total + countOf(record), 0)).toBe(alone);
    expect(sums.length).toBeLessThan(alone);
    const minutes = detail.endsWith('15m') ? 15 : 5;
    expect(sums.filter(({ time }) => time % (minutes * 60_000) !== 0)).toEqual([]);
    expect(new Set(sums.map(({ family }) => family))).toEqual(new Set([`DataPlaneRequests${minutes}M`]));
  });
});

describe('volume', () => {
  it.each([50, 1000, 20_000])('%s requests a day are about that many records', (recordsPerDay) => {
    const { records } = play({ scenario: 'benign', recordsPerDay });
    const requests = records.filter(
      ({ family }) => family === 'DataPlaneRequests' || family === 'MongoRequests',
    ).length;
    // At least one an hour and account, so that silence is always somebody's doing.
    expect(requests).toBeGreaterThanOrEqual(Math.max(120, recordsPerDay * 0.97));
    expect(requests).toBeLessThanOrEqual(recordsPerDay * 1.03 + 120);
  });

  it('days are made as they are asked for', () => {
    const { records } = simulate({ ...usual, days: 3000, recordsPerDay: 1_000_000 });
    let count = 0;
    for (const { time } of records) {
      expect(time).toBeLessThan(DEMO_DAY + DAY);
      if (++count === 500) break;
    }
    expect(count).toBe(500);
  });
});
