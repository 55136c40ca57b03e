import type { Decoder } from '../events/decode.ts';
import { UserError } from '../lib/errors.ts';
import type { SkippedFile } from '../report/context.ts';
import { type FileIo, type InputFile, listInputs, nodeIo, readInput } from '../sources/file.ts';
import type { ScanProgress } from './contract.ts';

export interface ReadPorts {
  readonly io?: FileIo;
  readonly onProgress?: (progress: ScanProgress) => void;
}

/** Where the bytes of files go. */
export interface Reader {
  /** One for each file, by its path; `noText` is told if it is none. */
  decoder(source: string, noText: (what: string) => void): Pick<Decoder<unknown>, 'push' | 'end'>;
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
  const sizes = files.map(({ size }) => size);
  const totalBytes = sizes.includes(null) ? null : sizes.reduce((sum: number, size) => sum + (size ?? 0), 0);
  let bytes = 0;
  for (const [fileIndex, file] of files.entries()) {
    const tell = (phase: ScanProgress['phase']) =>
      onProgress?.({
        bytes,
        totalBytes,
        file: file.path,
        fileIndex,
        files: files.length,
        records: reader.records,
        phase,
      });
    const why = await readFile(file, reader, io, signal, (length) => {
      bytes += length;
      tell('reading');
    });
    if (why !== null) skipped.push(why);
    if (fileIndex === files.length - 1) tell('judging');
  }
  return { files: files.length, bytes, skipped };
}

function noText(path: string, what: string): SkippedFile {
  const [kind = what, cure = null] = what.split(': ');
  const why = cure === null ? `not a log; ${kind}` : kind;
  return { path, code: 'CW-2003', why, facts: [], cure, records: 0 };
}

function skippedBy(path: string, { code, message, facts, cure }: UserError, records: number): SkippedFile {
  return { path, code, why: message, facts, cure, records };
}

/** Null: records were read, to its end; else why not. */
async function readFile(
  file: InputFile,
  reader: Reader,
  io: FileIo,
  signal: AbortSignal | undefined,
  onChunk: (bytes: number) => void,
): Promise<SkippedFile | null> {
  const { path } = file;
  const before = reader.records;
  let why: SkippedFile | null = null;
  const decoder = reader.decoder(path, (what) => {
    why = noText(path, what);
  });
  try {
    for await (const chunk of readInput(file, io)) {
      if (signal?.aborted) return null;
      decoder.push(chunk);
      onChunk(chunk.length);
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    why = skippedBy(path, error, reader.records - before);
  }
  decoder.end();
  if (why !== null || reader.records > before) return why;
  return { path, code: null, why: 'it holds no record', facts: [], cure: null, records: 0 };
}
