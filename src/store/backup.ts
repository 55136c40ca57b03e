import { closeSync, existsSync, openSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { UserError } from '../lib/errors.ts';
import { renameDurably } from './durable.ts';
import { asStoreFailure, StoreDamaged } from './failure.ts';
import { checkDatabase, damaged } from './inspect.ts';
import { takeFolder } from './open.ts';
import { DATABASE, finishRestore, RESTORING } from './restoring.ts';

/**
 * Copies the database of a data folder, while a service writes to it or not. The file is there complete and checked, or not at all.
 *
 * By VACUUM INTO: it reads one state of the database from beginning to end, which a writer neither waits for nor disturbs, and leaves out
 * what was deleted. SQLite's page copy takes as long, copies the deleted too, and begins anew whenever a writer commits between its steps.
 * Not for the process that has the database open: it reads the file's header beside SQLite.
 * @returns bytes
 * @throws UserError CW-4008; CW-4002 to CW-4005 if it cannot be read
 */
export function backUp(folder: string, file: string): number {
  const path = join(folder, DATABASE);
  if (!existsSync(path)) {
    throw notBackedUp(`${folder} holds no database`, 'give the folder that the service runs with, with --data');
  }
  checkDatabase(path, 0);
  if (existsSync(file)) throw notBackedUp(`${file} is there already`, 'give a name that is free');
  const copy = `${file}.${process.pid}.tmp`;
  try {
    copyInto(path, copy);
    checkDatabase(copy, Number.POSITIVE_INFINITY);
    renameDurably(copy, file);
    return statSync(file).size;
  } catch (error) {
    discard(copy);
    if (error instanceof UserError) throw error;
    if (error instanceof StoreDamaged) throw damaged(path, String((error.cause as Error).message));
    throw notBackedUp(
      `${file} could not be written (${reasonOf(error)})`,
      'give a place with room for it, where you may write',
    );
  }
}

/** The copy may be read by its owner only. @throws StoreFailed */
function copyInto(path: string, copy: string): void {
  // SQLite writes into an empty file too.
  closeSync(openSync(copy, 'wx', 0o600));
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    db.prepare('VACUUM INTO ?').run(copy);
  } catch (error) {
    throw asStoreFailure(error);
  } finally {
    db.close();
  }
}

function notBackedUp(message: string, cure: string): UserError {
  return new UserError('CW-4008', message, { cure });
}

/**
 * Puts a backup in the place of the database of a folder that nobody uses. What was there is kept beside, whatever its state. A kill at any
 * point leaves the old one in place, or a restore that the next start completes.
 * @returns the path of what was there before; null: nothing was
 * @throws UserError CW-4009 if the file is no backup, CW-4001 and CW-4005 of the folder
 */
export function restore(folder: string, file: string, now: number): string | null {
  if (isSame(file, join(folder, DATABASE))) throw notRestored(file, 'it is the database itself');
  checkBackup(file);
  const lock = takeFolder(folder, now);
  try {
    finishRestore(folder);
    const waiting = join(folder, RESTORING);
    const copy = `${waiting}.tmp`;
    discard(copy);
    try {
      copyInto(file, copy);
      renameDurably(copy, waiting);
    } catch (error) {
      discard(copy);
      throw notRestored(file, reasonOf(error));
    }
    return finishRestore(folder);
  } finally {
    lock.release();
  }
}

function isSame(a: string, b: string): boolean {
  return existsSync(a) && existsSync(b) && realpathSync(a) === realpathSync(b);
}

function checkBackup(file: string): void {
  try {
    checkDatabase(file, Number.POSITIVE_INFINITY);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw notRestored(file, error.message, ...error.facts);
  }
}

function notRestored(file: string, ...facts: readonly string[]): UserError {
  return new UserError('CW-4009', `${file} cannot be restored`, {
    facts: [...facts, 'the data folder is as it was'],
    cure: 'give a file that cosmowatch backup made',
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as NodeJS.ErrnoException).code ?? error.message;
}

/** Half a copy is of no use; whether it can be removed says nothing about why it is half. */
function discard(copy: string): void {
  try {
    rmSync(copy, { force: true });
  } catch {}
}
