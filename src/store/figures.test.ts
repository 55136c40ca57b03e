import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addTo, type Sketch } from '../lib/sketch.ts';
import { Db } from './db.ts';
import { figurePoints, rateAround } from './figureQueries.ts';
import { rollUpFigures } from './figureRollUp.ts';
import { type FigureRow, mergeFigures, RETAINED } from './figures.ts';
import { retain } from './retention.ts';

const ACCOUNT = '/subscriptions/s/resourcegroups/g/providers/microsoft.documentdb/databaseaccounts/orders';
const HOUR = 3600;
const DAY = 86_400;
/** A midnight. */
const T = 20_000 * DAY;
const never = new AbortController().signal;

function row(at: number, more: Partial<FigureRow> = {}): FigureRow {
  const durations: Sketch = new Map();
  addTo(durations, 10, more.requests ?? 1);
  return {
    account: ACCOUNT,
    at,
    log: 'request',
    operation: 'read',
    container: 'shop/carts',
    client: '203.0.113.7',
    address: '203.0.113.7',
    requests: 1,
    errors: 0,
    throttled: 0,
    units: 2,
    bytes: 100,
    durations,
    ...more,
  };
}

function dbOf(...rows: readonly FigureRow[]): Db {
  const db = new Db(':memory:');
  db.transaction(() => mergeFigures(db, rows));
  return db;
}

function points(db: Db, from: number, to: number, step: number): readonly (readonly [number, number])[] {
  return figurePoints(db, ACCOUNT, { from, to, step }).map(({ at, requests }) => [at, requests]);
}

function total(db: Db): number {
  return points(db, 0, 2 * T, 2 * T)[0]?.[1] ?? 0;
}

describe('merging', () => {
  it('adds to what is there, every figure of it', () => {
    const db = dbOf(row(T), row(T, { requests: 3, errors: 2, throttled: 1 }));
    mergeFigures(db, [row(T)]);
    const [point, ...others] = figurePoints(db, ACCOUNT, { from: T, to: T + 60, step: 60 });
    expect(others).toEqual([]);
    expect(point).toEqual({
      at: T,
      requests: 5,
      errors: 2,
      throttled: 1,
      units: 6,
      bytes: 300,
      durations: { p50: expect.closeTo(10, 0), p95: expect.closeTo(10, 0), p99: expect.closeTo(10, 0) },
    });
  });

  it('any split of rows into batches, in any order, gives the same', () => {
    const all = Array.from({ length: 24 }, (_, i) =>
      row(T + (i % 4) * 60, { operation: `o${i % 3}`, client: `c${i % 5}`, requests: i + 1, units: i }),
    );
    const kept = (db: Db): unknown => figurePoints(db, ACCOUNT, { from: T, to: T + 240, step: 60 });
    const expected = kept(dbOf(...all));
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), fc.nat({ max: 24 }), (shuffled, cut) => {
        const db = dbOf(...shuffled.slice(0, cut));
        mergeFigures(db, shuffled.slice(cut));
        expect(kept(db)).toEqual(expected);
        db.close();
      }),
      { numRuns: 20 },
    );
  });

  it('the names of a minute stay bounded over batches', () => {
    const db = dbOf();
    for (let batch = 0; batch < 4; batch++) {
      const rows = Array.from({ length: 60 }, (_, i) =>
        row(T, { client: `c${batch}-${i}`, container: `k${batch}-${i}` }),
      );
      db.transaction(() => mergeFigures(db, rows));
    }
    const count = (label: string): unknown =>
      db.prepare(`SELECT count(DISTINCT ${label}) n FROM figure_series JOIN figure_minutes ON id = series`).get()!['n'];
    expect([count('client'), count('container'), total(db)]).toEqual([101, 51, 240]);
  });

  it('a name that is too long is cut', () => {
    const db = dbOf(row(T, { container: 'x'.repeat(10_000) }));
    expect(db.prepare('SELECT length(container) n FROM figure_series').get()).toEqual({ n: 256 });
  });
});

describe('reading', () => {
  it('gives steps, and leaves out those without requests', () => {
    const db = dbOf(row(T), row(T + 60), row(T + 600), row(T + 3600));
    expect(points(db, T, T + 3600, 300)).toEqual([
      [T, 2],
      [T + 600, 1],
    ]);
  });

  it('of one account, and under the names asked for', () => {
    const db = dbOf(row(T), row(T, { account: 'other', requests: 5 }), row(T, { operation: 'delete', requests: 7 }));
    const range = { from: T, to: T + 60, step: 60 };
    expect(figurePoints(db, ACCOUNT, range, { operation: 'delete' })).toMatchObject([{ requests: 7 }]);
    expect(figurePoints(db, ACCOUNT, range, { client: 'nobody' })).toEqual([]);
    expect(figurePoints(db, 'unknown', range)).toEqual([]);
  });

  it.each<readonly [string, readonly FigureRow[], number]>([
    ['single requests before their sums', [row(T), row(T + 300, { log: '5m', requests: 9 })], 1],
    ['sums where there is nothing else', [row(T + 300, { log: '5m', requests: 9 })], 9],
    ['a log that tells of a success', [row(T, { errors: 1 }), row(T + 60, { log: 'mongo', requests: 4 })], 4],
    ['the first, where none does', [row(T, { errors: 1 }), row(T, { log: 'mongo', requests: 4, errors: 4 })], 1],
    ['each quarter by itself', [row(T), row(T + 900, { log: '5m', requests: 9 })], 10],
  ])('requests that several logs tell count once: %s', async (_name, rows, expected) => {
    const db = dbOf(...rows);
    expect(total(db)).toBe(expected);
    // A filter is asked after it was decided which log counts, and a roll-up keeps what was decided.
    await rollUpFigures(db, (T + 10 * DAY) * 1000, never);
    expect(total(db)).toBe(expected);
  });
});

