import type { Alert } from '../alerts/alert.ts';
import { rankOf } from '../alerts/lifecycle.ts';
import { type AlertFilter, conditions } from './alerts.ts';
import type { Db } from './db.ts';

export interface KnownAccount {
  /** Lower-case ARM id. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
  readonly openAlerts: number;
}

const LEVELS = ['critical', 'high', 'medium', 'low', 'informational'] as const;
type LevelCounts = Readonly<Record<(typeof LEVELS)[number], number>>;

/** Seconds since 1970. */
interface HistogramItem extends LevelCounts {
  readonly at: number;
  readonly routine: number;
}

const AT_LEVELS = LEVELS.map((level) => `total(level = ${rankOf(level)} AND NOT isRoutine) AS ${level}`).join(', ');
const WAS_NEVER = "(resolution = 'retracted' OR resolution LIKE 'merged:%')";

/** What people ask about all of it: counts, never rows. */
export class Overview {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** How many there are of each status, among those that somebody may see and no exception covers. */
  alerts(seen: Pick<AlertFilter, 'subscriptions' | 'labels'>): Readonly<Record<Alert['status'], number>> {
    const { where, values } = conditions({ ...seen, excepted: 'no' });
    const rows = this.#db
      .prepare(`SELECT status, count(*) AS count FROM alerts ${where} GROUP BY status`)
      .all(...values);
    const counts = new Map(rows.map(({ status, count }) => [String(status), Number(count)]));
    const of = (status: Alert['status']): number => counts.get(status) ?? 0;
    return { open: of('open'), acknowledged: of('acknowledged'), resolved: of('resolved') };
  }

  /** How many alerts opened in each step, and how many are open now. @param range seconds since 1970, the end exclusive */
  histogram(
    { from, to, step }: { readonly from: number; readonly to: number; readonly step: number },
    seen: Pick<AlertFilter, 'subscriptions' | 'labels'>,
  ): { readonly items: readonly HistogramItem[]; readonly open: LevelCounts } {
    const { where, values } = conditions(seen);
    const alerts = `SELECT opened, level, status, resolution, data ->> '$.alert.routine' IS NOT NULL AS isRoutine FROM alerts ${where}`;
    const steps = this.#db
      .prepare(
        `SELECT CAST((opened - ?) / ? AS INTEGER) AS step, ${AT_LEVELS}, total(isRoutine) AS routine FROM (${alerts})
         WHERE opened >= ? AND opened < ? AND (resolution IS NULL OR NOT ${WAS_NEVER}) GROUP BY 1 ORDER BY 1`,
      )
      .all(from, step, ...values, from, to);
    const open = this.#db.prepare(`SELECT ${AT_LEVELS} FROM (${alerts}) WHERE status = 'open'`).get(...values)!;
    return {
      items: steps.map((row) => ({
        at: from + Number(row['step']) * step,
        ...levelsIn(row),
        routine: Number(row['routine']),
      })),
      open: levelsIn(open),
    };
  }

  /** Lower-case ARM ids, in order. */
  accountIds(): readonly string[] {
    return this.#db
      .prepare('SELECT account FROM live_accounts ORDER BY account')
      .all()
      .map(({ account }) => String(account));
  }

  /** In order of their ids. `lastSeen`: of what is kept, so of the control plane and of requests that rules ask about. */
  accounts(): readonly KnownAccount[] {
    return this.#db
      .prepare(
        `SELECT account AS id, first / 1000 AS firstSeen,
           (SELECT max(quarter) * 900000 FROM seen_quarters s WHERE s.account = a.account) AS quarter,
           (SELECT max(time) / 1000 FROM control_events e WHERE e.account = a.account) AS event,
           (SELECT count(*) FROM alerts l WHERE l.account = a.account AND l.status = 'open') AS openAlerts
         FROM live_accounts a ORDER BY account`,
      )
      .all()
      .map(({ id, firstSeen, quarter, event, openAlerts }) => {
        const last = Math.max(Number(quarter ?? 0), Number(event ?? 0));
        return {
          id: String(id),
          firstSeen: firstSeen === null ? null : Number(firstSeen),
          lastSeen: last === 0 ? null : last,
          openAlerts: Number(openAlerts),
        };
      });
  }

  /** Up to when a source has given everything: its slowest partition. Milliseconds; null: it does not say. */
  progress(source: string): number | null {
    const row = this.#db.prepare('SELECT min(progress) AS progress FROM positions WHERE source = ?').get(source);
    const progress = row?.['progress'];
    return progress === null || progress === undefined ? null : Number(progress);
  }

  /** Of the database, without its log. */
  bytes(): number {
    return this.#db.pragma('page_count') * this.#db.pragma('page_size');
  }

  /** Control-plane events that are kept. */
  events(): number {
    return Number(this.#db.prepare('SELECT count(*) AS count FROM control_events').get()!['count']);
  }

  /** `waiting` without the repetitions whose time has not come: of those nothing is held up. */
  deliveries(): { readonly waiting: number; readonly dead: number } {
    const row = this.#db
      .prepare(
        `SELECT total(state = 'waiting' AND (repetition = 0 OR attempts > 0)) AS waiting, total(state = 'dead') AS dead FROM outbox WHERE state IN ('waiting', 'dead')`,
      )
      .get()!;
    return { waiting: Number(row['waiting']), dead: Number(row['dead']) };
  }
}

function levelsIn(row: Readonly<Record<string, unknown>>): LevelCounts {
  return Object.fromEntries(LEVELS.map((level) => [level, Number(row[level] ?? 0)])) as LevelCounts;
}
