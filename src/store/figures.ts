import { mergeInto, readSketch, type Sketch, sketchText } from '../lib/sketch.ts';
import type { Db } from './db.ts';
import type { Retained } from './retained.ts';

/** The logs that tell the same requests; the first that tells of a success in a quarter of an hour counts for it. */
export const FIGURE_LOGS = ['request', 'mongo', '5m', '15m'] as const;
export type FigureLog = (typeof FIGURE_LOGS)[number];

/** What is counted apart. */
export interface FigureLabels {
  readonly log: FigureLog;
  /** As logged, lower case. */
  readonly operation: string;
  /** `database/container`; `''`: none. */
  readonly container: string;
  /** The actor's id, else the address that the requests came from; `''`: neither is known. */
  readonly client: string;
  /** The address that they came from, where it is told; of rows from before it was kept: `''`. */
  readonly address: string;
}

export interface Figures {
  readonly requests: number;
  /** Of them: answered with a failure, throttled ones included. */
  readonly errors: number;
  /** Of them: refused because of the rate (429, and what the other APIs say instead). */
  readonly throttled: number;
  /** Request units. */
  readonly units: number;
  /** Of requests and answers. */
  readonly bytes: number;
  /** Milliseconds on the server. Of requests that are logged one by one; sums have none. */
  readonly durations: Sketch;
}

export interface FigureRow extends FigureLabels, Figures {
  /** Lower-case ARM id. */
  readonly account: string;
  /** Seconds since 1970, at the start of its minute. */
  readonly at: number;
}

/** What is counted when a minute of an account has more names than this. */
export const OTHER = 'other';
const MOST = { operation: 50, container: 50, client: 100, address: 100 } as const;
const LABELS = ['operation', 'container', 'client', 'address'] as const;
/** A longer name is cut: Azure's own limits are below it. */
const LONGEST = 256;

/** The names that one account has in one minute, so that no sender can fill the store with invented ones. */
export class Names {
  readonly #known = {
    operation: new Set<string>(),
    container: new Set<string>(),
    client: new Set<string>(),
    address: new Set<string>(),
  };

  /** The labels to count under; new names are taken up while there is room. */
  bound<T extends FigureLabels>(labels: T): T {
    const [operation, container, client, address] = LABELS.map((label) => this.#bound(label, labels[label]));
    return { ...labels, operation: operation!, container: container!, client: client!, address: address! };
  }

  #bound(label: keyof typeof MOST, name: string): string {
    const known = this.#known[label];
    const cut = name.slice(0, LONGEST);
    if (known.has(cut)) return cut;
    if (known.size >= MOST[label]) return OTHER;
    known.add(cut);
    return cut;
  }
}

export type FigureTable = 'figure_minutes' | 'figure_hours' | 'figure_days';

/** Adds a batch's rows to what is kept, in the caller's transaction. Rows of one key add up, whatever their order. */
export function mergeFigures(db: Db, rows: readonly FigureRow[]): void {
  const minutes = new Map<string, { readonly account: number; readonly names: Names }>();
  for (const row of rows) {
    const key = `${row.at} ${row.account}`;
    let minute = minutes.get(key);
    if (minute === undefined) {
      const account = accountId(db, row.account);
      minute = { account, names: namesIn(db, account, row.at) };
      minutes.set(key, minute);
    }
    const labels = minute.names.bound(row);
    addFigures(db, 'figure_minutes', minute.account, row.at, seriesId(db, minute.account, labels, row.at), row);
  }
}

/** Adds to one row. */
export function addFigures(
  db: Db,
  table: FigureTable,
  account: number,
  at: number,
  series: number,
  figures: Figures,
): void {
  const { requests, errors, throttled, units, bytes, durations } = figures;
  const before = db
    .prepare(`SELECT durations FROM ${table} WHERE account = ? AND at = ? AND series = ?`)
    .get(account, at, series)?.['durations'];
  const merged = readSketch(before === undefined ? '' : String(before));
  mergeInto(merged, durations);
  db.prepare(
    `INSERT INTO ${table} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, errors = errors + excluded.errors,
       throttled = throttled + excluded.throttled, units = units + excluded.units, bytes = bytes + excluded.bytes,
       durations = excluded.durations`,
  ).run(account, at, series, requests, errors, throttled, units, bytes, sketchText(merged));
}

function accountId(db: Db, account: string): number {
  const found = db.prepare('SELECT id FROM figure_accounts WHERE account = ?').get(account);
  return Number(
    (found ?? db.prepare('INSERT INTO figure_accounts (account) VALUES (?) RETURNING id').get(account))!['id'],
  );
}

const DAY = 86_400;

function seriesId(db: Db, account: number, labels: FigureLabels, at: number): number {
  const { log, operation, container, client, address } = labels;
  const names = [account, log, operation, container, client, address] as const;
  const found = db
    .prepare(
      `SELECT id, used FROM figure_series
       WHERE account = ? AND log = ? AND operation = ? AND container = ? AND client = ? AND address = ?`,
    )
    .get(...names);
  if (found === undefined) {
    const made = db
      .prepare(
        `INSERT INTO figure_series (account, log, operation, container, client, address, used)
         VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
      )
      .get(...names, at);
    return Number(made!['id']);
  }
  // Only to know when nobody speaks of it any more, so a day's difference is soon enough.
  if (at > Number(found['used']) + DAY) {
    db.prepare('UPDATE figure_series SET used = ? WHERE id = ?').run(at, Number(found['id']));
  }
  return Number(found['id']);
}

/** The names that a minute has in the store already. */
function namesIn(db: Db, account: number, at: number): Names {
  const names = new Names();
  const rows = db
    .prepare(
      `SELECT DISTINCT log, operation, container, client, address FROM figure_minutes JOIN figure_series ON id = series
       WHERE figure_minutes.account = ? AND at = ?`,
    )
    .all(account, at);
  for (const row of rows) names.bound(row as unknown as FigureLabels);
  return names;
}

/** Old rows go account by account, as the tables are ordered; then the names that no row has any more. */
function trimOf(table: FigureTable): NonNullable<Retained['trim']> {
  return (db, before, limit, now) => {
    for (const { id } of db.prepare('SELECT id FROM figure_accounts').all()) {
      const removed = db
        .prepare(
          `DELETE FROM ${table} WHERE account = ?1 AND at < ?2 AND at <= coalesce(
             (SELECT at FROM ${table} WHERE account = ?1 AND at < ?2 ORDER BY at LIMIT 1 OFFSET ?3), ?2)`,
        )
        .run(Number(id), before, limit - 1).changes;
      if (Number(removed) > 0) return Number(removed);
    }
    // `used` is up to a day behind, and minutes and hours are gone after thirty days.
    if (table === 'figure_days') {
      db.prepare('DELETE FROM figure_series WHERE used < ?').run(Math.min(before - 2 * DAY, now / 1000 - 60 * DAY));
    }
    return 0;
  };
}

/** Days are few and long looked back to, so they stay as long as alerts do. */
export const RETAINED: readonly Retained[] = [
  { table: 'figure_minutes', time: 'at', unit: 'seconds', class: 'key_figures', trim: trimOf('figure_minutes') },
  { table: 'figure_hours', time: 'at', unit: 'seconds', class: 'key_figures', trim: trimOf('figure_hours') },
  { table: 'figure_days', time: 'at', unit: 'seconds', class: 'alerts', trim: trimOf('figure_days') },
];
