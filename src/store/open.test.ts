import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { UserError } from '../lib/errors.ts';
import { Db } from './db.ts';
import { holdFolder } from './holder.test-support.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { openStore } from './open.ts';
import { folders, NOW, refusal } from './store.test-support.ts';

const folder = folders();

function made(): string {
  const data = folder();
  openStore(data, NOW).close();
  return data;
}

describe('a data folder', () => {
  it('is made, with what is below it for its owner only', () => {
    const data = join(folder(), 'a', 'b');
    const store = openStore(data, NOW);
    expect([store.isNew, store.path, statSync(data).mode & 0o777]).toEqual([true, join(data, 'cosmowatch.db'), 0o700]);
    store.close();
    expect(openStore(data, NOW).isNew).toBe(false);
  });

  it('keeps the database for its owner only, where others may look into the folder', () => {
    const data = folder();
    chmodSync(data, 0o755);
    const store = openStore(data, NOW);
    const shared = ['cosmowatch.db', 'cosmowatch.db-wal', 'cosmowatch.db-shm']
      .filter((name) => existsSync(join(data, name)))
      .filter((name) => (statSync(join(data, name)).mode & 0o077) !== 0);
    store.close();
    expect(shared).toEqual([]);
  });

  it('leaves only the database and the lock when it is closed', () => {
    expect(readdirSync(made()).sort()).toEqual(['cosmowatch.db', 'lock']);
  });

  it('what a killed first start left is made anew', () => {
    const data = folder();
    writeFileSync(join(data, 'cosmowatch.db.new'), 'half');
    const store = openStore(data, NOW);
    expect([store.isNew, existsSync(join(data, 'cosmowatch.db.new'))]).toEqual([true, false]);
  });
});

describe('a folder in use', () => {
  it('is refused within one process too, with who has it', () => {
    const data = folder();
    const first = openStore(data, NOW);
    const error = refusal(() => openStore(data, NOW));
    expect(error).toMatchObject({
      code: 'CW-4001',
      message: `${data} is in use by another cosmowatch`,
      facts: [`held by pid ${process.pid} on ${hostname()} since 2026-11-24T12:00:00.000Z`],
    });
    first.close();
    openStore(data, NOW).close();
  });

  it('a refused one disturbs nothing: the holder goes on and stays the holder', () => {
    const data = folder();
    const first = openStore(data, NOW);
    refusal(() => openStore(data, NOW + 1000));
    first.db.transaction(() => first.db.exec('CREATE TABLE t (a)'));
    expect(refusal(() => openStore(data, NOW + 2000)).facts[0]).toContain('12:00:00.000Z');
    first.close();
  });

  it('by another process is refused; a kill -9 of it leaves nothing that stands in the way', async () => {
    const data = folder();
    const holder = await holdFolder(data);
    try {
      expect(refusal(() => openStore(data, NOW)).facts).toEqual([
        `held by pid ${holder.pid} on ${hostname()} since 1970-01-01T00:00:00.000Z`,
      ]);
    } finally {
      await holder.kill();
    }
    expect(readFileSync(join(data, 'holder'), 'utf8')).toContain(`pid ${holder.pid} `);
    const store = openStore(data, NOW);
    expect(store.isNew).toBe(false);
    store.close();
  });
});

/** A name, what is done to a data folder with a database of some pages, and what becomes of it. */
type Mutation = readonly [string, (database: string, bytes: Buffer) => void, Fate];
/** `kept`: everything is there. `CW-nnnn`: refused. `either`: nobody can tell that a byte of a text is another one. */
type Fate = 'kept' | 'either' | `CW-${number}`;

