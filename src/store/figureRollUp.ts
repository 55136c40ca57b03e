import { turn } from '../lib/clock.ts';
import type { Db } from './db.ts';
import { chosenRows, type KeptFigures, rowsOf } from './figureRows.ts';
import { addFigures, type FigureTable } from './figures.ts';

interface RollUp {
  readonly from: FigureTable;
  readonly to: FigureTable;
  /** Seconds of a row of `to`. */
  readonly unit: number;
  /** Seconds after which rows of `from` are summed up. */
  readonly after: number;
}

const HOUR = 3600;
const DAY = 86_400;

const ROLL_UPS: readonly RollUp[] = [
  { from: 'figure_minutes', to: 'figure_hours', unit: HOUR, after: 2 * DAY },
  { from: 'figure_hours', to: 'figure_days', unit: DAY, after: 30 * DAY },
];

/**
 * Sums minutes up to hours after two days, and hours to days after thirty; one hour or day of one account is one transaction. What came
 * too late for its roll-up is added by the next.
 * @param now milliseconds since 1970
 * @returns how many rows went
 */
export async function rollUpFigures(db: Db, now: number, signal: AbortSignal): Promise<number> {
  let gone = 0;
  for (const rollUp of ROLL_UPS) {
    const before = Math.floor((now / 1000 - rollUp.after) / rollUp.unit) * rollUp.unit;
    for (const { id } of db.prepare('SELECT id FROM figure_accounts').all()) {
      for (let rows = step(db, rollUp, Number(id), before); rows > 0; rows = step(db, rollUp, Number(id), before)) {
        gone += rows;
        await turn();
        if (signal.aborted) return gone;
      }
    }
  }
  return gone;
}

/** The oldest unit of an account that is due. Gives how many rows it was. */
function step(db: Db, { from, to, unit }: RollUp, account: number, before: number): number {
  return db.transaction(() => {
    const first = db
      .prepare(`SELECT at FROM ${from} WHERE account = ? AND at < ? ORDER BY at LIMIT 1`)
      .get(account, before)?.['at'];
    if (first === undefined) return 0;
    const start = Math.floor(Number(first) / unit) * unit;
    const rows = rowsOf(db, from, account, start, start + unit);
    for (const row of kept(from, rows)) addFigures(db, to, account, start, row.series, row);
    db.prepare(`DELETE FROM ${from} WHERE account = ? AND at >= ? AND at < ?`).run(account, start, start + unit);
    return rows.length;
  });
}

/** Which log counts is decided for each quarter of an hour, so it must be before those are gone. */
function kept(from: FigureTable, rows: readonly KeptFigures[]): Iterable<KeptFigures> {
  return from === 'figure_minutes' ? chosenRows(rows) : rows;
}
