import type { Db } from './db.ts';
import type { Retained } from './retained.ts';

/** Records of one log of an account in one hour. */
export interface LogHour {
  /** Lower-case ARM id. */
  readonly account: string;
  readonly family: string;
  /** Seconds since 1970, at its start. */
  readonly hour: number;
  readonly records: number;
  /** Microseconds since 1970: what its oldest and newest record tell of. */
  readonly first: number;
  readonly last: number;
}

/** Adds what a batch brought, in the caller's transaction. What is delivered twice counts twice: it says that a log arrives, not what happened. */
export function mergeLogHours(db: Db, rows: readonly LogHour[]): void {
  const add = db.prepare(
    `INSERT INTO log_hours VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
       records = records + excluded.records, first = min(first, excluded.first), last = max(last, excluded.last)`,
  );
  for (const { account, family, hour, records, first, last } of rows)
    add.run(account, family, hour, records, first, last);
}

/** Of all accounts, or of one; by account, log and hour. @param from seconds since 1970 */
export function logHours(db: Db, from: number, account: string | null = null): LogHour[] {
  const [where, values] = account === null ? ['', []] : ['AND account = ?', [account]];
  return db
    .prepare(`SELECT * FROM log_hours WHERE hour >= ? ${where} ORDER BY account, family, hour`)
    .all(from, ...values) as unknown as LogHour[];
}

/** When each log of an account began and ended, as far as hours are kept. Microseconds. */
export interface LogSpan {
  readonly account: string;
  readonly family: string;
  readonly first: number;
  readonly last: number;
}

export function logSpans(db: Db): LogSpan[] {
  return db
    .prepare(
      'SELECT account, family, min(first) AS first, max(last) AS last FROM log_hours GROUP BY account, family ORDER BY account, family',
    )
    .all() as unknown as LogSpan[];
}

export const RETAINED: readonly Retained[] = [
  { table: 'log_hours', time: 'hour', unit: 'seconds', class: 'key_figures' },
];
