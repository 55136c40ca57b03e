import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { UserError } from '../lib/errors.ts';

/** Writes beside the file and renames, so that a killed run leaves the old file or the new one, never half of it. */
export function replaceFile(path: string, text: string): void {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new UserError('CW-2004', `${path} could not be written (${reason})`, {
      cure: 'give another place with --output',
    });
  }
}
