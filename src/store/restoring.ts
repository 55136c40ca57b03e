import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncFolder } from './durable.ts';

/** A restored database that is whole and waits for its place. While it is there, the restore goes on at the next start. */
export const RESTORING = 'cosmowatch.db.restoring';
export const DATABASE = 'cosmowatch.db';

/**
 * Moves the old database and its log aside, and the restored one into its place. The log must go too: SQLite would play it into any file of
 * that name. The name of what is moved comes from the file that waits, so that a second try continues the first.
 * @returns what was there before; null: nothing was, or nothing waits
 */
export function finishRestore(folder: string): string | null {
  const waiting = join(folder, RESTORING);
  if (!existsSync(waiting)) return null;
  const path = join(folder, DATABASE);
  const stamp = statSync(waiting)
    .mtime.toISOString()
    .replace(/[-:]|\.\d+/g, '');
  const aside = `${path}.before-${stamp}`;
  rmSync(`${path}-shm`, { force: true });
  if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${aside}-wal`);
  if (existsSync(path)) renameSync(path, aside);
  renameSync(waiting, path);
  syncFolder(dirname(path));
  return existsSync(aside) ? aside : null;
}
