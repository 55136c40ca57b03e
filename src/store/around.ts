import type { Event } from '../events/event.ts';
import type { Db } from './db.ts';
import { chosenRows } from './figureRows.ts';
import type { FigureLabels, FigureTable } from './figures.ts';

/** Seconds since 1970, the end exclusive. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Requests of one series in one step. */
export interface RequestStep extends FigureLabels {
  readonly at: number;
  /** How long the step is. */
  readonly seconds: number;
  readonly requests: number;
  readonly errors: number;
}

/** What is read of a span at most: some tenths of a second. */
const MOST_EVENTS = 10_000;
const MOST_STEPS = 100_000;

const STEPS: readonly (readonly [FigureTable, number])[] = [
  ['figure_minutes', 60],
  ['figure_hours', 3600],
  ['figure_days', 86_400],
];

/** Events of the control plane, of whatever account, oldest first. */
export function* eventsIn(db: Db, { from, until }: Span): Generator<Event> {
  const rows = db
    .prepare('SELECT data FROM control_events WHERE time >= ? AND time < ? ORDER BY time LIMIT ?')
    .iterate(from * 1e6, until * 1e6, MOST_EVENTS);
  for (const { data } of rows) yield JSON.parse(String(data)) as Event;
}

/** Requests of an account, of the log that counts where several tell the same. */
export function stepsIn(db: Db, account: string, span: Span): RequestStep[] {
  const id = db.prepare('SELECT id FROM figure_accounts WHERE account = ?').get(account)?.['id'];
  if (id === undefined) return [];
  return STEPS.flatMap(([table, seconds]) => {
    const from = Math.floor(span.from / seconds) * seconds;
    const rows = db
      .prepare(
        `SELECT t.at, ${seconds} AS seconds, t.requests, t.errors, s.log, s.operation, s.container, s.client, s.address
         FROM ${table} t JOIN figure_series s ON s.id = t.series
         WHERE t.account = ? AND t.at >= ? AND t.at < ? ORDER BY t.at LIMIT ${MOST_STEPS}`,
      )
      .all(Number(id), from, span.until) as unknown as RequestStep[];
    return table === 'figure_minutes' ? [...chosenRows(rows)] : rows;
  });
}
