import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { UserError } from '../lib/errors.ts';

/** Writes beside the file and renames, so that a killed run leaves the old file or the new one, never half of it. */
export function replaceFile(path: string, text: string | Iterable<string>): void {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    const file = openSync(beside, 'w');
    try {
      for (const piece of typeof text === 'string' ? [text] : text) writeFileSync(file, piece);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new UserError('CW-2004', `${path} could not be written (${reason})`, {
      cure: 'give another place with --output',
    });
  }
}
