import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '../../alerts/alert.ts';
import type { AlertNews } from '../../alerts/stored.ts';
import { type KeyKind, readKeys } from '../../simulate/operations.ts';
import { recordsOf } from '../../simulate/records.ts';
import { Rng } from '../../simulate/rng.ts';
import { ACCOUNTS, PEOPLE, type Person } from '../../simulate/world.ts';
import { Db } from '../../store/db.ts';
import { MemoryStore } from '../../store/memory.ts';
import { RoutineStore } from '../../store/routines.ts';
import { ROUTINE_SETTINGS } from '../../tuning/routine.ts';
import { rulesFor } from '../rules.ts';
import { Live } from './live.ts';

const START = Date.UTC(2026, 10, 2);
const DAY = 86_400_000;
const HOUR = 3_600_000;
const RULES = rulesFor([], [], new Map());
const EVERYTHING = { account: null, kind: null, value: null } as const;

let db: Db;
let live: Live;
let now = START;

/** @param trusted names of sources that know who sends to them */
function begin(trusted: readonly string[] = ['hub']): void {
  live = new Live({
    rules: RULES,
    db,
    now: () => now,
    declared: [],
    inventories: [],
    tuning: {
      ...ROUTINE_SETTINGS,
      isTrusted: (source) => trusted.includes(source),
      networkOf: (address) => (address === '203.0.113.77' ? 'AS64500 Elsewhere' : null),
    },
  });
}

beforeEach(() => {
  db = new Db(':memory:');
  begin();
});
afterEach(() => db.close());

interface Told {
  readonly day: number;
  readonly hour?: number;
  readonly who?: Person;
  readonly kind?: KeyKind;
  readonly source?: string;
}

/** Keys are read, and the records of it come in a minute later. */
function read({
  day,
  hour = 4,
  who = PEOPLE.terraform,
  kind = 'listKeys',
  source = 'hub',
}: Told): readonly AlertNews[] {
  const time = START + day * DAY + hour * HOUR;
  now = time + 60_000;
  const records = recordsOf(readKeys(time, who, ACCOUNTS.orders, kind), 'export', new Rng(`${day}|${hour}|${who.oid}`));
  const text = records.map(({ line }) => `${line}\n`).join('');
  const told = { name: 'batch', partition: '', position: null, arrived: now, progress: now, speaksFor: null };
  const batch = live.read({ name: source, labels: {} }, { ...told, bytes: [Buffer.from(text)] });
  return db.transaction(() => live.commit([batch]));
}

function nights(count: number, more: Omit<Told, 'day'> = {}): void {
  for (let day = 0; day < count; day++) read({ day, ...more });
}

const levels = (): Alert['level'][] =>
  [...live.alerts({ limit: 100, subscriptions: null }).items].reverse().map(({ alert }) => alert.level);
const newest = () => live.alerts({ limit: 1, subscriptions: null }).items[0]!;

describe('routine in the service', () => {
  it('is learnt as alerts open, and told low from then on', () => {
    nights(5);
    expect(levels()).toEqual(['medium', 'medium', 'medium', 'low', 'low']);
    const { alert } = newest();
    expect(alert.routine).toMatch(/^[0-9a-f]{32}$/);
    expect(alert.levelReason).toBe('routine: 4 times since 2 Nov, about 04:00, by terraform-ci from 192.0.2.10');
  });

  it('is kept over restarts', () => {
    nights(3);
    begin();
    read({ day: 3 });
    expect(levels()).toEqual(['medium', 'medium', 'medium', 'low']);
  });

  it('is decided when an alert opens: a repeat raises nothing', () => {
    nights(4);
    expect(read({ day: 3, hour: 4.5, kind: 'readonlykeys' }).map(({ kind }) => kind)).toEqual(['grown']);
    expect(newest().alert).toMatchObject({
      level: 'low',
      count: 2,
      levelReason: expect.stringContaining('routine: 3 times'),
    });
  });

  it('a repeat does not lower what opened before it was known', () => {
    nights(3);
    read({ day: 2, hour: 4.5, kind: 'readonlykeys' });
    expect(newest().alert).toMatchObject({ level: 'medium', count: 2, routine: null });
  });

  it('a known caller from a new address at night is louder than the routine, and what is new is said', () => {
    nights(9);
    read({ day: 9, hour: 23, who: { ...PEOPLE.terraform, ip: '203.0.113.77' } });
    const { alert, detail } = newest();
    expect([alert.level, alert.routine]).toEqual(['high', null]);
    expect(alert.levelReason).toContain('unlike the routine: from 203.0.113.77 and at 23:00');
    expect(detail.firsts).toEqual([
      { kind: 'address', value: '203.0.113.77', days: 9 },
      { kind: 'asn', value: 'AS64500 Elsewhere', days: 9 },
    ]);
  });

  it('nothing is learnt from a source that does not know who sends to it, and nothing lowered', () => {
    nights(5, { source: 'open-port' });
    expect(levels()).toEqual(Array(5).fill('medium'));
    expect(new MemoryStore(db).list(EVERYTHING, 10)).toEqual([]);
    nights(4);
    read({ day: 6, source: 'open-port' });
    expect(newest().alert.level).toBe('medium');
  });

  it('an alert that was judged an attack teaches nothing', () => {
    nights(3);
    db.transaction(() => live.act(newest().alert.id, 'judge', 'ada', { verdict: 'true' }));
    read({ day: 3 });
    expect(newest().alert.level).toBe('medium');
    read({ day: 4 });
    expect(newest().alert.level).toBe('low');
  });

  it.each([
    ['a routine', (store: RoutineStore) => store.forget(store.list(null)[0]!.id), 5],
    ['what somebody did', (store: RoutineStore) => store.forgetValue('actor', 'TERRAFORM-CI', null), 5],
    ['what came from an address', (store: RoutineStore) => store.forgetValue('address', '192.0.2.10', null), 5],
    ['what another did', (store: RoutineStore) => store.forgetValue('actor', 'eve', null), 0],
  ])('forgets %s', (_what, forget, count) => {
    nights(5);
    expect(db.transaction(() => forget(new RoutineStore(db)))).toBe(count);
    read({ day: 5 });
    expect(newest().alert.level).toBe(count === 0 ? 'low' : 'medium');
  });

  it('lets go what is older than 90 days', () => {
    nights(5);
    now = START + 100 * DAY;
    db.transaction(() => live.tick());
    expect(new RoutineStore(db).list(null)).toEqual([]);
    expect(new MemoryStore(db).list(EVERYTHING, 10)).toEqual([]);
  });
});

describe('memory in the service', () => {
  it('knows who was seen, first and last, over restarts, and forgets what it is told to', () => {
    nights(2);
    begin();
    read({ day: 2 });
    const store = new MemoryStore(db);
    const rows = store.list({ ...EVERYTHING, kind: 'actor' }, 10);
    expect(rows.map(({ name, first, last }) => [name, Math.round((last - first) / 86_400)])).toEqual([
      ['terraform-ci', 2],
    ]);
    expect(store.list({ ...EVERYTHING, value: 'TERRAFORM-ci' }, 10)).toHaveLength(1);
    expect(store.forget({ ...EVERYTHING, kind: 'address', value: '192.0.2.10' })).toBe(1);
    read({ day: 9 });
    expect(newest().detail.firsts).toEqual([{ kind: 'address', value: '192.0.2.10', days: 9 }]);
  });
});
