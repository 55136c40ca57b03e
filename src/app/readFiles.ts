import type { Decoder } from '../events/decode.ts';
import { UserError } from '../lib/errors.ts';
import { type FileIo, type InputFile, listInputs, nodeIo, readInput } from '../sources/file.ts';
import type { ScanProgress, Skipped } from './contract.ts';

export interface ReadPorts {
  readonly io?: FileIo;
  readonly onProgress?: (progress: ScanProgress) => void;
}

/** Where the bytes of files go. */
export interface Reader {
  /** One for each file, by its path. */
  decoder(source: string): Pick<Decoder<unknown>, 'push' | 'end'>;
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
    const why = await readFile(file, reader, io, signal, (length) => {
      bytes += length;
      tell('reading');
    });
    if (why !== null) skipped.push({ path: file.path, why });
    if (fileIndex === files.length - 1) tell('judging');
  }
  return { files: files.length, bytes, skipped };
}

/** Null: read to its end; else why not. */
async function readFile(
  file: InputFile,
  reader: Reader,
  io: FileIo,
  signal: AbortSignal | undefined,
  onChunk: (bytes: number) => void,
): Promise<string | null> {
  const decoder = reader.decoder(file.path);
  try {
    return (await readInto(decoder, file, io, signal, onChunk)) ? null : 'empty';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    decoder.end();
    return error.message;
  }
}

/**
 * Gives a file's bytes to a decoder, and ends it unless that is stopped by the signal. False: there were none.
 * @throws UserError when the file cannot be read to its end; the decoder has what came before
 */
export async function readInto(
  decoder: Pick<Decoder<unknown>, 'push' | 'end'>,
  file: InputFile,
  io: FileIo,
  signal: AbortSignal | undefined,
  onChunk: (bytes: number) => void,
): Promise<boolean> {
  let isEmpty = true;
  for await (const chunk of readInput(file, io)) {
    if (signal?.aborted) return true;
    isEmpty = false;
    decoder.push(chunk);
    onChunk(chunk.length);
  }
  decoder.end();
  return !isEmpty;
}