describe('rolling up', () => {
  it('keeps minutes for two days and hours for thirty, and loses nothing', async () => {
    const now = T + 40 * DAY;
    const db = dbOf(...Array.from({ length: 40 * 24 }, (_, i) => row(now - i * HOUR - 60)));
    await rollUpFigures(db, now * 1000, never);
    const count = (table: string): unknown => db.prepare(`SELECT count(*) n FROM ${table}`).get()!['n'];
    expect(['figure_minutes', 'figure_hours', 'figure_days'].map(count)).toEqual([48, 28 * 24, 10]);
    expect(total(db)).toBe(40 * 24);
    expect(figurePoints(db, ACCOUNT, { from: 0, to: now, step: 60 * DAY })[0]!.durations!.p50).toBeCloseTo(10, 0);
  });

  it('what comes late is added to what was rolled up', async () => {
    const db = dbOf(row(T));
    const now = (T + 5 * DAY) * 1000;
    await rollUpFigures(db, now, never);
    mergeFigures(db, [row(T + 60)]);
    expect(await rollUpFigures(db, now, never)).toBe(1);
    expect(db.prepare('SELECT at, requests FROM figure_hours').all()).toEqual([{ at: T, requests: 2 }]);
    expect(await rollUpFigures(db, now, never)).toBe(0);
  });

  it('stops between two steps when it is told to', async () => {
    const db = dbOf(row(T), row(T + HOUR));
    const stop = new AbortController();
    stop.abort();
    expect(await rollUpFigures(db, (T + 5 * DAY) * 1000, stop.signal)).toBe(1);
  });
});

describe('retention', () => {
  it('takes what is too old, account by account, and the names that are left over', async () => {
    const db = dbOf(row(T), row(T, { account: 'other' }), row(T + 500 * DAY, { client: 'new' }));
    const now = (T + 500 * DAY) * 1000;
    await rollUpFigures(db, now, never);
    const ages = { alerts: 400 * DAY, control_plane: 0, matches: 0, key_figures: 30 * DAY, deliveries: 0, audit: 0 };
    expect(await retain(db, RETAINED, { ages, maxBytes: null }, now, never)).toEqual([
      { table: 'figure_days', why: 'age', rows: 2 },
    ]);
    expect(db.prepare('SELECT client FROM figure_series').all()).toEqual([{ client: 'new' }]);
    expect(total(db)).toBe(1);
  });
});

describe('the rate around a time', () => {
  const now = T + 10 * DAY;
  const at = now - HOUR / 2;
  /** So many requests in each minute of an hour. */
  const hourOf = (start: number, requests: number): FigureRow[] =>
    Array.from({ length: 60 }, (_, i) => row(start + i * 60, { requests }));

  it('is told beside that of the same hour of the last seven days', async () => {
    const usual = Array.from({ length: 7 }, (_, day) => hourOf(now - HOUR - (day + 1) * DAY, day + 1)).flat();
    const db = dbOf(...usual, ...hourOf(now - HOUR, 40));
    const expected = { around: 40, usual: 4, days: 7, factor: 10 };
    expect(rateAround(db, ACCOUNT, at, now)).toEqual(expected);
    await rollUpFigures(db, now * 1000, never);
    expect(rateAround(db, ACCOUNT, at, now)).toEqual(expected);
  });

  it('days of before anything was known do not count; quiet ones do', () => {
    const db = dbOf(...hourOf(now - HOUR - 4 * DAY, 8), ...hourOf(now - HOUR, 6));
    expect(rateAround(db, ACCOUNT, at, now)).toEqual({ around: 6, usual: 2, days: 4, factor: 3 });
  });

  it('minutes that are not over do not count', () => {
    const db = dbOf(row(now - 60, { requests: 9 }), row(now, { requests: 1 }));
    expect(rateAround(db, ACCOUNT, now + 5, now + 5)).toEqual({ around: 9 / 7, usual: null, days: 0, factor: null });
  });

  it('nothing usual has no factor', () => {
    const db = dbOf(row(T), ...hourOf(now - HOUR, 6));
    expect(rateAround(db, ACCOUNT, at, now)).toEqual({ around: 6, usual: 0, days: 7, factor: null });
    expect(rateAround(db, 'unknown', at, now)).toEqual({ around: 0, usual: null, days: 0, factor: null });
  });

  it('of one operation', () => {
    const db = dbOf(...hourOf(now - HOUR, 6), row(at, { operation: 'delete', requests: 30 }));
    expect(rateAround(db, ACCOUNT, at, now, { operation: 'delete' }).around).toBe(2);
  });
});
