import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../lib/errors.ts';
import { Db } from './db.ts';
import { renameDurably } from './durable.ts';
import { asStoreFailure, StoreDamaged, StoreFailed } from './failure.ts';
import { checkDatabase, damaged } from './inspect.ts';
import { type FolderLock, lockFolder, notWritable } from './lock.ts';
import { DATABASE, finishRestore } from './restoring.ts';

export interface OpenStore {
  readonly db: Db;
  readonly path: string;
  /** There was no database in the folder before. */
  readonly isNew: boolean;
  /** Gives the folder to others. */
  close(): void;
}

/**
 * Takes a data folder and opens its database. What is there is looked at before anything is written to it, and what is not as it should be
 * is refused and left as it is: an empty database in the place of a broken one would raise no alert about what was lost.
 * @throws UserError CW-4001 to CW-4006, each with its cure
 */
export function openStore(folder: string, now: number): OpenStore {
  const lock = takeFolder(folder, now);
  try {
    finishRestore(folder);
    const path = join(folder, DATABASE);
    const isNew = !existsSync(path);
    if (isNew) createDatabase(path);
    else checkDatabase(path);
    const db = openChecked(path);
    return {
      db,
      path,
      isNew,
      close() {
        db.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** @throws UserError CW-4001, CW-4005 */
export function takeFolder(folder: string, now: number): FolderLock {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw notWritable(folder, error);
  }
  return lockFolder(folder, now);
}

/** Made under another name: a kill before it is whole leaves none, and an empty file is never taken for a new database. */
function createDatabase(path: string): void {
  if (existsSync(`${path}-wal`)) throw damaged(path, 'it is missing, and its log is still there');
  const made = `${path}.new`;
  try {
    for (const old of [made, `${made}-wal`, `${made}-shm`]) rmSync(old, { force: true });
    writeFileSync(made, '', { mode: 0o600 });
    new Db(made).close();
    renameDurably(made, path);
  } catch (error) {
    throw notWritable(path, asStoreFailure(error));
  }
}

function openChecked(path: string): Db {
  try {
    return new Db(path);
  } catch (error) {
    if (error instanceof StoreDamaged) throw damaged(path, String((error.cause as Error).message));
    if (error instanceof StoreFailed) throw notWritable(path, error);
    throw new UserError('CW-4006', `${path} could not be brought to the version of this program`, {
      facts: [error instanceof Error ? error.message : String(error), 'the database is as it was'],
      cure: 'start the version that ran before, and report this',
    });
  }
}
