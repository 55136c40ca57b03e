import { mergeInto, percentile, type Sketch } from '../lib/sketch.ts';
import type { Db } from './db.ts';
import { chosenRows, type KeptFigures, rowsOf } from './figureRows.ts';
import type { FigureLabels, Figures } from './figures.ts';

/** Only what is counted under these names. */
export type FigureFilter = Partial<Pick<FigureLabels, 'operation' | 'container' | 'client'>>;

export interface FigurePoint extends Omit<Figures, 'durations'> {
  /** Seconds since 1970, at the start of the step. */
  readonly at: number;
  /** Milliseconds, within 5 %; null: no request of it was logged by itself. */
  readonly durations: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
}

/**
 * What an account did in each step from a time on and before another; steps without requests are left out. Where only hours or days are
 * left of a time, they stand in the step in which they begin.
 * @param step seconds, a multiple of 60
 */
export function figurePoints(
  db: Db,
  account: string,
  { from, to, step }: { readonly from: number; readonly to: number; readonly step: number },
  filter: FigureFilter = {},
): FigurePoint[] {
  const sums = new Map<number, Sum>();
  for (const row of rowsBetween(db, account, from, to)) {
    if (!passes(row, filter)) continue;
    const at = Math.floor(row.at / step) * step;
    const sum = sums.get(at) ?? newSum();
    sums.set(at, sum);
    addRow(sum, row);
  }
  return [...sums].sort(([a], [b]) => a - b).map(([at, sum]) => pointOf(at, sum));
}

export interface Rate {
  /** Requests a minute in the quarter of an hour around the time. */
  readonly around: number;
  /** Requests a minute in the same hour of the last seven days, of those of which something is known; null: of none. */
  readonly usual: number | null;
  /** How many days that were. */
  readonly days: number;
  /** `around` of `usual`; null: nothing was usual. */
  readonly factor: number | null;
}

const MINUTE = 60;
const QUARTER = 900;
const HOUR = 3600;
const DAY = 86_400;
const DAYS = 7;

/**
 * How many requests an account had around a time, and how many it has at that hour otherwise.
 * @param at seconds since 1970
 * @param now seconds since 1970; minutes that are not over do not count
 */
export function rateAround(db: Db, account: string, at: number, now: number, filter: FigureFilter = {}): Rate {
  const from = Math.floor(at / MINUTE) * MINUTE - 7 * MINUTE;
  const to = Math.max(from + MINUTE, Math.min(from + QUARTER, Math.floor(now / MINUTE) * MINUTE));
  const around = requestsBetween(db, account, from, to, filter) / ((to - from) / MINUTE);
  const known = firstKnown(db, account);
  const hours = Array.from({ length: DAYS }, (_, i) => Math.floor(at / HOUR) * HOUR - (i + 1) * DAY).filter(
    (hour) => known !== null && hour >= Math.floor(known / HOUR) * HOUR,
  );
  if (hours.length === 0) return { around, usual: null, days: 0, factor: null };
  const before = hours.reduce((sum, hour) => sum + requestsBetween(db, account, hour, hour + HOUR, filter), 0);
  const usual = before / (hours.length * (HOUR / MINUTE));
  return { around, usual, days: hours.length, factor: usual === 0 ? null : around / usual };
}

function requestsBetween(db: Db, account: string, from: number, to: number, filter: FigureFilter): number {
  let requests = 0;
  for (const row of rowsBetween(db, account, from, to)) if (passes(row, filter)) requests += row.requests;
  return requests;
}

function* rowsBetween(db: Db, account: string, from: number, to: number): Generator<KeptFigures> {
  const id = idOf(db, account);
  if (id === null) return;
  yield* rowsOf(db, 'figure_days', id, from, to);
  yield* rowsOf(db, 'figure_hours', id, from, to);
  // Whole quarters, as the log that counts is chosen by them.
  const start = Math.floor(from / QUARTER) * QUARTER;
  const end = Math.ceil(to / QUARTER) * QUARTER;
  for (const row of chosenRows(rowsOf(db, 'figure_minutes', id, start, end))) {
    if (row.at >= from && row.at < to) yield row;
  }
}

function firstKnown(db: Db, account: string): number | null {
  const id = idOf(db, account);
  if (id === null) return null;
  const first = db
    .prepare(
      `SELECT min(at) at FROM (SELECT min(at) at FROM figure_minutes WHERE account = ?1
       UNION ALL SELECT min(at) FROM figure_hours WHERE account = ?1 UNION ALL SELECT min(at) FROM figure_days WHERE account = ?1)`,
    )
    .get(id)?.['at'];
  return first === null || first === undefined ? null : Number(first);
}

function idOf(db: Db, account: string): number | null {
  const found = db.prepare('SELECT id FROM figure_accounts WHERE account = ?').get(account);
  return found === undefined ? null : Number(found['id']);
}

function passes(row: FigureLabels, filter: FigureFilter): boolean {
  return (['operation', 'container', 'client'] as const).every(
    (name) => filter[name] === undefined || filter[name] === row[name],
  );
}

type Sum = { -readonly [Name in keyof Omit<Figures, 'durations'>]: number } & { readonly durations: Sketch };

function newSum(): Sum {
  return { requests: 0, errors: 0, throttled: 0, units: 0, bytes: 0, durations: new Map() };
}

function addRow(sum: Sum, row: Figures): void {
  for (const name of ['requests', 'errors', 'throttled', 'units', 'bytes'] as const) sum[name] += row[name];
  mergeInto(sum.durations, row.durations);
}

function pointOf(at: number, { durations, ...sums }: Sum): FigurePoint {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(durations, share));
  const known = p50 == null || p95 == null || p99 == null ? null : { p50, p95, p99 };
  return { at, ...sums, durations: known };
}