const PAGE = 4096;
const HEADER_PARTS: readonly (readonly [string, number, number, Fate])[] = [
  ['the magic', 0, 16, 'CW-4004'],
  ['the page size', 16, 2, 'CW-4003'],
  ['the write and read version', 18, 2, 'CW-4003'],
  ['the payload fractions', 21, 3, 'CW-4003'],
  ['the change counter', 24, 4, 'either'],
  ['the number of pages', 28, 4, 'either'],
  ['the first free page', 32, 4, 'either'],
  ['the number of free pages', 36, 4, 'either'],
  ['the schema cookie', 40, 4, 'either'],
  ['the schema format', 44, 4, 'CW-4003'],
  ['the largest root page', 52, 4, 'either'],
  ['the text encoding', 56, 4, 'either'],
  ['the application', 68, 4, 'CW-4004'],
];

function over(at: number, size: number, byte: number): (database: string, bytes: Buffer) => void {
  return (database, bytes) => writeFileSync(database, Buffer.from(bytes).fill(byte, at, at + size));
}

function cut(size: (whole: number) => number): (database: string, bytes: Buffer) => void {
  return (database, bytes) => writeFileSync(database, bytes.subarray(0, size(bytes.length)));
}

const MUTATIONS: readonly Mutation[] = [
  ['nothing', () => {}, 'kept'],
  ['an empty file', cut(() => 0), 'CW-4003'],
  ['one byte', cut(() => 1), 'CW-4004'],
  ['the magic and no more', cut(() => 16), 'CW-4003'],
  ['99 bytes', cut(() => 99), 'CW-4003'],
  ['the header and no more', cut(() => 100), 'CW-4003'],
  ['one page', cut(() => PAGE), 'CW-4003'],
  ['a page and a half', cut(() => PAGE * 1.5), 'CW-4003'],
  ['half', cut((size) => Math.floor(size / 2 / PAGE) * PAGE), 'CW-4003'],
  ['the last page gone', cut((size) => size - PAGE), 'CW-4003'],
  ['the last byte gone', cut((size) => size - 1), 'either'],
  ['a text', (database) => writeFileSync(database, 'alerts: none\n'.repeat(1000)), 'CW-4004'],
  ['zeros', (database, bytes) => writeFileSync(database, Buffer.alloc(bytes.length)), 'CW-4004'],
  ['gzip', (database) => writeFileSync(database, Buffer.from('1f8b0800000000000003', 'hex')), 'CW-4004'],
  ['a folder', (database) => folderInstead(database), 'CW-4004'],
  ['a database of another program', (database) => foreignDatabase(database), 'CW-4004'],
  ['a newer schema', (database) => statement(database, "INSERT INTO migrations VALUES (99999, 'later')"), 'CW-4002'],
  ['no step of the schema', (database) => statement(database, 'DELETE FROM migrations'), 'CW-4003'],
  ['no table of steps', (database) => statement(database, 'DROP TABLE migrations'), 'CW-4003'],
  ['the schema says of no tables', over(103, 2, 0), 'CW-4003'],
  ['a page added', (database, bytes) => writeFileSync(database, Buffer.concat([bytes, Buffer.alloc(PAGE)])), 'either'],
  ['a free page lost', over(36, 4, 0xff), 'either'],
  ['the database gone, its log left', (database) => lostDatabase(database), 'CW-4003'],
  ['an empty log', (database) => writeFileSync(`${database}-wal`, ''), 'kept'],
  ['a log that is none', (database) => writeFileSync(`${database}-wal`, 'x'.repeat(5000)), 'kept'],
  ['an index of the log that is none', (database) => writeFileSync(`${database}-shm`, 'x'.repeat(40000)), 'kept'],
  ...HEADER_PARTS.map(([name, at, size, fate]): Mutation => [`${name} overwritten`, over(at, size, 0xa5), fate]),
  ...[1, 2, 3, 4, 5, 6, 8, 10, 12, 14].flatMap((page): Mutation[] => [
    [`page ${page + 1} zeroed`, over(page * PAGE, PAGE, 0), 'CW-4003'],
    [`page ${page + 1} garbled`, over(page * PAGE, PAGE, 0xa5), 'CW-4003'],
  ]),
  ...[0, 3, 7, 9].map(
    (page): Mutation => [
      `one byte in page ${page + 1}`,
      (database, bytes) => over(page * PAGE + 2500, 1, bytes[page * PAGE + 2500]! ^ 0x41)(database, bytes),
      'either',
    ],
  ),
];

