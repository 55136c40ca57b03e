import { UserError } from '../lib/errors.ts';
import { type FileIo, type InputFile, listInputs, nodeIo, readInput } from '../sources/file.ts';
import type { ScanProgress, Skipped } from './contract.ts';

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
  /** One for each file, by its path. */
  decoder(source: string): FileReader;
  /** So far. */
  readonly records: number;
}

export interface FilesRead {
  readonly files: number;
  readonly bytes: number;
  /** Files that could not be read, or not to their end. */
  readonly skipped: readonly Skipped[];
}

/** Reads every file below the paths, one after another. What cannot be read is told; the rest is read on. */
export async function readFiles(
  paths: readonly string[],
  reader: Reader,
  { io = nodeIo, onProgress }: ReadPorts,
  signal?: AbortSignal,
): Promise<FilesRead> {
  const { files, problems } = listInputs(paths, io);
  const skipped: Skipped[] = problems.map(({ path, error }) => ({ path, why: error.message }));
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
    const onChunk = (length: number) => {
      bytes += length;
      tell('reading');
    };
    const why = await readFile(file, reader.decoder(file.path), { io, onChunk }, signal);
    if (why !== null) skipped.push({ path: file.path, why });
    if (fileIndex === files.length - 1) tell('judging');
  }
  return { files: files.length, bytes, skipped };
}

interface FileReading {
  readonly io: FileIo;
  /** So many bytes more were read. */
  readonly onChunk: (bytes: number) => void;
  /** The first byte that is given to the reader; those before it were read before. */
  readonly from?: number;
}

/** Null: read to its end; else why not. */
export async function readFile(
  file: InputFile,
  reader: FileReader,
  reading: FileReading,
  signal?: AbortSignal,
): Promise<string | null> {
  try {
    return (await readInto(reader, file, reading, signal)) ? null : 'empty';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    reader.end();
    return error.message;
  }
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
