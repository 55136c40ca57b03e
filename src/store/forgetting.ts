import type { Db } from './db.ts';
import type { Retained } from './retained.ts';

/*
 * Alerts and tallies that are old enough to go. What is told must not change with that: an alert that is gone is not raised again by what is
 * still stored, one that stays is not retracted because what it was made of is gone, and nobody is new who was not new before.
 */

const FORGOTTEN = 'alerts_forgotten';

/** Alerts that ended before this second may be gone: what would raise one again raises nothing. Null: none is. */
export function alertsForgotten(db: Db): number | null {
  const row = db.prepare('SELECT value FROM live_meta WHERE name = ?').get(FORGOTTEN);
  return row === undefined ? null : Number(row['value']);
}

/** Up to which second tallies of a scope and rule are gone; null: none are. */
export function talliesForgotten(db: Db, scope: string, rule: string): number | null {
  const row = db.prepare('SELECT until FROM tallies_forgotten WHERE scope = ? AND rule = ?').get(scope, rule);
  return row === undefined ? null : Number(row['until']);
}

/** When a caller first raised a rule for an account, by alerts that are gone; null: never. Seconds. */
export function firstForgotten(db: Db, ruleId: string, account: string | null, caller: string): number | null {
  const row = db
    .prepare('SELECT opened FROM alert_firsts WHERE rule_id = ? AND account = ? AND caller = ?')
    .get(ruleId, account ?? '', caller);
  return row === undefined ? null : Number(row['opened']);
}

interface OldAlert {
  readonly id: string;
  readonly ruleId: string;
  readonly account: string | null;
  readonly caller: string | null;
  readonly opened: number;
  readonly last: number;
  readonly resolution: string | null;
}

/** Resolved alerts that were last seen before a second, oldest first. */
function forgetAlerts(db: Db, before: number, limit: number): number {
  const old = db
    .prepare(
      `SELECT id, rule_id AS ruleId, account, caller, opened, last, resolution FROM alerts
       WHERE status = 'resolved' AND last < ? ORDER BY last LIMIT ?`,
    )
    .all(before, limit) as unknown as OldAlert[];
  for (const { id, ruleId, account, caller, opened, resolution } of old) {
    if (caller !== null && (resolution === 'ended' || resolution === 'manual'))
      db.prepare(
        `INSERT INTO alert_firsts VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET opened = min(opened, excluded.opened)`,
      ).run(ruleId, account ?? '', caller, opened);
    db.prepare('DELETE FROM alerts WHERE id = ?').run(id);
  }
  if (old.length > 0)
    db.prepare(
      `INSERT INTO live_meta VALUES (?1, ?2)
       ON CONFLICT DO UPDATE SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))`,
    ).run(FORGOTTEN, String(old.at(-1)!.last + 1));
  return old.length;
}

/**
 * Sealed tallies that ended before a second, oldest first: nothing can be added to them any more. What an alert has from requests and from the
 * control plane stays as long as that alert, because it is made anew with each record of its account.
 */
function forgetTallies(db: Db, before: number, limit: number): number {
  const old = db
    .prepare(
      `SELECT scope, rule, fold, account, act, quarter, until FROM request_tallies t
       WHERE source = '' AND until < ? AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.scope = t.scope
         AND a.rule_id = t.rule AND a.fold = t.fold AND a.last >= t.since AND a.opened <= t.until AND a.has_control = 1)
       ORDER BY until LIMIT ?`,
    )
    .all(before, limit) as unknown as Record<'scope' | 'rule' | 'fold' | 'account' | 'act', string>[] &
    { quarter: number; until: number }[];
  for (const { scope, rule, fold, account, act, quarter, until } of old) {
    db.prepare(
      `DELETE FROM request_tallies
       WHERE scope = ? AND rule = ? AND fold = ? AND account = ? AND source = '' AND act = ? AND quarter = ?`,
    ).run(scope, rule, fold, account, act, quarter);
    db.prepare(
      'INSERT INTO tallies_forgotten VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET until = max(until, excluded.until)',
    ).run(scope, rule, until);
  }
  return old.length;
}

/** How many requests a log told in a quarter of an hour matters until tallies are sealed: three days. */
const COUNTS_MATTER = 3 * 86_400;
const QUARTER = 900;

function forgetCounts(db: Db, before: number, limit: number, now: number): number {
  const quarter = Math.min(before, now / 1000 - COUNTS_MATTER) / QUARTER;
  const { changes } = db
    .prepare(
      `DELETE FROM request_counts WHERE (account, quarter, source, act) IN
         (SELECT account, quarter, source, act FROM request_counts WHERE quarter < ? LIMIT ?)`,
    )
    .run(quarter, limit);
  return Number(changes);
}

export const RETAINED: readonly Retained[] = [
  { table: 'request_tallies', time: 'until', unit: 'seconds', class: 'matches', trim: forgetTallies },
  { table: 'request_counts', time: 'quarter', unit: 'seconds', class: 'matches', trim: forgetCounts },
  { table: 'alerts', time: 'last', unit: 'seconds', class: 'alerts', trim: forgetAlerts },
];