function statement(database: string, sql: string): void {
  const db = new DatabaseSync(database);
  db.exec(sql);
  db.close();
}

function folderInstead(database: string): void {
  rmSync(database);
  mkdirSync(database);
}

function foreignDatabase(database: string): void {
  rmSync(database);
  statement(database, 'CREATE TABLE migrations (version INTEGER, name TEXT); INSERT INTO migrations VALUES (2, 1)');
}

function lostDatabase(database: string): void {
  rmSync(database);
  writeFileSync(`${database}-wal`, 'x'.repeat(5000));
}

const ROWS = 200;

/** The file of a database whose pages are all in use. */
function filled(): string {
  const data = folder();
  const store = openStore(data, NOW);
  const insert = store.db.prepare(
    `INSERT INTO tokens (name, hash, scopes, labels, created_at) VALUES (?, ?, '[]', '{}', ${NOW}) RETURNING id`,
  );
  store.db.transaction(() => {
    for (let i = 0; i < ROWS; i++) insert.all(`token ${i}`, `${i}`.padEnd(300, 'x'));
  });
  store.close();
  return join(data, 'cosmowatch.db');
}

describe('what happened to the file while nobody looked', () => {
  const whole = filled();

  it('there are at least 50 such things', () => expect(MUTATIONS.length).toBeGreaterThanOrEqual(50));

  it.each(MUTATIONS)('%s', (_name, mutate, fate) => {
    const data = folder();
    const database = join(data, 'cosmowatch.db');
    copyFileSync(whole, database);
    mutate(database, readFileSync(database));
    const before = snapshot(database);
    const outcome = fateOf(data);
    if (fate !== 'either') expect(outcome).toBe(fate);
    else expect(['kept', 'CW-4003']).toContain(outcome);
    // What is refused is left to whoever can save something of it.
    if (outcome !== 'kept') expect(snapshot(database)).toEqual(before);
    // And it does not become well by asking again.
    expect(fateOf(data)).toBe(outcome);
  });
});

function snapshot(database: string): Buffer | null {
  return existsSync(database) && statSync(database).isFile() ? readFileSync(database) : null;
}

