import fc from 'fast-check';
import type { Alert } from '../../src/alerts/alert.ts';
import { isWithdrawn } from '../../src/alerts/lifecycle.ts';
import type { StoredAlert } from '../../src/alerts/stored.ts';
import { Live } from '../../src/app/live/live.ts';
import { partsOf } from '../../src/app/live/parts.ts';
import type { Rule } from '../../src/ir/ir.ts';
import type { Batch } from '../../src/sources/source.ts';
import { Db } from '../../src/store/db.ts';
import { RETAINED as FORGETTING } from '../../src/store/forgetting.ts';
import { load } from './evaluate.ts';
import { NOW, productAlerts, RULES } from './product.ts';
import { type Stream, stream, textOf } from './reading/streams/streams.ts';

/** Live detection as laws try it. */

/** Rules of somebody else's: they fold and count what ours do not, requests too, closely and over all accounts. */
const MORE = load(`
title: Anything done
id: 77777777-7777-4777-8777-777777777711
name: anything_done
status: test
logsource: { product: azure, service: cosmosdb }
detection:
  done: { event.outcome: [success, failure] }
  condition: done
level: low
---
title: Much done
id: 77777777-7777-4777-8777-777777777712
name: much_done
status: test
correlation:
  type: event_count
  rules: [anything_done]
  group-by: [cosmosdb.account]
  timespan: 10m
  condition: { gte: 3 }
  generate: true
level: low
---
title: Anything from an address
id: 77777777-7777-4777-8777-777777777713
name: from_address
status: test
logsource: { product: azure, service: cosmosdb }
detection:
  from: { source.ip|cidr: 192.0.2.0/24 }
  condition: from
fold: { by: [source.ip], gap: 5m }
level: low
---
title: Several accounts from an address
id: 77777777-7777-4777-8777-777777777714
name: several_accounts
status: test
correlation:
  type: value_count
  rules: [from_address]
  group-by: [source.ip]
  timespan: 10m
  condition: { field: cosmosdb.account, gte: 2 }
  generate: true
level: low
---
title: Much done, then from several accounts
id: 77777777-7777-4777-8777-777777777715
name: much_then_several
status: test
correlation:
  type: temporal
  rules: [much_done, several_accounts]
  timespan: 1h
  generate: true
level: low
`).rules;

export const LIVE_RULES: readonly Rule[] = [...RULES, ...MORE];

export const PUSHED = { name: 'push', labels: {} } as const;

export function batchOf(records: readonly object[], told: Partial<Batch> = {}): Batch {
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  return {
    bytes: [Buffer.from(text)],
    name: 'batch',
    partition: '',
    position: null,
    arrived: null,
    progress: null,
    speaksFor: null,
    ...told,
  };
}

export function allOf(live: Live): StoredAlert[] {
  return [...live.alerts({ limit: 1000, subscriptions: null }).items].reverse();
}

/** What the contract calls equality. */
export function essenceOf(alerts: readonly Alert[]): string[] {
  return alerts
    .filter((alert) => !isWithdrawn(alert))
    .map(({ rule, key, settledId, count, actors, changes }) =>
      JSON.stringify({ rule, key, settledId, count, actors, changes }),
    )
    .sort();
}

/** More than that: all that an alert prints, but what was decided when it was first told, and what depends on the clock. */
function wholeOf(alerts: readonly Alert[]): string[] {
  return alerts
    .filter((alert) => !isWithdrawn(alert))
    .map(({ id, status, resolution, level, reason, routine, levelReason, ...rest }) =>
      JSON.stringify({ ...rest, story: null, inhibitedBy: null }),
    )
    .sort();
}

/** How a stream comes to the service. */
export interface Course {
  readonly stream: Stream;
  readonly order: readonly number[];
  readonly copies: readonly number[];
  /** Records after which a batch ends. */
  readonly cuts: readonly boolean[];
  /** By batch: what goes wrong before it. */
  readonly events: readonly ('none' | 'restart' | 'failure' | 'together' | 'tick')[];
}

