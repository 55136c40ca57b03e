import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { UserError } from '../lib/errors.ts';
import { APPLICATION_ID } from './db.ts';
import { MIGRATIONS } from './migrations/index.ts';

/** https://www.sqlite.org/fileformat.html, section 1.3 */
const HEADER = { size: 100, magic: 'SQLite format 3\0', applicationId: 68 } as const;

/** Up to this size every start looks at every page; some seconds on a slow disk. A backup looks at all of them whatever the size. */
const CHECKED_BYTES = 256 * 2 ** 20;

/**
 * Is it a database that this program can go on with? Reads only: what is damaged stays as it is. No connection to it may be open in this
 * process, as reading a file by other means gives up the locks on it.
 * @throws UserError CW-4002 to CW-4005
 */
export function checkDatabase(path: string, checked: number = CHECKED_BYTES): void {
  checkHeader(path);
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    checkVersion(path, appliedVersions(path, db));
    if (statSync(path).size <= checked) checkPages(path, db);
  } finally {
    db.close();
  }
}

function checkHeader(path: string): void {
  const header = readHeader(path);
  if (header.length === 0) throw damaged(path, 'it is empty');
  if (header.toString('latin1', 0, HEADER.magic.length) !== HEADER.magic) {
    throw foreign(path, 'it is no SQLite database');
  }
  if (header.length < HEADER.size) throw damaged(path, 'it is cut off');
  if (header.readUInt32BE(HEADER.applicationId) !== APPLICATION_ID) {
    throw foreign(path, 'it is a database of another program');
  }
}

function readHeader(path: string): Buffer {
  try {
    if (!statSync(path).isFile()) throw foreign(path, 'it is no file');
    accessSync(path, constants.R_OK | constants.W_OK);
    const file = openSync(path, 'r');
    try {
      const header = Buffer.alloc(HEADER.size);
      return header.subarray(0, readSync(file, header));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('CW-4005', `${path} cannot be read and written (${(error as NodeJS.ErrnoException).code})`, {
      cure: 'let the user that runs cosmowatch read and write it',
    });
  }
}

/** A database with no step of the schema in it is one that lost its tables. */
function appliedVersions(path: string, db: DatabaseSync): number[] {
  const versions = orDamaged(path, () => db.prepare('SELECT version FROM migrations').all());
  if (versions.length === 0) throw damaged(path, 'it says of no schema');
  return versions.map(({ version }) => Number(version));
}

function checkVersion(path: string, applied: readonly number[]): void {
  const known = new Set(MIGRATIONS.map(({ version }) => version));
  const strange = applied.filter((version) => !known.has(version));
  if (strange.length === 0) return;
  throw new UserError('CW-4002', `${path} was written by a newer cosmowatch`, {
    facts: [`it has step ${Math.max(...strange)} of the schema, this program knows steps up to ${Math.max(...known)}`],
    cure: 'start the newer version again, or restore a backup that was made before it ran',
  });
}

function checkPages(path: string, db: DatabaseSync): void {
  const [found] = orDamaged(path, () => db.prepare('PRAGMA quick_check(1)').all());
  const answer = String(found?.['quick_check'] ?? 'no answer');
  if (answer !== 'ok') throw damaged(path, answer);
}

/** Whatever SQLite says against reading it. */
function orDamaged<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw damaged(path, error instanceof Error ? error.message : String(error));
  }
}

export function damaged(path: string, how: string): UserError {
  return new UserError('CW-4003', `${path} is damaged`, {
    facts: [how.replace(/\s+/g, ' ').trim(), 'it was left as it is'],
    cure: 'restore a backup: cosmowatch restore --data DIR FILE',
  });
}

function foreign(path: string, how: string): UserError {
  return new UserError('CW-4004', `${path} is no database of cosmowatch`, {
    facts: [how, 'it was left as it is'],
    cure: 'give another folder with --data, or restore a backup: cosmowatch restore --data DIR FILE',
  });
}