function fateOf(data: string): string {
  try {
    const store = openStore(data, NOW);
    const found = store.db.prepare('SELECT count(*) n, sum(length(hash)) size FROM tokens').get();
    store.close();
    return found?.['n'] === ROWS && found['size'] === ROWS * 300 ? 'kept' : JSON.stringify(found);
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
}

const COMMITS = 10;

/** A killed service's files: ten commits are in the log only. */
function killed(): { readonly database: Buffer; readonly log: Buffer } {
  const data = folder();
  const store = openStore(data, NOW);
  store.db.exec('PRAGMA wal_autocheckpoint = 0');
  const insert = store.db.prepare(
    `INSERT INTO tokens (name, hash, scopes, labels, created_at) VALUES (?, ?, '[]', '{}', ${NOW})`,
  );
  for (let i = 0; i < COMMITS; i++) {
    store.db.transaction(() => insert.run(`token ${i}`, `${i}`.padEnd(300, 'x')));
  }
  const path = join(data, 'cosmowatch.db');
  const files = { database: readFileSync(path), log: readFileSync(`${path}-wal`) };
  store.close();
  return files;
}

describe('what happened to the log of a killed service', () => {
  const { database, log } = killed();
  const frame = 24 + PAGE;

  it.each<readonly [string, (log: Buffer) => Buffer, number | null]>([
    ['nothing', (bytes) => bytes, COMMITS],
    ['bytes of nothing behind it', (bytes) => Buffer.concat([bytes, Buffer.alloc(5000)]), COMMITS],
    ['garbage behind it', (bytes) => Buffer.concat([bytes, Buffer.alloc(5000, 0xa5)]), COMMITS],
    ['half of the last commit gone', (bytes) => bytes.subarray(0, -frame / 2), COMMITS - 1],
    ['the last byte gone', (bytes) => bytes.subarray(0, -1), COMMITS - 1],
    ['a byte of the last commit changed', (bytes) => flipped(bytes, bytes.length - 100), COMMITS - 1],
    ['a byte in the middle changed', (bytes) => flipped(bytes, Math.floor(bytes.length / 2)), null],
    ['half of it gone', (bytes) => bytes.subarray(0, bytes.length / 2), null],
    ['its header and no more', (bytes) => bytes.subarray(0, 32), 0],
    ['half of its header', (bytes) => bytes.subarray(0, 16), 0],
    ['its magic changed', (bytes) => flipped(bytes, 0), 0],
    ['its salt changed', (bytes) => flipped(bytes, 16), 0],
    ['zeros', (bytes) => Buffer.alloc(bytes.length), 0],
  ])('%s: a beginning of what was committed, or a refusal', (_name, mutate, expected) => {
    const data = folder();
    const path = join(data, 'cosmowatch.db');
    writeFileSync(path, database);
    writeFileSync(`${path}-wal`, mutate(Buffer.from(log)));
    const store = openStore(data, NOW);
    const ids = store.db.prepare('SELECT id FROM tokens ORDER BY id').all();
    store.close();
    expect(store.isNew).toBe(false);
    expect(ids.map(({ id }) => id)).toEqual(Array.from({ length: expected ?? ids.length }, (_, i) => i + 1));
    expect(ids.length).toBeLessThanOrEqual(COMMITS);
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  bytes[at]! ^= 0x5a;
  return bytes;
}

/** Rights mean nothing to root, so they are tried as somebody else. */
describe.skipIf(process.getuid === undefined)('rights', () => {
  it.each([
    ['a folder that may not be written', (data: string) => chmodSync(data, 0o555)],
    ['a folder that may not be entered', (data: string) => chmodSync(data, 0o000)],
    ['a database that may not be written', (data: string) => chmodSync(join(data, 'cosmowatch.db'), 0o444)],
    ['a database that may not be read', (data: string) => chmodSync(join(data, 'cosmowatch.db'), 0o222)],
  ])('%s', (_name, take) => {
    const data = made();
    const root = join(data, '..');
    for (const path of [root, data, join(data, 'lock'), join(data, 'cosmowatch.db')]) chmodSync(path, 0o777);
    take(data);
    expect(asNobody(() => refusal(() => openStore(data, NOW)).code)).toBe('CW-4005');
  });

  it('a file where the folder should be', () => {
    const data = join(folder(), 'file');
    writeFileSync(data, '');
    expect(refusal(() => openStore(data, NOW))).toMatchObject({ code: 'CW-4005' });
  });
});

function asNobody<T>(run: () => T): T {
  if (process.getuid!() !== 0) return run();
  process.seteuid!(65_534);
  try {
    return run();
  } finally {
    process.seteuid!(0);
  }
}

describe('steps of the schema', () => {
  it('a failing one leaves everything as it was, and the program before it can go on', () => {
    const path = join(made(), 'cosmowatch.db');
    const steps = [
      ...MIGRATIONS,
      { version: 9001, name: 'good', sql: 'CREATE TABLE good (a)' },
      { version: 9002, name: 'bad', sql: 'CREATE TABLE worse (a); INSERT INTO nowhere VALUES (1)' },
    ];
    expect(() => new Db(path, steps)).toThrow('no such table: nowhere');
    const db = new Db(path);
    expect(db.prepare("SELECT name FROM sqlite_schema WHERE name IN ('good', 'worse')").all()).toEqual([]);
    db.close();
  });

  it('each is applied once, in one go with the others', () => {
    const path = join(made(), 'cosmowatch.db');
    const steps = [...MIGRATIONS, { version: 9001, name: 'good', sql: 'CREATE TABLE good (a)' }];
    new Db(path, steps).close();
    new Db(path, steps).close();
    expect(refusal(() => openStore(join(path, '..'), NOW))).toMatchObject({
      code: 'CW-4002',
      facts: [expect.stringContaining('step 9001 of the schema, this program knows steps up to')],
    });
  });
});