export const course: fc.Arbitrary<Course> = stream.chain((one) => {
  const { length } = one.lines;
  const each = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: length, maxLength: length });
  return fc.record({
    stream: fc.constant(one),
    order: fc.oneof(each(fc.nat(1_000_000)), fc.constant(one.lines.map((_, n) => n))),
    copies: each(fc.nat(9)).map((all) => all.map((n) => (n > 7 ? n - 7 : 0))),
    cuts: each(fc.boolean()),
    events: each(fc.constantFrom('none', 'none', 'none', 'restart', 'failure', 'together', 'tick')),
  });
});

class Interrupted extends Error {}

/** The alerts that live detection has at the end of a course. */
export function liveAlerts(
  { stream: { lines, declared }, order, copies, cuts, events }: Course,
  rules = LIVE_RULES,
): StoredAlert[] {
  const db = new Db(':memory:');
  const begin = (some: readonly Rule[]): Live =>
    new Live({ rules: some, db, now: () => NOW, declared, inventories: [] });
  let live = begin(rules);
  const shuffled = lines
    .flatMap((line, n) => Array.from({ length: 1 + copies[n]! }, (_, copy) => ({ line, n, copy })))
    .sort((a, b) => order[a.n]! + a.copy * 331_777 - order[b.n]! - b.copy * 331_777);
  const batches: object[][] = [[]];
  for (const { line, n } of shuffled) {
    batches.at(-1)!.push(line.record);
    if (cuts[n]) batches.push([]);
  }
  let waiting: Batch[] = [];
  for (const [at, records] of batches.entries()) {
    waiting.push(batchOf(records));
    const event = events[at % Math.max(1, events.length)] ?? 'none';
    if (event === 'together' && at + 1 < batches.length) continue;
    if (event === 'restart') live = begin(rules);
    if (event === 'tick') db.transaction(() => live.tick());
    const read = waiting.map((batch) => live.read(PUSHED, batch));
    // Large batches are committed in parts; what fails may have some of them behind it, and is given again.
    const parts = [...partsOf(read, 1 + (at % 3))];
    if (event === 'failure') {
      for (const part of parts.slice(0, -1)) db.transaction(() => live.commit(part));
      interrupt(db, () => live.commit(parts.at(-1)!));
      live.restore();
    }
    for (const part of parts) db.transaction(() => live.commit(part));
    waiting = [];
  }
  try {
    return allOf(live);
  } finally {
    db.close();
  }
}

