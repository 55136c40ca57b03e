import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isWithdrawn } from '../../alerts/lifecycle.ts';
import type { AlertNews } from '../../alerts/stored.ts';
import { Db } from '../../store/db.ts';
import { MIGRATIONS } from '../../store/migrations/index.ts';
import { rulesFor } from '../rules.ts';
import { Gate } from '../service/gate.ts';
import { Live } from './live.ts';

const DAY = 24 * 3_600_000;
const START = Date.parse('2026-11-01T00:00:00Z');
const ACCOUNT =
  '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/orders';
const ANN = '30000000-0000-0000-0000-000000000001';

let made = 0;

function request(at: number, ip: string, bytes = 0): object {
  made += 1;
  return {
    time: new Date(START + at).toISOString(),
    resourceId: ACCOUNT,
    category: 'DataPlaneRequests',
    operationName: 'Query',
    properties: {
      activityId: `20000000-0000-0000-0000-${String(made).padStart(12, '0')}`,
      requestResourceType: 'Document',
      requestResourceId: 'dbs/shop/colls/carts',
      statusCode: '200',
      clientIpAddress: ip,
      keyType: 'PrimaryMasterKey',
      userAgent: 'cosmos-netstandard-sdk/3.39.1',
      responseLength: `${bytes}`,
    },
  };
}

function arm(at: number, operation: string, more: object = {}): object {
  made += 1;
  return {
    time: new Date(START + at).toISOString(),
    resourceId: ACCOUNT,
    category: 'Administrative',
    operationName: operation,
    resultType: 'Success',
    correlationId: `10000000-0000-0000-0000-${String(made).padStart(12, '0')}`,
    callerIpAddress: '198.51.100.23',
    identity: {
      claims: {
        'http://schemas.microsoft.com/identity/claims/objectidentifier': ANN,
        'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': 'ann@contoso.example',
        idtyp: 'user',
      },
    },
    properties: { eventCategory: 'Administrative' },
    ...more,
  };
}

const KEYS = 'Microsoft.DocumentDB/databaseAccounts/listKeys/action';

/** Live detection with what stands before the outbox. */
class World {
  readonly db = new Db(':memory:');
  now = START;
  readonly live: Live;
  readonly gate: Gate;

  constructor() {
    this.live = new Live({
      rules: rulesFor([], [], new Map()),
      db: this.db,
      now: () => this.now,
      declared: [],
      inventories: [],
    });
    this.gate = new Gate(this.db, {
      alert: (id) => this.live.alert(id),
      tellAgain: (id, kind, why) => this.live.tellAgain(id, kind, why),
    });
  }

  /** What people are told of these records. */
  takes(at: number, ...records: readonly object[]): string[] {
    this.now = START + at;
    const bytes = [Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''))];
    const batch = { bytes, name: 'b', partition: '', position: null, arrived: null, progress: null, speaksFor: null };
    const read = this.live.read({ name: 'push', labels: {} }, batch);
    return this.db.transaction(() => this.gate.pass(this.live.commit([read]), this.now).told).flatMap(wordsOf);
  }

  alerts(): string[] {
    const { items } = this.live.alerts({ limit: 100, subscriptions: null });
    return items
      .filter(({ alert }) => !isWithdrawn(alert))
      .map(({ alert }) => `${alert.rule} ${alert.level} ${alert.inhibitedBy === null ? 'told' : 'inhibited'}`)
      .sort();
  }
}

function wordsOf({ kind, stored: { alert } }: AlertNews): string[] {
  return ['grown', 'linked'].includes(kind) ? [] : [`${kind} ${alert.rule} ${alert.level}`];
}

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.db.close());

