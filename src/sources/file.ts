import { closeSync, globSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { compareText } from '../lib/compare.ts';
import { ofCall, UserError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { shellWord } from '../lib/shell.ts';
import { type Ownership, ownershipOf } from './ownership.ts';
import { asUtf8, isUtf16 } from './utf8.ts';

/** A file to read. `size` in bytes; null for standard input. */
export interface InputFile {
  readonly path: string;
  readonly size: number | null;
}

export interface Inputs {
  readonly files: readonly InputFile[];
  /** What could not be listed: the rest is read on. */
  readonly problems: readonly { readonly path: string; readonly error: UserError }[];
}

/** What listing and reading need of the file system; a test gives one that fails. */
export interface FileIo {
  stat(path: string): { readonly isFolder: boolean; readonly size: number };
  list(folder: string): readonly string[];
  glob(pattern: string): readonly string[];
  open(path: string): number;
  read(file: number, into: Uint8Array): number;
  close(file: number): void;
}

export const nodeIo: FileIo = {
  stat: (path) => {
    const found = statSync(path);
    return { isFolder: found.isDirectory(), size: found.size };
  },
  list: (folder) => readdirSync(folder),
  glob: (pattern) => globSync(pattern),
  open: (path) => openSync(path, 'r'),
  read: (file, into) => readSync(file, into, 0, into.length, null),
  close: (file) => closeSync(file),
};

const CHUNK = 1 << 20;

/** All files below the given files, folders and globs (`-`: standard input), each once, in order of their paths. */
export function listInputs(paths: readonly string[], io: FileIo = nodeIo): Inputs {
  const files = new Map<string, InputFile>();
  const problems: { path: string; error: UserError }[] = [];
  const visit = (path: string, isNamed: boolean): void => {
    try {
      const { isFolder, size } = io.stat(path);
      if (isFolder) for (const name of [...io.list(path)].sort()) visit(join(path, name), false);
      else files.set(path, { path, size });
    } catch (error) {
      const found = isNamed && isMissing(error) ? [...io.glob(path)].sort() : [];
      if (found.length === 0) problems.push({ path, error: inputError(path, error, io) });
      for (const match of found) visit(match, false);
    }
  };
  for (const path of paths) {
    if (path === '-') files.set('-', { path: '-', size: null });
    else visit(path, true);
  }
  return { files: [...files.values()].sort((a, b) => compareText(a.path, b.path)), problems };
}

/**
 * The bytes of a file, decompressed if they are gzip or zstd, as UTF-8 if they are UTF-16 (by content, not by name). A chunk is only
 * valid until the next one.
 * @param space where the next bytes should be put: those that need no more work are read there
 * @throws UserError when the file cannot be opened, read or decompressed to its end; what could be read was given before.
 */
export async function* readInput(
  file: InputFile,
  io: FileIo = nodeIo,
  space: () => Uint8Array = ownSpace(),
): AsyncGenerator<Uint8Array> {
  const chunks = file.path === '-' ? stdinChunks() : fileChunks(file.path, io, space);
  const first = await chunks.next();
  if (first.done) return;
  const all = resume(first.value, chunks);
  const decompressor = decompressorFor(first.value);
  yield* asUtf8(decompressor === null ? all : decompressed(file.path, all, decompressor));
}

/** Can parts of the file be read for themselves? Not if it is compressed, empty, standard input, or cannot be read. */
export function isDivisible({ path, size }: InputFile): boolean {
  if (size === null || size === 0) return false;
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    const head = Buffer.alloc(4);
    return readSync(file, head) > 0 && decompressorFor(head) === null && !isUtf16(head);
  } catch {
    return false;
  } finally {
    if (file !== null) closeSync(file);
  }
}

async function* resume(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

async function* stdinChunks(): AsyncGenerator<Uint8Array> {
  yield* process.stdin as AsyncIterable<Buffer>;
}

function ownSpace(): () => Uint8Array {
  const buffer = Buffer.allocUnsafe(CHUNK);
  return () => buffer;
}

async function* fileChunks(path: string, io: FileIo, space: () => Uint8Array): AsyncGenerator<Uint8Array> {
  const file = guarded(path, io, () => io.open(path));
  try {
    for (;;) {
      const buffer = space();
      const length = guarded(path, io, () => io.read(file, buffer));
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    io.close(file);
  }
}

function guarded<T>(path: string, io: FileIo, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw inputError(path, error, io);
  }
}

function decompressorFor(head: Uint8Array): (() => NodeJS.ReadWriteStream) | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return createGunzip;
  const isZstd = head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd;
  return isZstd ? createZstdDecompress : null;
}

/** A file that grows more than a thousandfold is no log but a bomb. */
const MAX_RATIO = 1000;
const RATIO_FROM = 64 << 20;

async function* decompressed(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  create: () => NodeJS.ReadWriteStream,
): AsyncGenerator<Uint8Array> {
  let taken = 0;
  let given = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      taken += chunk.length;
      // The reader's buffer is used again; a stream may still hold the last chunk.
      yield Buffer.from(chunk);
    }
  };
  const stream = create();
  const source = Readable.from(counted());
  source.on('error', (error) => (stream as unknown as Readable).destroy(error));
  source.pipe(stream);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      given += chunk.length;
      if (given > RATIO_FROM && given > taken * MAX_RATIO) throw bomb(path);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('CW-2006', `${path} is damaged: its compression ends early or is not valid`, {
      facts: [`what came before byte ${given} of its content was read`],
      cure: 'copy the file again from where it came',
    });
  } finally {
    source.destroy();
  }
}

function bomb(path: string): UserError {
  return new UserError('CW-2006', `${path} expands more than ${MAX_RATIO}-fold and was not read further`, {
    cure: 'decompress it first and look at what it holds',
  });
}

/** Why a file or folder cannot be read: CW-2001, CW-2002, CW-2007. */
export function inputError(path: string, error: unknown, io: FileIo): UserError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'EACCES' || code === 'EPERM') {
    return refused(path, ownershipOf(path));
  }
  if (!isMissing(error)) return new UserError('CW-2007', `${path} could not be read (${code || 'unknown reason'})`);
  const near = neighbour(path, io);
  return new UserError('CW-2001', `no such file or folder: ${path}`, near ? { facts: [`did you mean ${near} ?`] } : {});
}

/** Exported for tests: no permission, with who may grant it. */
export function refused(path: string, found: Ownership | null): UserError {
  const what = `no permission to read ${path}`;
  if (found === null) return new UserError('CW-2002', what, { cure: `run as a user who may read ${path}` });
  const { owner, mode, you, isFolder } = found;
  const place = shellWord(found.path) ?? found.path;
  const isOwn = owner === you;
  const change = `chmod ${isOwn ? 'u' : 'g'}+r${isFolder ? 'x' : ''} ${place}`;
  return new UserError('CW-2002', what, {
    facts: [`${found.path === path ? '' : `${found.path}: `}owner ${owner}, mode ${mode}; you are ${you}`],
    cure: isOwn ? change : `sudo ${change}, or run as a user who may read it`,
  });
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** A text file that belongs to how the program was called; `what` names it. @throws UserError with exit code 2 */
export function readCallFile(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw ofCall(inputError(path, error, nodeIo), what);
  }
}

function neighbour(path: string, io: FileIo): string | null {
  try {
    const folder = dirname(path);
    const found = nearest(path.split('/').filter(Boolean).at(-1) ?? '', io.list(folder));
    return found && (folder === '.' ? found : join(folder, found));
  } catch {
    return null;
  }
}
