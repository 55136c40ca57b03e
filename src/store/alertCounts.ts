import { type AlertFilter, conditions } from './alerts.ts';
import type { Db } from './db.ts';

type Seen = Pick<AlertFilter, 'subscriptions' | 'labels'>;

/** The open alert of the highest level of an account. */
export interface Worst {
  readonly account: string;
  readonly id: string;
}

/** For each account that has an open alert: that of the highest level, of several the newest. */
export function worstOpen(db: Db, seen: Seen): Worst[] {
  const { where, values } = conditions({ ...seen, statuses: ['open'] });
  return db
    .prepare(
      `SELECT account, id FROM (
         SELECT account, id, row_number() OVER (PARTITION BY account ORDER BY level DESC, opened DESC, id) AS place
         FROM alerts ${where} AND account IS NOT NULL) WHERE place = 1`,
    )
    .all(...values) as unknown as Worst[];
}

const DAY = 86_400;

/** Alerts by rule id and day. @param from seconds since 1970, the start of the first day */
export function openedByDay(
  db: Db,
  from: number,
  seen: Seen,
): { readonly rule: string; readonly day: number; readonly count: number }[] {
  const { where, values } = conditions(seen);
  return db
    .prepare(
      `SELECT rule_id AS rule, CAST((opened - ?) / ${DAY} AS INTEGER) AS day, count(*) AS count FROM alerts
       ${where === '' ? 'WHERE' : `${where} AND`} opened >= ? GROUP BY 1, 2`,
    )
    .all(from, ...values, from) as unknown as { rule: string; day: number; count: number }[];
}
