import {
  accessSync,
  closeSync,
  constants,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../lib/errors.ts';

/**
 * Could the file be written? Asked before anything is read, so that no work is lost for it.
 * @throws UserError CW-2004, with the option that named it
 */
export function checkWritable(path: string, option: string): void {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    // A device or pipe is written to, a file is replaced.
    accessSync(found === undefined || found.isFile() ? dirname(targetOf(path)) : path, constants.W_OK);
  } catch (error) {
    throw notWritten(path, option, error);
  }
}

/** Writes beside the file and renames, so that a killed run leaves the old file or the new one, never half of it. */
export function replaceFile(path: string, text: string | Iterable<string>, option = '--output'): void {
  const found = statSync(path, { throwIfNoEntry: false });
  const isFile = found === undefined || found.isFile();
  const target = targetOf(path);
  const written = isFile ? `${target}.${process.pid}.tmp` : path;
  try {
    const file = openSync(written, 'w');
    try {
      for (const piece of typeof text === 'string' ? [text] : text) writeFileSync(file, piece);
    } finally {
      closeSync(file);
    }
    if (isFile) renameSync(written, target);
  } catch (error) {
    if (isFile) rmSync(written, { force: true });
    throw notWritten(path, option, error);
  }
}

/** What a link leads to is replaced, not the link. */
function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function notWritten(path: string, option: string, error: unknown): UserError {
  const reason = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
  return new UserError('CW-2004', `${path} could not be written (${reason})`, {
    cure: `give another place with ${option}`,
  });
}