function interrupt(db: Db, run: () => unknown): void {
  try {
    db.transaction(() => {
      run();
      throw new Interrupted();
    });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
}

/** Silence is measured by arrival, so it is no function of the records alone. */
function withoutSilence<T extends Pick<Alert, 'rule'>>(alerts: readonly T[]): T[] {
  return alerts.filter(({ rule }) => rule !== 'cosmosdb_no_logs');
}

/** Where live detection and a scan differ; null: nowhere. */
export function difference(given: Course): string | null {
  const { stream: one } = given;
  const scanned = wholeOf(
    withoutSilence(productAlerts({ files: [textOf(one)], declared: one.declared, rules: LIVE_RULES })),
  );
  const stored = liveAlerts(given);
  const live = wholeOf(withoutSilence(stored.map(({ alert }) => alert)));
  if (scanned.join() === live.join()) return null;
  return [
    ...scanned.filter((line) => !live.includes(line)).map((line) => `scan: ${line}`),
    ...live.filter((line) => !scanned.includes(line)).map((line) => `live: ${line}`),
    ...stored.map(
      ({ alert }) => `  ${alert.rule} ${alert.settledId} ${alert.status} ${alert.resolution} ${alert.count}`,
    ),
    JSON.stringify({ ...given, stream: undefined }),
  ].join('\n');
}

function timeOf(record: object): number {
  const { time, eventTimestamp, TimeGenerated } = record as Record<string, string>;
  return Date.parse(time ?? eventTimestamp ?? TimeGenerated ?? '');
}

/** Records that come when they happen, from a transport that says when it took them and how far it is; with silence. */
export function differenceInOrder({ stream: one, events }: Course): string | null {
  const records = one.lines.map(({ record }) => record).sort((a, b) => timeOf(a) - timeOf(b));
  let now = timeOf(records[0]!);
  const db = new Db(':memory:');
  const begin = (): Live =>
    new Live({ rules: LIVE_RULES, db, now: () => now, declared: one.declared, inventories: [] });
  let live = begin();
  const hub = { name: 'hub', labels: {} };
  for (const [at, record] of records.entries()) {
    now = timeOf(record);
    const event = events[at] ?? 'none';
    if (event === 'restart') live = begin();
    if (event === 'tick') db.transaction(() => live.tick());
    const read = live.read(hub, batchOf([record], { arrived: now, progress: now }));
    if (event === 'failure') {
      interrupt(db, () => live.commit([read]));
      live.restore();
    }
    db.transaction(() => live.commit([read]));
  }
  db.transaction(() => live.tick());
  const scanned = essenceOf(productAlerts({ files: [textOf(one)], declared: one.declared, rules: LIVE_RULES }));
  const stored = allOf(live);
  const found = essenceOf(stored.map(({ alert }) => alert));
  db.close();
  if (scanned.join() === found.join()) return null;
  return [
    ...scanned.filter((line) => !found.includes(line)).map((line) => `scan: ${line}`),
    ...found.filter((line) => !scanned.includes(line)).map((line) => `live: ${line}`),
    ...stored.map(
      ({ alert }) => `  ${alert.rule} ${alert.settledId} ${alert.status} ${alert.resolution} ${alert.count}`,
    ),
    JSON.stringify(events),
  ].join('\n');
}

/** All that is told of an alert. */
function toldOf(alerts: readonly StoredAlert[]): string[] {
  return alerts.map((stored) => JSON.stringify(stored)).sort();
}

/** Judges everything again, over what is stored. */
function judgeAgain(db: Db, live: Live): void {
  const other = { ...LIVE_RULES[0]!, meta: { ...LIVE_RULES[0]!.meta, id: '77777777-7777-4777-8777-777777777799' } };
  db.transaction(() => live.reload([...LIVE_RULES, { ...other, alerts: false }]));
  db.transaction(() => live.reload(LIVE_RULES));
}

export interface Forgetful extends Course {
  /** How much of the time is forgotten, of 100. */
  readonly share: number;
}

export const forgetful: fc.Arbitrary<Forgetful> = fc
  .record({ one: course, share: fc.integer({ min: 0, max: 120 }) })
  .map(({ one, share }) => ({ ...one, share }));

/** What forgetting old things changes of what is told, though everything is judged again; null: nothing but that they are gone. */
export function forgettingChanges({ stream: one, events, share }: Forgetful): string | null {
  const records = one.lines.map(({ record }) => record).sort((a, b) => timeOf(a) - timeOf(b));
  const db = new Db(':memory:');
  let now = timeOf(records[0]!);
  const live = new Live({ rules: LIVE_RULES, db, now: () => now, declared: one.declared, inventories: [] });
  for (const record of records) {
    now = timeOf(record);
    const read = live.read({ name: 'hub', labels: {} }, batchOf([record], { arrived: now, progress: now }));
    db.transaction(() => live.commit([read]));
  }
  // What can be delivered again is over, so tallies are sealed.
  const span = now - timeOf(records[0]!);
  const horizon = (timeOf(records[0]!) + (span * share) / 100) / 1000;
  now += 10 * 86_400_000;
  db.transaction(() => live.tick());
  for (let n = 0; n < 2; n++) {
    const act = allOf(live).filter(({ alert }) => alert.status !== 'resolved')[n];
    if (act !== undefined && events[n] !== 'none') db.transaction(() => live.act(act.alert.id, 'resolve', 'ada'));
  }
  judgeAgain(db, live);
  const before = allOf(live);
  const gone = before.filter(({ alert }) => alert.status === 'resolved' && Date.parse(alert.lastSeen) / 1000 < horizon);
  db.transaction(() => {
    for (const { trim } of FORGETTING) while (trim!(db, horizon, 7, now) > 0);
  });
  judgeAgain(db, live);
  db.transaction(() => live.tick());
  const after = toldOf(allOf(live));
  const expected = toldOf(before.filter((stored) => !gone.includes(stored)));
  db.close();
  if (after.join() === expected.join()) return null;
  return [
    ...expected.filter((line) => !after.includes(line)).map((line) => `before: ${line}`),
    ...after.filter((line) => !expected.includes(line)).map((line) => `after: ${line}`),
  ].join('\n');
}
