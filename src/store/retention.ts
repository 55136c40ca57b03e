import { turn } from '../lib/clock.ts';
import type { Db } from './db.ts';
import type { Retained, RetentionClass } from './retained.ts';

export interface RetentionPolicy {
  /** Seconds that rows of a class are kept. */
  readonly ages: Readonly<Record<RetentionClass, number>>;
  /** Bytes that rows may take in the file; null: any. Past that the oldest go, whatever their age. */
  readonly maxBytes: number | null;
}

/** In which order rows go when there are too many bytes. The audit log never does. */
const FIRST_TO_GO: readonly RetentionClass[] = ['key_figures', 'deliveries', 'matches', 'alerts', 'control_plane'];

/** Rows that went, of one table and for one reason. */
export interface Removed {
  readonly table: string;
  readonly why: 'age' | 'size';
  readonly rows: number;
}

/** Rows of one transaction: some milliseconds, so that what waits to be written does not wait long. */
const ROWS = 500;
/** Pages that one transaction gives back to the disk: as long. */
const PAGES = 1000;

const PER_SECOND = { seconds: 1, milliseconds: 1e3, microseconds: 1e6 } as const;

/**
 * Removes what is too old, then the oldest of what is too much, and gives the room back to the disk, in small transactions between which
 * others write.
 * @param now milliseconds since 1970
 * @returns what went, a row for each table and reason
 * @throws StoreFailed what the steps before it removed is gone
 */
export async function retain(
  db: Db,
  tables: readonly Retained[],
  policy: RetentionPolicy,
  now: number,
  signal: AbortSignal,
): Promise<readonly Removed[]> {
  const totals = new Map<string, Removed>();
  for (const { table, why, rows } of removals(db, tables, policy, now)) {
    const key = `${table} ${why}`;
    totals.set(key, { table, why, rows: rows + (totals.get(key)?.rows ?? 0) });
    await turn();
    if (signal.aborted) break;
  }
  while (!signal.aborted && giveBack(db)) await turn();
  return [...totals.values()];
}

/** Each step is a transaction that is over. */
function* removals(db: Db, tables: readonly Retained[], policy: RetentionPolicy, now: number): Generator<Removed> {
  for (const retained of tables) {
    const before = (now / 1000 - policy.ages[retained.class]) * PER_SECOND[retained.unit];
    const remove = (): number => db.transaction(() => removeSome(db, retained, before, now));
    for (let rows = remove(); rows > 0; rows = remove()) yield { table: retained.table, why: 'age', rows };
  }
  if (policy.maxBytes === null) return;
  for (const kind of FIRST_TO_GO)
    yield* shrink(
      db,
      tables.filter((one) => one.class === kind),
      policy.maxBytes,
      now,
    );
}

/** A step from each table in turn, until what is left fits or nothing is left. */
function* shrink(db: Db, tables: readonly Retained[], maxBytes: number, now: number): Generator<Removed> {
  let removed = 1;
  while (removed > 0) {
    removed = 0;
    for (const retained of tables) {
      if (usedBytes(db) <= maxBytes) return;
      const rows = db.transaction(() => removeSome(db, retained, Number.MAX_SAFE_INTEGER, now));
      removed += rows;
      if (rows > 0) yield { table: retained.table, why: 'size', rows };
    }
  }
}

/** The oldest rows of before a time; more than `ROWS` only where they are of one moment. */
function removeSome(db: Db, { table, time, trim }: Retained, before: number, now: number): number {
  if (trim !== undefined) return trim(db, before, ROWS, now);
  const last = db
    .prepare(`SELECT ${time} AS time FROM ${table} WHERE ${time} < ? ORDER BY ${time} LIMIT 1 OFFSET ${ROWS - 1}`)
    .get(before)?.['time'];
  const removed =
    last === undefined
      ? db.prepare(`DELETE FROM ${table} WHERE ${time} < ?`).run(before)
      : db.prepare(`DELETE FROM ${table} WHERE ${time} <= ?`).run(Number(last));
  return Number(removed.changes);
}

/** @returns whether there is more to give back */
function giveBack(db: Db): boolean {
  const before = db.pragma('freelist_count');
  if (before === 0) return false;
  db.exec(`PRAGMA incremental_vacuum(${PAGES})`);
  return db.pragma('freelist_count') < before;
}

/** Bytes of pages that hold something. */
export function usedBytes(db: Db): number {
  return (db.pragma('page_count') - db.pragma('freelist_count')) * db.pragma('page_size');
}
