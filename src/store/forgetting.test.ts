import { describe, expect, it } from 'vitest';
import { AlertStore } from './alerts.ts';
import { Db } from './db.ts';
import { alertsForgotten, RETAINED, talliesForgotten } from './forgetting.ts';
import { type RetentionPolicy, retain } from './retention.ts';

const DAY = 86_400;
const NOW = Date.parse('2026-11-24T03:00:00Z');
const never = new AbortController().signal;
const AGES = {
  alerts: 700 * DAY,
  control_plane: 700 * DAY,
  matches: 90 * DAY,
  key_figures: 1,
  deliveries: 1,
  audit: 1,
};

function daysAgo(days: number): number {
  return NOW / 1000 - days * DAY;
}

/** @param days when it was last seen, so long ago; it opened an hour before */
function put(db: Db, id: string, days: number, more: { status?: string; hasControl?: boolean } = {}): void {
  const { status = 'resolved', hasControl = false } = more;
  db.prepare(
    `INSERT INTO alerts VALUES (?, 'r1', 'rule', '[]', 'a', 'a', NULL, ?, ?, ?, 3, ?, ?, ?, '', 'ada', '{}', NULL)`,
  ).run(
    id,
    id,
    daysAgo(days) - 3600,
    daysAgo(days),
    status,
    status === 'resolved' ? 'ended' : null,
    hasControl ? 1 : 0,
  );
}

function tally(db: Db, days: number, source = ''): void {
  const at = daysAgo(days);
  db.prepare(`INSERT INTO request_tallies VALUES ('a', 'r1', '[]', '', ?, '', ?, ?, ?, 0, '{}')`).run(
    source,
    at,
    at - 60,
    at,
  );
}

const run = (db: Db, more: Partial<RetentionPolicy> = {}) =>
  retain(db, RETAINED, { ages: AGES, maxBytes: null, ...more }, NOW, never);
const ids = (db: Db): unknown[] =>
  db
    .prepare('SELECT id FROM alerts ORDER BY id')
    .all()
    .map((row) => row['id']);
const count = (db: Db): unknown => db.prepare('SELECT count(*) n FROM request_tallies').get()!['n'];

describe('forgetting', () => {
  it('takes alerts that are resolved and old, and remembers up to when, and who was first', async () => {
    const db = new Db(':memory:');
    put(db, '1', 900);
    put(db, '2', 800);
    put(db, '3', 800, { status: 'open' });
    put(db, '4', 100);
    expect(await run(db)).toEqual([{ table: 'alerts', why: 'age', rows: 2 }]);
    expect(ids(db)).toEqual(['3', '4']);
    expect(alertsForgotten(db)).toBe(daysAgo(800) + 1);
    expect(new AlertStore(db).firstBy('r1', 'a', 'ada')).toBe(daysAgo(900) - 3600);
    expect(new AlertStore(db).firstBy('r1', 'a', 'bob')).toBeNull();
  });

  it('takes tallies that are sealed and old, but not what an alert has from both planes', async () => {
    const db = new Db(':memory:');
    tally(db, 200);
    tally(db, 150);
    tally(db, 100, 'request');
    tally(db, 10);
    put(db, '1', 150, { hasControl: true });
    expect(await run(db)).toEqual([{ table: 'request_tallies', why: 'age', rows: 1 }]);
    expect([count(db), talliesForgotten(db, 'a', 'r1'), talliesForgotten(db, 'b', 'r1')]).toEqual([
      3,
      daysAgo(200),
      null,
    ]);
  });

  it('for want of room takes tallies before alerts, and open alerts never', async () => {
    const db = new Db(':memory:');
    tally(db, 10);
    put(db, '1', 10);
    put(db, '2', 10, { status: 'acknowledged' });
    expect(await run(db, { maxBytes: 1 })).toEqual([
      { table: 'request_tallies', why: 'size', rows: 1 },
      { table: 'alerts', why: 'size', rows: 1 },
    ]);
    expect(ids(db)).toEqual(['2']);
  });

  it('counts of requests go when no tally is open any more that they decide about', async () => {
    const db = new Db(':memory:');
    const quarter = (days: number): number => Math.floor(daysAgo(days) / 900);
    for (const days of [1, 100])
      db.prepare("INSERT INTO request_counts VALUES ('a', ?, 's', 'x', 1)").run(quarter(days));
    expect(await run(db, { maxBytes: 1 })).toEqual([{ table: 'request_counts', why: 'age', rows: 1 }]);
  });
});
