import type { Db } from './db.ts';

/** Milliseconds since 1970. */
type Millis = number;

/** What keeps an alert back now, and what of it people are owed. */
export interface MarkRow {
  readonly exception: string | null;
  readonly silence: string | null;
  readonly silentUntil: Millis | null;
  /** Id of the stronger alert that is told instead. */
  readonly inhibitor: string | null;
  readonly owed: 'opened' | 'amended' | null;
  /** When it is to be asked again though nothing of it changes; null: never. */
  readonly due: Millis | null;
}

export const NO_MARK: MarkRow = {
  exception: null,
  silence: null,
  silentUntil: null,
  inhibitor: null,
  owed: null,
  due: null,
};

export interface StepRow {
  readonly at: Millis;
  readonly step: 'excepted' | 'silenced' | 'inhibited';
  /** `''`: nothing any more. */
  readonly tuning: string;
  readonly text: string;
}

/** What each has kept back so far. */
export interface KeptCount {
  readonly alerts: number;
  readonly last: Millis | null;
}

/** Marks of alerts. All writing is done inside a transaction of the caller. */
export class MarkStore {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  get(alert: string): MarkRow | null {
    const row = this.#db
      .prepare(
        'SELECT exception, silence, silent_until AS silentUntil, inhibitor, owed, due FROM alert_marks WHERE alert = ?',
      )
      .get(alert);
    return (row as unknown as MarkRow | undefined) ?? null;
  }

  save(alert: string, mark: MarkRow): void {
    const { exception, silence, silentUntil, inhibitor, owed, due } = mark;
    if (Object.values(mark).every((value) => value === null)) {
      this.#db.prepare('DELETE FROM alert_marks WHERE alert = ?').run(alert);
      return;
    }
    this.#db
      .prepare(
        `INSERT INTO alert_marks VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET exception = excluded.exception,
           silence = excluded.silence, silent_until = excluded.silent_until,
           inhibitor = excluded.inhibitor, owed = excluded.owed, due = excluded.due`,
      )
      .run(alert, exception, silence, silentUntil, inhibitor, owed, due);
  }

  /** Alerts that time alone may have changed something of. */
  due(now: Millis): readonly string[] {
    return this.#ids('SELECT alert FROM alert_marks WHERE due <= ? ORDER BY due, alert', now);
  }

  /** All alerts: any may have to be asked again when exceptions change. */
  all(): readonly string[] {
    return this.#ids('SELECT id AS alert FROM alerts ORDER BY opened, id');
  }

  /** Alerts that are not resolved. */
  open(): readonly string[] {
    return this.#ids("SELECT id AS alert FROM alerts WHERE status <> 'resolved' ORDER BY opened, id");
  }

  /** Those of an account. */
  openOf(account: string | null): readonly string[] {
    return this.#ids("SELECT id AS alert FROM alerts WHERE account IS ? AND status <> 'resolved' ORDER BY id", account);
  }

  /** A step that is the same as the last of its kind is not written again. */
  note(alert: string, { at, step, tuning, text }: StepRow): void {
    this.#db
      .prepare(
        `INSERT INTO alert_steps SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (
           SELECT 1 FROM alert_steps WHERE alert = ?1 AND step = ?3 AND tuning = ?4 AND text = ?5
             AND at = (SELECT max(at) FROM alert_steps WHERE alert = ?1 AND step = ?3))
         ON CONFLICT DO UPDATE SET tuning = excluded.tuning, text = excluded.text`,
      )
      .run(alert, at, step, tuning, text);
  }

  /** Oldest first. */
  steps(alert: string): readonly StepRow[] {
    return this.#db
      .prepare('SELECT at, step, tuning, text FROM alert_steps WHERE alert = ? ORDER BY at, step')
      .all(alert) as unknown as readonly StepRow[];
  }

  /** By id of the exception or silence. */
  counts(step: StepRow['step']): ReadonlyMap<string, KeptCount> {
    const rows = this.#db
      .prepare(
        `SELECT tuning, count(DISTINCT alert) AS alerts, max(at) AS last FROM alert_steps
         WHERE step = ? AND tuning <> '' GROUP BY tuning`,
      )
      .all(step) as unknown as readonly (KeptCount & { readonly tuning: string })[];
    return new Map(rows.map(({ tuning, alerts, last }) => [tuning, { alerts, last }]));
  }

  /** Was anybody told of it, or is it in a summary that somebody is told? */
  wasTold(alert: string): boolean {
    const sql = "SELECT 1 FROM outbox WHERE alert = ? AND state IN ('delivered', 'summarised') LIMIT 1";
    return this.#db.prepare(sql).get(alert) !== undefined;
  }

  /** What waits to be told of it is not told; but for that somebody sees to it, to who was told of it. @returns did anything wait? */
  hold(alert: string, wasTold: boolean, now: Millis): boolean {
    const but = wasTold ? "AND kind NOT IN ('acknowledged', 'resolved')" : '';
    const sql = `UPDATE outbox SET state = 'superseded', settled_at = ? WHERE alert = ? AND state = 'waiting' ${but}`;
    return Number(this.#db.prepare(sql).run(now, alert).changes) > 0;
  }

  /** The exceptions and silences that all alerts were last asked with; `''`: never. */
  decidedBy(): string {
    return String(this.#db.prepare("SELECT value FROM live_meta WHERE name = 'tuning'").get()?.['value'] ?? '');
  }

  decideBy(print: string): void {
    const sql = "INSERT INTO live_meta VALUES ('tuning', ?) ON CONFLICT DO UPDATE SET value = excluded.value";
    this.#db.prepare(sql).run(print);
  }

  #ids(sql: string, ...values: (string | number | null)[]): readonly string[] {
    return (this.#db.prepare(sql).all(...values) as { alert: string }[]).map(({ alert }) => alert);
  }
}
