import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { UserError } from '../lib/errors.ts';
import { visibleCharacters } from '../lib/visible.ts';
import { sqliteCode } from './failure.ts';

export interface FolderLock {
  release(): void;
}

const BUSY = 5;

/**
 * Takes a data folder for this process. The lock is one of the operating system, held by an open transaction on a file of its own: it goes
 * when the process goes, however it does, so a kill leaves nothing to clear away. `holder` beside it only says who it is; it may be stale.
 *
 * Never read `lock` by other means: closing any handle of a file gives up the locks that a process has on it.
 * @throws UserError CW-4001, CW-4005
 */
export function lockFolder(folder: string, now: number): FolderLock {
  const db = openLock(folder);
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    writeFileSync(join(folder, 'holder'), `pid ${process.pid} on ${hostname()} since ${new Date(now).toISOString()}\n`);
  } catch (error) {
    db.close();
    throw sqliteCode(error) === BUSY ? inUse(folder) : notWritable(folder, error);
  }
  return {
    release() {
      rmSync(join(folder, 'holder'), { force: true });
      db.close();
    },
  };
}

function openLock(folder: string): DatabaseSync {
  try {
    return new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
  } catch (error) {
    throw notWritable(folder, error);
  }
}

function inUse(folder: string): UserError {
  const holder = holderOf(folder);
  return new UserError('CW-4001', `${folder} is in use by another cosmowatch`, {
    facts: holder === null ? [] : [`held by ${holder}`],
    cure: 'stop that one, or give another folder with --data',
  });
}

/** Who wrote last that it holds the folder; null: nobody did, or it cannot be read. */
function holderOf(folder: string): string | null {
  try {
    return visibleCharacters(readFileSync(join(folder, 'holder'), 'utf8').slice(0, 500).trim());
  } catch {
    return null;
  }
}

const CURES: Readonly<Record<string, string>> = { ENOSPC: 'make room on the disk', EROFS: 'mount it for writing' };

export function notWritable(folder: string, error: unknown): UserError {
  const reason = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error);
  return new UserError('CW-4005', `the data folder ${folder} cannot be written (${reason})`, {
    cure: CURES[reason] ?? 'let the user that runs cosmowatch read and write it, or give another one with --data',
  });
}