describe('a theft as it comes', () => {
  it('the store has every step of its schema', () => {
    expect(MIGRATIONS.map(({ version }) => version)).toContain(60);
  });

  it('is one story: people hear of the reading, of the theft, and that it rises', () => {
    expect(world.takes(0, request(0, '198.51.100.1'))).toEqual([]);
    expect(world.takes(8 * DAY, arm(8 * DAY, KEYS))).toEqual(['opened cosmosdb_access_keys_viewed medium']);
    const used = 8 * DAY + 600_000;
    expect(world.takes(used, request(used, '203.0.113.7', 900e6))).toEqual(['opened cosmosdb_stolen_key_used high']);
    expect(world.takes(used + 60_000, request(used + 60_000, '203.0.113.7', 901e6))).toEqual([
      'amended cosmosdb_stolen_key_used critical',
    ]);
    // More of what is inhibited is told to nobody.
    expect(world.takes(used + 120_000, arm(used + 120_000, KEYS, { callerIpAddress: '198.51.100.23' }))).toEqual([]);
    const { items } = world.live.alerts({ limit: 100, subscriptions: null });
    const first = items.find(({ alert }) => alert.rule === 'cosmosdb_access_keys_viewed')!.alert.id;
    expect(items.map(({ alert }) => alert.story)).toEqual([first, first, first]);
    expect(world.alerts()).toEqual([
      'cosmosdb_access_keys_viewed medium inhibited',
      'cosmosdb_key_used_from_new_address medium inhibited',
      'cosmosdb_stolen_key_used critical told',
    ]);
    expect(world.live.alerts({ limit: 9, subscriptions: null, story: first }).items).toHaveLength(3);
  });

  it('whatever comes first, the same alerts are told in the end', () => {
    const used = 8 * DAY + 600_000;
    const records = [
      request(0, '198.51.100.1'),
      arm(8 * DAY, KEYS),
      request(used, '203.0.113.7', 900e6),
      request(used + 60_000, '203.0.113.7', 901e6),
    ];
    for (const order of [
      [3, 2, 1, 0],
      [2, 0, 3, 1],
      [1, 3, 0, 2],
    ]) {
      const other = new World();
      for (const at of order) other.takes(9 * DAY, records[at]!);
      expect(other.alerts()).toEqual([
        'cosmosdb_access_keys_viewed medium inhibited',
        'cosmosdb_key_used_from_new_address medium inhibited',
        'cosmosdb_stolen_key_used critical told',
      ]);
      other.db.close();
    }
  });

  it('what an earlier use takes back inhibits nothing: the rest is told by itself again', () => {
    const used = 8 * DAY + 600_000;
    world.takes(0, request(0, '198.51.100.1'));
    world.takes(8 * DAY, arm(8 * DAY, KEYS), request(used, '203.0.113.7'));
    expect(world.alerts()).toContain('cosmosdb_access_keys_viewed medium inhibited');
    expect(world.takes(9 * DAY, request(DAY, '203.0.113.7'))).toEqual(
      expect.arrayContaining(['opened cosmosdb_access_keys_viewed medium', 'resolved cosmosdb_stolen_key_used high']),
    );
    expect(world.alerts()).toContain('cosmosdb_access_keys_viewed medium told');
  });

  it('survives a restart: nothing is told again', () => {
    const used = 8 * DAY + 600_000;
    world.takes(0, request(0, '198.51.100.1'));
    world.takes(8 * DAY, arm(8 * DAY, KEYS));
    world.live.restore();
    expect(world.takes(used, request(used, '203.0.113.7'))).toEqual(['opened cosmosdb_stolen_key_used high']);
    world.live.restore();
    expect(world.takes(used + 1000, request(used + 1000, '203.0.113.7'))).toEqual([]);
  });
});

describe('an alert is amended', () => {
  it('once, when the caller becomes known later', () => {
    const deletes = 'Microsoft.DocumentDB/databaseAccounts/delete';
    const time = new Date(START + DAY).toISOString();
    const row = (name: string): object => ({
      time,
      resourceId: ACCOUNT,
      category: 'ControlPlaneRequests',
      operationName: name,
      properties: { activityId: '20000000-0000-0000-0000-00000000aaaa', httpstatusCode: '200' },
    });
    world.takes(0, request(0, '198.51.100.1'));
    const first = world.takes(DAY, row('AccountDeleteStart'), row('AccountDeleteComplete'));
    expect(first.map((text) => text.split(' ')[0])).toEqual(['opened']);
    const then = world.takes(DAY + 60_000, arm(DAY + 1000, deletes));
    expect(then.map((text) => text.split(' ')[0])).toEqual(['amended']);
    expect(
      world.takes(DAY + 120_000, arm(DAY + 1000, deletes, { correlationId: '10000000-0000-0000-0000-000000000aaa' })),
    ).toEqual([]);
  });
});
