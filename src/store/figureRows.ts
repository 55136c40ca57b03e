import { readSketch } from '../lib/sketch.ts';
import type { Db } from './db.ts';
import { FIGURE_LOGS, type FigureLabels, type Figures, type FigureTable } from './figures.ts';

export interface KeptFigures extends FigureLabels, Figures {
  readonly at: number;
  readonly series: number;
}

/** What a table has of an account from a time on and before another, oldest first. */
export function rowsOf(db: Db, table: FigureTable, account: number, from: number, to: number): KeptFigures[] {
  return db
    .prepare(
      `SELECT t.*, s.log, s.operation, s.container, s.client, s.address FROM ${table} t JOIN figure_series s ON s.id = t.series
       WHERE t.account = ? AND t.at >= ? AND t.at < ? ORDER BY t.at`,
    )
    .all(account, from, to)
    .map((row) => ({ ...(row as unknown as KeptFigures), durations: readSketch(String(row['durations'])) }));
}

/** What decides which log counts. */
type TellingRow = Pick<KeptFigures, 'at' | 'log' | 'requests' | 'errors'>;

const QUARTER = 900;

/** Of rows of minutes, oldest first, those of the log that counts: the same requests may be told by several. */
export function* chosenRows<Row extends TellingRow>(rows: readonly Row[]): Generator<Row> {
  let start = 0;
  for (let end = 1; end <= rows.length; end++) {
    if (end < rows.length && quarterOf(rows[end]!) === quarterOf(rows[start]!)) continue;
    const quarter = rows.slice(start, end);
    const log = logThatCounts(quarter);
    yield* quarter.filter((row) => row.log === log);
    start = end;
  }
}

function quarterOf({ at }: TellingRow): number {
  return Math.floor(at / QUARTER);
}

function logThatCounts(rows: readonly TellingRow[]): string | undefined {
  const told = FIGURE_LOGS.filter((log) => rows.some((row) => row.log === log));
  return told.find((log) => rows.some((row) => row.log === log && row.requests > row.errors)) ?? told[0];
}
