import { closeSync, fstatSync, openSync, readdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../lib/errors.ts';
import { visibleCharacters } from '../lib/visible.ts';
import { inputError, listInputs, nodeIo } from './file.ts';

/** A file as one look at the folders saw it. */
export interface SeenFile {
  readonly path: string;
  /** Device and inode: the same after a rename. */
  readonly id: string;
  readonly size: number;
  /** Last modified, milliseconds. */
  readonly modified: number;
  /** Last changed in any way, moved here too; milliseconds. */
  readonly changed: number;
}

export interface Look {
  /** Those that were modified first come first. */
  readonly files: readonly SeenFile[];
  readonly problems: readonly UserError[];
  readonly folders: ReadonlySet<string>;
}

/** All files below paths, folders and globs. @throws UserError CW-7110 for a named path that is no file and no folder */
export function lookAt(paths: readonly string[]): Look {
  const listed = listInputs(paths);
  const problems = listed.problems.map(({ error }) => error);
  const files: SeenFile[] = [];
  for (const { path } of listed.files) {
    try {
      const found = statSync(path);
      if (found.isFile()) files.push(seen(path, found));
      else if (paths.includes(path)) throw notAFile(path);
    } catch (error) {
      // Between listing and looking it may have been moved: the next look finds where.
      if (error instanceof UserError) throw error;
    }
  }
  const folders = new Set([...paths.map(fixedFolder), ...files.map(({ path }) => dirname(path))]);
  return { files: files.sort((a, b) => a.modified - b.modified), problems, folders };
}

function seen(path: string, found: Stats): SeenFile {
  const { size, mtimeMs, ctimeMs } = found;
  return { path, id: idOf(found), size, modified: Math.floor(mtimeMs), changed: Math.floor(ctimeMs) };
}

function idOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

function notAFile(path: string): UserError {
  return new UserError('CW-7110', `${visibleCharacters(path)} is no file and no folder`, {
    cure: 'name a file, a folder or a glob under "paths"; what a pipe or device gives can be sent to the http source',
  });
}

/** The part of a path before its first folder with a wildcard. */
function fixedFolder(path: string): string {
  let folder = path;
  while (/[*?[\]{}()!]/.test(folder)) folder = dirname(folder);
  return folder === path && !isFolder(path) ? dirname(path) : folder;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Files of these numbers that lie in the folders of these paths under any name: renamed by a rotation. */
export function renamedFiles(paths: readonly string[], ids: ReadonlySet<string>): SeenFile[] {
  if (ids.size === 0) return [];
  const found = new Map<string, SeenFile>();
  for (const folder of new Set(paths.map(fixedFolder))) {
    for (const name of namesIn(folder)) {
      const path = join(folder, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats?.isFile() && ids.has(idOf(stats))) found.set(idOf(stats), seen(path, stats));
    }
  }
  return [...found.values()];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** An open file; it stays readable when it is renamed or deleted. */
export interface OpenFile {
  readonly path: string;
  readonly file: number;
}

/** @throws UserError when it cannot be opened */
export function openFile(path: string): OpenFile {
  try {
    return { path, file: openSync(path, 'r') };
  } catch (error) {
    throw inputError(path, error, nodeIo);
  }
}

/** What is to be known of an open file now; `path` is where it was when it was opened. */
export function seenOpen({ path, file }: OpenFile): SeenFile {
  return seen(path, fstatSync(file));
}

export function closeFile({ file }: OpenFile): void {
  closeSync(file);
}
