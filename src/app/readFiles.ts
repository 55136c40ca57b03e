import { UserError } from '../lib/errors.ts';
import type { SkippedFile } from '../report/context.ts';
import { type FileIo, type InputFile, listInputs, nodeIo, readInput } from '../sources/file.ts';
import type { ScanProgress } from './contract.ts';

export interface ReadPorts {
  readonly io?: FileIo;
  readonly onProgress?: (progress: ScanProgress) => void;
}

/** Takes the bytes of one file. */
export interface FileReader {
  /** Where the next bytes should be put, if that makes a difference. */
  readonly space?: () => Uint8Array;
  push(chunk: Uint8Array): void;
  end(): void;
}

/** Where the bytes of files go. */
export interface Reader {
  /** One for each file, by its path; `noText` is told if it is none. */
  decoder(source: string, noText: (what: string) => void): FileReader;
  /** So far. */
  readonly records: number;
}

export interface FilesRead {
  readonly files: number;
  readonly bytes: number;
  /** Files that could not be read, or not to their end. */
  readonly skipped: readonly SkippedFile[];
}

/** Reads every file below the paths, one after another. What cannot be read is told; the rest is read on. */
export async function readFiles(
  paths: readonly string[],
  reader: Reader,
  { io = nodeIo, onProgress }: ReadPorts,
  signal?: AbortSignal,
): Promise<FilesRead> {
  const { files, problems } = listInputs(paths, io);
  const skipped = problems.map(({ path, error }) => skippedBy(path, error, 0));
  let bytes = 0;
  const tell = progressOver(files, onProgress);
  for (const file of files) {
    const onChunk = (length: number) => {
      bytes += length;
      tell(file.path, 'reading', bytes, reader.records);
    };
    const why = await readFile(file, reader, { io, onChunk }, signal);
    if (why !== null) skipped.push(why);
    if (file === files.at(-1)) tell(file.path, 'judging', bytes, reader.records);
  }
  return { files: files.length, bytes, skipped };
}

/** Tells how far the reading of files has come. */
export function progressOver(files: readonly InputFile[], onProgress: ReadPorts['onProgress']) {
  const sizes = files.map(({ size }) => size);
  const totalBytes = sizes.includes(null) ? null : sizes.reduce((sum: number, size) => sum + (size ?? 0), 0);
  const indexes = new Map(files.map(({ path }, index) => [path, index]));
  return (file: string, phase: ScanProgress['phase'], bytes: number, records: number): void =>
    onProgress?.({ bytes, totalBytes, file, fileIndex: indexes.get(file)!, files: files.length, records, phase });
}

function noText(path: string, what: string): SkippedFile {
  const [kind = what, cure = null] = what.split(': ');
  const why = cure === null ? `not a log; ${kind}` : kind;
  return { path, code: 'CW-2003', why, facts: [], cure, records: 0 };
}

export function skippedBy(path: string, { code, message, facts, cure }: UserError, records: number): SkippedFile {
  return { path, code, why: message, facts, cure, records };
}

interface FileReading {
  readonly io: FileIo;
  /** So many bytes more were read. */
  readonly onChunk: (bytes: number) => void;
  /** The first byte that is given to the reader; those before it were read before. */
  readonly from?: number;
}

/** Null: records were read, to its end; else why not. */
export async function readFile(
  file: InputFile,
  reader: Reader,
  reading: FileReading,
  signal?: AbortSignal,
): Promise<SkippedFile | null> {
  const { path } = file;
  const before = reader.records;
  let why: SkippedFile | null = null;
  const one = reader.decoder(path, (what) => {
    why = noText(path, what);
  });
  try {
    await readInto(one, file, reading, signal);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    why = skippedBy(path, error, reader.records - before);
    one.end();
  }
  if (why !== null || reader.records > before || signal?.aborted) return why;
  return { path, code: null, why: 'it holds no record', facts: [], cure: null, records: 0 };
}

/**
 * Gives a file's bytes to a reader, and ends it unless that is stopped by the signal. False: there were none.
 * @throws UserError when the file cannot be read to its end; the reader has what came before
 */
export async function readInto(
  reader: FileReader,
  file: InputFile,
  { io, onChunk, from = 0 }: FileReading,
  signal?: AbortSignal,
): Promise<boolean> {
  let read = 0;
  for await (const chunk of readInput(file, io, from === 0 ? reader.space : undefined)) {
    if (signal?.aborted) return true;
    const known = Math.min(chunk.length, Math.max(0, from - read));
    read += chunk.length;
    reader.push(chunk.subarray(known));
    onChunk(chunk.length - known);
  }
  reader.end();
  return read > 0;
}
