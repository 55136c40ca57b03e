import { LEVELS, type Level } from '../notify/levels.ts';
import type { Db } from './db.ts';

export interface StoredWeek {
  /** Logs of any account, as they are named. */
  readonly logs: readonly string[];
  readonly alerts: Readonly<Partial<Record<Level, number>>>;
  readonly deliveries: readonly { readonly receiver: string; readonly dead: number; readonly waiting: number }[];
  /** Alerts that people were not told of, or not at once, and what kept them back. */
  readonly hidden: readonly { readonly why: string; readonly count: number }[];
}

const KEPT_BY = { excepted: 'exception', silenced: 'silence' } as const;

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
    logs,
    alerts: Object.fromEntries(LEVELS.flatMap((level) => (counts.has(level) ? [[level, counts.get(level)!]] : []))),
    deliveries,
    hidden: keptBack(db, from, to),
  };
}

function keptBack(db: Db, from: number, to: number): StoredWeek['hidden'] {
  const rows = db
    .prepare(
      `SELECT step, CASE step WHEN 'inhibited' THEN '' ELSE tuning END AS name, count(DISTINCT alert) AS count FROM alert_steps
       WHERE at >= ? AND at < ? AND tuning <> '' GROUP BY step, name ORDER BY step, name`,
    )
    .all(from, to) as unknown as readonly { readonly step: string; readonly name: string; readonly count: number }[];
  return rows.map(({ step, name, count }) => ({
    why: step === 'inhibited' ? 'stronger alerts' : `${KEPT_BY[step as keyof typeof KEPT_BY]} ${name}`,
    count,
  }));
}
