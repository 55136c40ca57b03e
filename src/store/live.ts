import { hash } from 'node:crypto';
import type { Event, Micros } from '../events/event.ts';
import type { Json } from '../lib/json.ts';
import type { Db } from './db.ts';
import { talliesForgotten } from './forgetting.ts';

/** Milliseconds since 1970. */
type Millis = number;

export interface PartitionRow {
  readonly source: string;
  readonly partition: string;
  readonly position: string | null;
  readonly progress: Millis | null;
  readonly heard: Millis;
}

export interface AccountRow {
  readonly account: string;
  /** Of the oldest record that names it; null: it is only declared, or in an inventory. */
  readonly first: Micros | null;
  readonly families: readonly string[];
  /** What around it concerns it, and what it tells that is judged elsewhere; see app/live/relations.ts. */
  readonly concerns: readonly string[];
  readonly exports: readonly Json[];
}

export interface TallyKey {
  readonly scope: string;
  readonly rule: string;
  readonly fold: string;
  readonly account: string;
  readonly source: string;
  readonly act: string;
  readonly quarter: number;
}

export interface TallyRow extends TallyKey {
  readonly since: number;
  readonly until: number;
  readonly heard: Millis;
  readonly data: string;
}

export interface HitRow {
  readonly account: string;
  readonly second: number;
  readonly isGlobal: boolean;
  readonly data: string;
}

export interface WaitRow {
  readonly rule: string;
  readonly fold: string;
  readonly runs: readonly { readonly from: number; readonly to: number }[];
  readonly sources: Readonly<Record<string, number>>;
}

/** What detection keeps, as rows. It decides nothing. All writing is done inside a transaction of the caller. */
export class LiveStore {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  meta(name: string): string | null {
    const row = this.#get<{ value: string }>('SELECT value FROM live_meta WHERE name = ?', name);
    return row?.value ?? null;
  }

