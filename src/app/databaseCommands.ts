import { megabytes } from '../report/text.ts';
import { backUp, restore } from '../store/backup.ts';

/** Copies the database of a data folder, and says so in a line. @throws UserError */
export function backUpFolder(folder: string, file: string): string {
  const bytes = backUp(folder, file);
  return `${file}: the database of ${folder}, ${megabytes(bytes)}, every page checked\n`;
}

/** Puts a backup into a data folder, and says what became of what was there. @throws UserError */
export function restoreFolder(folder: string, file: string, now: number): string {
  const before = restore(folder, file, now);
  const kept = before === null ? 'there was no database before' : `what was there is kept as ${before}`;
  return `${folder}: restored from ${file}; ${kept}\n`;
}
