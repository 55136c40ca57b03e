import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Db } from './db.ts';
import { asStoreFailure, StoreDamaged, StoreFailed, StoreFull, sqliteCode } from './failure.ts';
import { folders } from './store.test-support.ts';

const folder = folders();
const TABLE = 'CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL) STRICT';

function withTable(path: string): Db {
  const db = new Db(path);
  db.exec(TABLE);
  return db;
}

function rows(db: Db): unknown[] {
  return db
    .prepare('SELECT a FROM t ORDER BY a')
    .all()
    .map(({ a }) => a);
}

function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('a transaction', () => {
  it('is kept whole, gives what it makes, and is there for the next connection', () => {
    const path = join(folder(), 'x.db');
    const db = withTable(path);
    expect(db.transaction(() => db.prepare('INSERT INTO t VALUES (?, ?)').run(1, 'x').changes)).toBe(1);
    db.close();
    expect(rows(new Db(path))).toEqual([1]);
  });

  it('that throws leaves nothing, and its own error', () => {
    const db = withTable(':memory:');
    const error = thrown(() =>
      db.transaction(() => {
        db.prepare('INSERT INTO t VALUES (?, ?)').run(1, 'x');
        throw new RangeError('mine');
      }),
    );
    expect(error).toEqual(new RangeError('mine'));
    expect(rows(db)).toEqual([]);
  });

  it('an error of a statement is no failure of the store', () => {
    const db = withTable(':memory:');
    const error = thrown(() => db.transaction(() => db.prepare('INSERT INTO t VALUES (1, NULL)').run()));
    expect(error).not.toBeInstanceOf(StoreFailed);
    expect(sqliteCode(error)).toBe(19);
  });

  it('keeps what a disk must: the log, and a sync at every commit', () => {
    const db = withTable(join(folder(), 'x.db'));
    const of = (pragma: string): unknown => Object.values(db.prepare(`PRAGMA ${pragma}`).get()!)[0];
    expect([of('journal_mode'), of('synchronous'), of('auto_vacuum'), of('foreign_keys')]).toEqual(['wal', 2, 2, 1]);
  });
});

describe('failures of the disk', () => {
  it.each([
    ['SQLITE_FULL', 13, StoreFull, true],
    ['SQLITE_IOERR_FSYNC', 10 | (4 << 8), StoreFailed, true],
    ['SQLITE_BUSY', 5, StoreFailed, true],
    ['SQLITE_READONLY', 8, StoreFailed, false],
    ['SQLITE_CANTOPEN', 14, StoreFailed, false],
    ['SQLITE_CORRUPT', 11, StoreDamaged, false],
    ['SQLITE_NOTADB', 26, StoreDamaged, false],
  ])('%s', (_name, errcode, kind, passing) => {
    const cause = Object.assign(new Error('x'), { errcode });
    const found = asStoreFailure(cause);
    expect(found).toBeInstanceOf(kind);
    expect(found).toMatchObject({ passing, cause });
  });

  it.each([[new Error('x')], [Object.assign(new Error('constraint'), { errcode: 19 })], ['text']])(
    'anything else stays what it is: %s',
    (error) => expect(asStoreFailure(error)).toBe(error),
  );

  it('a full file: nothing of the transaction, and the connection goes on', () => {
    const db = withTable(join(folder(), 'x.db'));
    db.transaction(() => db.prepare('INSERT INTO t VALUES (?, ?)').run(1, 'kept'));
    const most = Object.values(db.prepare('PRAGMA page_count').get()!)[0] as number;
    db.exec(`PRAGMA max_page_count = ${most + 2}`);
    const error = thrown(() => fill(db));
    expect(error).toBeInstanceOf(StoreFull);
    expect(rows(db)).toEqual([1]);
    db.exec('PRAGMA max_page_count = 100000');
    fill(db);
    expect(rows(db)).toHaveLength(101);
  });
});

function fill(db: Db): void {
  const insert = db.prepare('INSERT INTO t (b) VALUES (?)');
  db.transaction(() => {
    for (let i = 0; i < 100; i++) insert.run('x'.repeat(4000));
  });
}

/** A real disk of eight megabytes, where this machine lets us mount one. */
function smallDisk(): string | null {
  const path = join(folder(), 'disk');
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    return null;
  }
}

const disk = smallDisk();

describe.skipIf(disk === null)('a full disk', () => {
  const path = join(disk ?? '', 'x.db');
  const ballast = join(disk ?? '', 'ballast');
  afterAll(() => void execFileSync('umount', ['-l', disk!]));

  it('refuses, keeps what was committed, and goes on when there is room', () => {
    const db = withTable(path);
    db.transaction(() => db.prepare('INSERT INTO t VALUES (?, ?)').run(1, 'kept'));
    thrown(() => writeFileSync(ballast, Buffer.alloc(8 * 2 ** 20)));
    for (let i = 0; i < 3; i++) {
      expect(thrown(() => fill(db))).toBeInstanceOf(StoreFull);
      expect(rows(db)).toEqual([1]);
    }
    execFileSync('rm', [ballast]);
    expect(existsSync(ballast)).toBe(false);
    fill(db);
    expect(rows(db)).toHaveLength(101);
    db.close();
    expect(rows(new Db(path))).toHaveLength(101);
  });
});
