import { LEVELS, type Level } from '../notify/levels.ts';
import type { Db } from './db.ts';

export interface StoredWeek {
  /** Logs of any account, as they are named. */
  readonly logs: readonly string[];
  readonly alerts: Readonly<Partial<Record<Level, number>>>;
  readonly deliveries: readonly { readonly receiver: string; readonly dead: number; readonly waiting: number }[];
  /** Alerts that were kept back in that time, by what did it; the most first. */
  readonly hidden: readonly { readonly why: string; readonly count: number }[];
}

/** Counts of what happened in a time. @param from, to milliseconds */
export function storedWeek(db: Db, from: number, to: number): StoredWeek {
  const logs = db
    .prepare('SELECT DISTINCT value FROM live_accounts, json_each(families) ORDER BY value')
    .all()
    .map(({ value }) => String(value));
  const levels = db
    .prepare(
      `SELECT json_extract(data, '$.alert.level') AS level, count(*) AS count FROM alerts WHERE opened >= ? AND opened < ? GROUP BY 1`,
    )
    .all(Math.floor(from / 1000), Math.floor(to / 1000));
  const counts = new Map(levels.map(({ level, count }) => [String(level), Number(count)]));
  const deliveries = db
    .prepare(
      `SELECT receiver, total(state = 'dead') AS dead, total(state = 'waiting' AND attempts > 0) AS waiting FROM outbox
       WHERE queued_at < ? AND ((state = 'dead' AND settled_at >= ?) OR (state = 'waiting' AND attempts > 0)) GROUP BY receiver ORDER BY receiver`,
    )
    .all(to, from)
    .map(({ receiver, dead, waiting }) => ({
      receiver: String(receiver),
      dead: Number(dead),
      waiting: Number(waiting),
    }));
  return {
    hidden: hiddenIn(db, from, to),
    logs,
    alerts: Object.fromEntries(LEVELS.flatMap((level) => (counts.has(level) ? [[level, counts.get(level)!]] : []))),
    deliveries,
  };
}

function hiddenIn(db: Db, from: number, to: number): StoredWeek['hidden'] {
  return db
    .prepare(
      `SELECT CASE step WHEN 'excepted' THEN 'the exception ' || tuning WHEN 'silenced' THEN 'the silence ' || tuning
         ELSE 'stronger alerts of their story' END AS why, count(DISTINCT alert) AS count
       FROM alert_steps WHERE at >= ? AND at < ? AND tuning <> '' AND step IN ('excepted', 'silenced', 'inhibited')
       GROUP BY why ORDER BY count DESC, why`,
    )
    .all(from, to)
    .map(({ why, count }) => ({ why: String(why), count: Number(count) }));
}