  setMeta(name: string, value: string): void {
    this.#run(
      'INSERT INTO live_meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      name,
      value,
    );
  }

  partitions(): PartitionRow[] {
    return this.#all<PartitionRow>('SELECT source, partition, position, progress, heard FROM positions');
  }

  setPartition({ source, partition, position, progress, heard }: PartitionRow): void {
    this.#run(
      `INSERT INTO positions VALUES (?, ?, ?, ?, ?) ON CONFLICT (source, partition) DO UPDATE SET
         position = excluded.position, progress = excluded.progress, heard = excluded.heard`,
      source,
      partition,
      position,
      progress,
      heard,
    );
  }

  /** False: it is there already. What stands where does not tell two apart. */
  addEvent(event: Event, source: string, arrived: Millis): boolean {
    const { position: _, ...told } = event;
    const digest = hash('sha256', JSON.stringify(told), 'buffer').subarray(0, 16);
    const { changes } = this.#db
      .prepare(
        'INSERT OR IGNORE INTO control_events (hash, account, time, action, source, arrived, data) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(digest, event.account, event.time, event.action, source, arrived, JSON.stringify(event));
    return changes > 0;
  }

  /** @param account null: of things around accounts */
  events(account: string | null): Event[] {
    return this.#all<{ data: string }>('SELECT data FROM control_events WHERE account IS ? ORDER BY id', account).map(
      ({ data }) => JSON.parse(data) as Event,
    );
  }

  /** Accounts of which a deletion is told, whatever came of it. */
  deletedAccounts(): string[] {
    return this.#all<{ account: string }>(
      "SELECT DISTINCT account FROM control_events WHERE action = 'cosmosdb.account.delete' AND account IS NOT NULL",
    ).map(({ account }) => account);
  }

  accounts(): AccountRow[] {
    return this.#all<Record<'account' | 'families' | 'concerns' | 'exports', string> & { first: number | null }>(
      'SELECT account, first, families, concerns, exports FROM live_accounts',
    ).map(({ account, first, families, concerns, exports }) => ({
      account,
      first,
      families: JSON.parse(families) as string[],
      concerns: JSON.parse(concerns) as string[],
      exports: JSON.parse(exports) as Json[],
    }));
  }

  setAccount({ account, first, families, concerns, exports }: AccountRow): void {
    this.#run(
      `INSERT INTO live_accounts VALUES (?, ?, ?, ?, ?) ON CONFLICT (account) DO UPDATE SET
         first = excluded.first, families = excluded.families, concerns = excluded.concerns, exports = excluded.exports`,
      account,
      first,
      JSON.stringify(families),
      JSON.stringify(concerns),
      JSON.stringify(exports),
    );
  }

  /** False: the id was remembered before. */
  rememberId(id: string, arrived: Millis): boolean {
    const number = hash('sha256', id, 'buffer').readBigInt64LE(0);
    return this.#db.prepare('INSERT OR IGNORE INTO request_ids VALUES (?, ?)').run(number, arrived).changes > 0;
  }

  tally(key: TallyKey): TallyRow | null {
    return this.#get<TallyRow>(
      `${TALLIES} WHERE scope = ? AND rule = ? AND fold = ? AND account = ? AND source = ? AND act = ? AND quarter = ?`,
      ...keyOf(key),
    );
  }

  /** Newest first, by where they end. */
  talliesOf(scope: string, rule: string, fold: string): IterableIterator<TallyRow> {
    const sql = `${TALLIES} WHERE scope = ? AND rule = ? AND fold = ? ORDER BY until DESC`;
    return this.#db.prepare(sql).iterate(scope, rule, fold) as unknown as IterableIterator<TallyRow>;
  }

  /** Rules and fold keys that have tallies in a quarter of an hour of an account. */
  talliedIn(account: string, quarter: number): { scope: string; rule: string; fold: string; since: number }[] {
    return this.#all(
      'SELECT scope, rule, fold, min(since) AS since FROM request_tallies WHERE account = ? AND quarter = ? GROUP BY scope, rule, fold',
      account,
      quarter,
    );
  }

  setTally(key: TallyKey, { since, until, heard, data }: Omit<TallyRow, keyof TallyKey>): void {
    this.#run(
      `INSERT INTO request_tallies VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
         since = excluded.since, until = excluded.until, heard = excluded.heard, data = excluded.data`,
      ...keyOf(key),
      since,
      until,
      heard,
      data,
    );
  }

  removeTally(key: TallyKey): void {
    this.#run(
      `DELETE FROM request_tallies
       WHERE scope = ? AND rule = ? AND fold = ? AND account = ? AND source = ? AND act = ? AND quarter = ?`,
      ...keyOf(key),
    );
  }

  /** Groups with tallies that are not sealed and were last told of before `heard`. */
  unsealed(heard: Millis, limit: number): { scope: string; rule: string; fold: string }[] {
    return this.#all(
      "SELECT DISTINCT scope, rule, fold FROM request_tallies WHERE source <> '' AND heard < ? LIMIT ?",
      heard,
      limit,
    );
  }

  count(account: string, quarter: number, source: string, act: string): number {
    return (
      this.#get<{ count: number }>(
        'SELECT count FROM request_counts WHERE account = ? AND quarter = ? AND source = ? AND act = ?',
        account,
        quarter,
        source,
        act,
      )?.count ?? 0
    );
  }

  addCount(account: string, quarter: number, source: string, act: string, count: number): void {
    this.#run(
      'INSERT INTO request_counts VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
      account,
      quarter,
      source,
      act,
      count,
    );
  }

  addHit({ account, second, isGlobal, data }: HitRow, arrived: Millis): void {
    this.#run(
      'INSERT INTO request_hits (account, second, is_global, arrived, data) VALUES (?, ?, ?, ?, ?)',
      account,
      second,
      isGlobal ? 1 : 0,
      arrived,
      data,
    );
  }

  /** Newest first. @param account null: of all, for rules that count over several */
  hits(account: string | null): IterableIterator<{ readonly second: number; readonly data: string }> {
    const [where, values] = account === null ? ['is_global = 1', []] : ['account = ?', [account]];
    const sql = `SELECT second, data FROM request_hits WHERE ${where} ORDER BY second DESC`;
    return this.#db.prepare(sql).iterate(...values) as unknown as IterableIterator<{ second: number; data: string }>;
  }

  /** Up to which second tallies of a scope and rule are gone; null: none are. */
  talliesForgotten(scope: string, rule: string): number | null {
    return talliesForgotten(this.#db, scope, rule);
  }

  /** Up to which second single hits of a scope are forgotten; null: none is. */
  prunedUntil(scope: string): number | null {
    return this.#get<{ second: number }>('SELECT second FROM request_pruned WHERE scope = ?', scope)?.second ?? null;
  }

  seen(account: string, quarter: number): number {
    return (
      this.#get<{ seen: number }>('SELECT seen FROM seen_quarters WHERE account = ? AND quarter = ?', account, quarter)
        ?.seen ?? 0
    );
  }

  setSeen(account: string, quarter: number, seen: number): void {
    this.#run(
      'INSERT INTO seen_quarters VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seen = excluded.seen',
      account,
      quarter,
      seen,
    );
  }

  uses(account: string, container: string, quarter: number): Micros[] {
    const row = this.#get<{ times: string }>(
      'SELECT times FROM container_uses WHERE account = ? AND container = ? AND quarter = ?',
      account,
      container,
      quarter,
    );
    return row === null ? [] : (JSON.parse(row.times) as Micros[]);
  }

  /** @param times in order */
  setUses(account: string, container: string, quarter: number, times: readonly Micros[]): void {
    this.#run(
      `INSERT INTO container_uses VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
         first = excluded.first, last = excluded.last, times = excluded.times`,
      account,
      container,
      quarter,
      times[0]!,
      times.at(-1)!,
      JSON.stringify(times),
    );
  }

  /** Times of some quarters of an hour that reach into a span, both ends exclusive: if more than two do, one lies inside. */
  usesAround(account: string, container: string, from: Micros, to: Micros): Micros[][] {
    return this.#all<{ times: string }>(
      'SELECT times FROM container_uses WHERE account = ? AND container = ? AND last > ? AND first < ? ORDER BY quarter LIMIT 3',
      account,
      container,
      Math.max(from, Number.MIN_SAFE_INTEGER),
      Math.min(to, Number.MAX_SAFE_INTEGER),
    ).map(({ times }) => JSON.parse(times) as Micros[]);
  }

  waits(): WaitRow[] {
    return this.#all<Record<'rule' | 'fold' | 'runs' | 'sources', string>>(
      'SELECT rule, fold, runs, sources FROM waits',
    ).map(({ rule, fold, runs, sources }) => ({
      rule,
      fold,
      runs: JSON.parse(runs) as WaitRow['runs'],
      sources: JSON.parse(sources) as WaitRow['sources'],
    }));
  }

  setWait({ rule, fold, runs, sources }: WaitRow): void {
    this.#run(
      'INSERT INTO waits VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET runs = excluded.runs, sources = excluded.sources',
      rule,
      fold,
      JSON.stringify(runs),
      JSON.stringify(sources),
    );
  }

  /** Scopes that time may have changed. */
  due(second: number): string[] {
    return this.#all<{ scope: string }>('SELECT scope FROM live_dues WHERE due <= ?', second).map(({ scope }) => scope);
  }

  /** @param due null: time alone changes nothing */
  setDue(scope: string, due: number | null): void {
    if (due === null) this.#run('DELETE FROM live_dues WHERE scope = ?', scope);
    else this.#run('INSERT INTO live_dues VALUES (?, ?) ON CONFLICT DO UPDATE SET due = excluded.due', scope, due);
  }

  /** Forgets what nobody can deliver again, and what no window reaches any more. */
  prune(before: { readonly arrived: Millis; readonly second: number }): void {
    this.#run('DELETE FROM request_ids WHERE arrived < ?', before.arrived);
    for (const scope of ['account', "''"])
      this.#run(
        `INSERT INTO request_pruned SELECT ${scope}, max(second) FROM request_hits
         WHERE arrived < ? AND second < ? ${scope === 'account' ? '' : 'AND is_global = 1'} GROUP BY 1
         ON CONFLICT DO UPDATE SET second = max(second, excluded.second)`,
        before.arrived,
        before.second,
      );
    this.#run('DELETE FROM request_hits WHERE arrived < ? AND second < ?', before.arrived, before.second);
  }

  #run(sql: string, ...values: (string | number | null)[]): void {
    this.#db.prepare(sql).run(...values);
  }

  #get<T>(sql: string, ...values: (string | number | null)[]): T | null {
    return (this.#db.prepare(sql).get(...values) as T | undefined) ?? null;
  }

  #all<T>(sql: string, ...values: (string | number | null)[]): T[] {
    return this.#db.prepare(sql).all(...values) as T[];
  }
}

const TALLIES =
  'SELECT scope, rule, fold, account, source, act, quarter, since, until, heard, data FROM request_tallies';

function keyOf({ scope, rule, fold, account, source, act, quarter }: TallyKey): (string | number)[] {
  return [scope, rule, fold, account, source, act, quarter];
}
