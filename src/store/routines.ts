import { type Doing, type Habit, learn, noHabit } from '../tuning/habit.ts';
import type { Occurrence, Pattern } from '../tuning/routine.ts';
import type { Db } from './db.ts';

/** Seconds since 1970. */
type Second = number;

const DAY = 86_400;
/** What is older teaches nothing any more. */
const REMEMBERED = 90 * DAY;
/** Of one pattern so many are looked at, the newest. */
const LOOKED_AT = 2000;
/** So many are kept in all. */
const MOST = 200_000;

interface OccurrenceRow {
  readonly opened: Second;
  readonly addresses: string;
  readonly applications: string;
  readonly count: number;
}

interface PatternRow {
  readonly id: string;
  readonly ruleId: string;
  readonly rule: string;
  readonly account: string;
  readonly caller: string;
  readonly name: string;
  readonly what: string;
}

const PATTERNS = 'SELECT id, rule_id AS ruleId, rule, account, caller, name, what FROM routine_patterns';

/** What was done again and again, alert by alert: what is known of it is worked out of them. Writing is done inside a transaction of the caller. */
export class RoutineStore {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Once for each alert; what was kept of it before is replaced. */
  keep({ id, pattern, opened, addresses, applications, count }: Occurrence): void {
    const { ruleId, rule, account, caller, what } = pattern;
    this.#db
      .prepare(
        `INSERT INTO routine_patterns VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET rule = excluded.rule, name = excluded.name`,
      )
      .run(pattern.id, ruleId, rule, account, caller.id, caller.name, what);
    this.#db
      .prepare(
        `INSERT INTO routine_occurrences VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET pattern = excluded.pattern,
           opened = excluded.opened, addresses = excluded.addresses, applications = excluded.applications, count = excluded.count`,
      )
      .run(id, pattern.id, opened, JSON.stringify(addresses), JSON.stringify(applications), count);
  }

  /** An alert teaches nothing after all. */
  forgetAlert(alert: string): void {
    this.#db.prepare('DELETE FROM routine_occurrences WHERE alert = ?').run(alert);
  }

  /** What is known of a pattern before a second; null: it was never done. */
  habit(pattern: string, before: Second): Habit | null {
    const rows = this.#db
      .prepare(
        `SELECT opened, addresses, applications, count FROM routine_occurrences
         WHERE pattern = ? AND opened < ? AND opened >= ? ORDER BY opened DESC LIMIT ?`,
      )
      .all(pattern, before, before - REMEMBERED, LOOKED_AT) as unknown as OccurrenceRow[];
    if (rows.length === 0) return null;
    const habit = noHabit();
    for (const row of rows.reverse()) learn(habit, doingOf(row));
    return habit;
  }

  /** How many others do the same to an account as a routine. */
  others({ id, ruleId, account }: Pattern, before: Second): number {
    const row = this.#db
      .prepare(
        `SELECT count(*) AS count FROM (
           SELECT 1 FROM routine_patterns p JOIN routine_occurrences o ON o.pattern = p.id
           WHERE p.rule_id = ? AND p.account = ? AND p.id <> ? AND o.opened < ? AND o.opened >= ?
           GROUP BY p.id HAVING count(*) >= 3 AND count(DISTINCT o.opened / 86400) >= 3)`,
      )
      .get(ruleId, account, id, before, before - REMEMBERED) as { count: number };
    return row.count;
  }

  /** By rule, account and caller. @param account null: of all */
  list(account: string | null): Pattern[] {
    const where = account === null ? '' : 'WHERE account = ?';
    const sql = `${PATTERNS} ${where} ORDER BY rule, account, name, what, id`;
    return (this.#db.prepare(sql).all(...(account === null ? [] : [account])) as unknown as PatternRow[]).map(
      patternOf,
    );
  }

  pattern(id: string): Pattern | null {
    const row = this.#db.prepare(`${PATTERNS} WHERE id = ?`).get(id) as PatternRow | undefined;
    return row === undefined ? null : patternOf(row);
  }

  /** On how many days it was done. */
  days(pattern: string): number {
    const sql = 'SELECT count(DISTINCT opened / 86400) AS days FROM routine_occurrences WHERE pattern = ?';
    return (this.#db.prepare(sql).get(pattern) as { days: number }).days;
  }

  /** Its newest alerts. */
  alerts(pattern: string, most: number): { readonly alert: string; readonly opened: Second }[] {
    return this.#db
      .prepare('SELECT alert, opened FROM routine_occurrences WHERE pattern = ? ORDER BY opened DESC, alert LIMIT ?')
      .all(pattern, most) as { alert: string; opened: Second }[];
  }

  /** It has to be learnt again. @returns how many alerts had taught it */
  forget(pattern: string): number {
    const { changes } = this.#db.prepare('DELETE FROM routine_occurrences WHERE pattern = ?').run(pattern);
    this.#db.prepare('DELETE FROM routine_patterns WHERE id = ?').run(pattern);
    return Number(changes);
  }

  /** What somebody taught, or what came from an address. @param accounts null: at every account @returns how many alerts had */
  forgetValue(kind: 'actor' | 'address' | 'application', value: string, account: string | null): number {
    const at = account === null ? '' : 'AND p.account = ?';
    const asked =
      kind === 'actor'
        ? 'lower(p.caller) = ? OR lower(p.name) = ?'
        : `EXISTS (SELECT 1 FROM json_each(o.${kind === 'address' ? 'addresses' : 'applications'}) a WHERE lower(a.value) = ?)`;
    const folded = value.toLowerCase();
    const values = kind === 'actor' ? [folded, folded] : [folded];
    const { changes } = this.#db
      .prepare(
        `DELETE FROM routine_occurrences WHERE alert IN (SELECT o.alert FROM routine_occurrences o
           JOIN routine_patterns p ON p.id = o.pattern WHERE (${asked}) ${at})`,
      )
      .run(...values, ...(account === null ? [] : [account]));
    this.#sweep();
    return Number(changes);
  }

  /** Lets go what is old, and the oldest of what is too much. */
  prune(now: Second): void {
    this.#db.prepare('DELETE FROM routine_occurrences WHERE opened < ?').run(now - REMEMBERED);
    this.#db
      .prepare(
        `DELETE FROM routine_occurrences WHERE alert IN
           (SELECT alert FROM routine_occurrences ORDER BY opened DESC, alert LIMIT -1 OFFSET ?)`,
      )
      .run(MOST);
    this.#sweep();
  }

  #sweep(): void {
    this.#db
      .prepare(
        'DELETE FROM routine_patterns WHERE NOT EXISTS (SELECT 1 FROM routine_occurrences o WHERE o.pattern = routine_patterns.id)',
      )
      .run();
  }
}

function doingOf({ opened, addresses, applications, count }: OccurrenceRow): Doing {
  return {
    opened,
    count,
    addresses: JSON.parse(addresses) as string[],
    applications: JSON.parse(applications) as string[],
  };
}

function patternOf({ id, ruleId, rule, account, caller, name, what }: PatternRow): Pattern {
  return { id, ruleId, rule, account, what, caller: { id: caller, name } };
}
