import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RETAINED as AUDIT, appendAudit, listAudit, verifyAudit } from './audit.ts';
import { Db } from './db.ts';
import type { Retained } from './retained.ts';
import { type RetentionPolicy, retain, usedBytes } from './retention.ts';
import { folders, NOW } from './store.test-support.ts';

const DAY = 86_400_000;
const never = new AbortController().signal;

const TABLES: readonly Retained[] = [
  { table: 'requests', time: 'minute', unit: 'seconds', class: 'matches' },
  { table: 'actions', time: 'at', unit: 'microseconds', class: 'control_plane' },
  { table: 'old_alerts', time: 'at', unit: 'milliseconds', class: 'alerts' },
];

/** One row a day for so many days back, of so many bytes, in each table. */
function dbWith(days: number, bytes = 10, path = ':memory:'): Db {
  const db = new Db(path);
  for (const { table, time } of TABLES) {
    db.exec(
      `CREATE TABLE ${table} (${time} INTEGER NOT NULL, x TEXT) STRICT; CREATE INDEX ${table}_t ON ${table} (${time})`,
    );
  }
  db.transaction(() => {
    for (let day = 0; day < days; day++) {
      const at = NOW - day * DAY;
      db.prepare('INSERT INTO requests VALUES (?, ?)').run(at / 1000, 'x'.repeat(bytes));
      db.prepare('INSERT INTO actions VALUES (?, ?)').run(at * 1000, 'x'.repeat(bytes));
      db.prepare('INSERT INTO old_alerts VALUES (?, ?)').run(at, 'x'.repeat(bytes));
    }
  });
  return db;
}

const KEEP = {
  alerts: 400 * 86_400,
  control_plane: 400 * 86_400,
  matches: 30 * 86_400,
  key_figures: 30 * 86_400,
  deliveries: 30 * 86_400,
  audit: 730 * 86_400,
};

const policy = (given: Partial<RetentionPolicy>): RetentionPolicy => ({ ages: KEEP, maxBytes: null, ...given });
const count = (db: Db, table: string): unknown => db.prepare(`SELECT count(*) n FROM ${table}`).get()!['n'];

describe('retention by age', () => {
  it('removes what is older than its class is kept, in whatever unit, and says how much', async () => {
    const db = dbWith(1000);
    expect(await retain(db, TABLES, policy({}), NOW, never)).toEqual([
      { table: 'requests', why: 'age', rows: 969 },
      { table: 'actions', why: 'age', rows: 599 },
      { table: 'old_alerts', why: 'age', rows: 599 },
    ]);
    expect(TABLES.map(({ table }) => count(db, table))).toEqual([31, 401, 401]);
    expect(await retain(db, TABLES, policy({}), NOW, never)).toEqual([]);
  });

  it('rows of one moment go together', async () => {
    const db = dbWith(0);
    db.transaction(() => {
      for (let i = 0; i < 1200; i++) db.prepare("INSERT INTO requests VALUES (5, 'x')").run();
    });
    expect(await retain(db, TABLES, policy({}), NOW, never)).toEqual([{ table: 'requests', why: 'age', rows: 1200 }]);
  });

  it('a table with an order of its own is asked', async () => {
    const db = dbWith(0);
    for (let day = 800; day >= 0; day -= 100) {
      appendAudit(db, { at: NOW - day * DAY, by: 'ann', what: 'x', target: 'y', detail: {} });
    }
    expect(await retain(db, AUDIT, policy({}), NOW, never)).toEqual([{ table: 'audit', why: 'age', rows: 1 }]);
    expect(verifyAudit(db).kind).toBe('intact');
    expect(listAudit(db, 99)).toHaveLength(9);
  });

  it('stops between two steps when it is told to', async () => {
    const db = dbWith(2000);
    const stop = new AbortController();
    stop.abort();
    expect(await retain(db, TABLES, policy({}), NOW, stop.signal)).toEqual([
      { table: 'requests', why: 'age', rows: 500 },
    ]);
  });

  it('others write in between', async () => {
    const db = dbWith(2000);
    const done = retain(db, TABLES, policy({}), NOW, never);
    db.transaction(() => db.prepare("INSERT INTO requests VALUES (?, 'new')").run(NOW / 1000));
    await done;
    expect(count(db, 'requests')).toBe(32);
  });
});

describe('retention by size', () => {
  it('the oldest requests go first, then alerts, then the control plane; the audit log never', async () => {
    const path = join(folders()(), 'x.db');
    const db = dbWith(2000, 1000, path);
    appendAudit(db, { at: 0, by: 'ann', what: 'x', target: 'y', detail: {} });
    const long = { alerts: 1e9, control_plane: 1e9, matches: 1e9, key_figures: 1e9, deliveries: 1e9, audit: 1e9 };
    const tables = [...TABLES, ...AUDIT];
    const whole = usedBytes(db);
    const some = await retain(db, tables, policy({ ages: long, maxBytes: whole * 0.8 }), NOW, never);
    expect(some).toEqual([{ table: 'requests', why: 'size', rows: expect.any(Number) }]);
    expect(db.prepare('SELECT max(minute) newest FROM requests').get()).toEqual({ newest: NOW / 1000 });
    const more = await retain(db, tables, policy({ ages: long, maxBytes: whole * 0.5 }), NOW, never);
    expect(more.map(({ table }) => table)).toEqual(['requests', 'old_alerts']);
    expect([count(db, 'requests'), count(db, 'actions')]).toEqual([0, 2000]);
    expect(usedBytes(db)).toBeLessThanOrEqual(whole * 0.5);
    await retain(db, tables, policy({ ages: long, maxBytes: 1 }), NOW, never);
    expect([...TABLES.map(({ table }) => count(db, table)), count(db, 'audit')]).toEqual([0, 0, 0, 1]);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    expect(statSync(path).size).toBeLessThan(whole * 0.1);
    db.close();
  });
});
