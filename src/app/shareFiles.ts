import { type InputFile, isDivisible } from '../sources/file.ts';
import type { Gather } from './gather.ts';
import type { Piece, PieceTold, ReaderSetup } from './piece.ts';
import { type Next, readPieces } from './pool.ts';

/** How many threads read, and what each is given at a time. */
export interface Threads {
  readonly jobs: number;
  /** Bytes of a piece. */
  readonly piece?: number;
  /** Bytes of all files from which on more than one thread reads: a worker takes a while to start. */
  readonly from?: number;
}

const PIECE = 2 << 20;
const FROM = 32 << 20;

export interface ShareOptions {
  readonly files: readonly InputFile[];
  readonly threads: Threads;
  /** Null: files are read whole, on this thread. */
  readonly setup: ReaderSetup | null;
  readonly gather: Gather;
  /** Reads a file whole, or from a byte on, of which so many lines lie before. */
  readonly readWhole: (file: InputFile, from?: { readonly byte: number; readonly lines: number }) => Promise<void>;
  readonly onPiece: (piece: Piece, told: PieceTold) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Reads all files. Large ones are cut into pieces and read on several threads: what is told is the same, in the same places. */
export async function shareFiles(options: ShareOptions): Promise<void> {
  const { files, threads, setup, signal } = options;
  const bytes = files.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const isShared = setup !== null && threads.jobs > 1 && bytes >= (threads.from ?? FROM);
  const shared = new Set(isShared ? files.filter(isDivisible) : []);
  for (const file of files) {
    if (signal?.aborted) return;
    if (!shared.has(file)) await options.readWhole(file);
  }
  if (setup === null || shared.size === 0) return;
  const take = new Take(options);
  await readPieces({
    pieces: [...piecesOf([...shared], threads.piece ?? PIECE)].map((piece, number) => ({ ...piece, number })),
    jobs: threads.jobs,
    setup,
    take: (piece, told, reader, isLeft) => take.one(piece, told, reader, isLeft),
    signal,
  });
}

function* piecesOf(files: readonly InputFile[], length: number): Generator<Omit<Piece, 'number'>> {
  for (const { path, size } of files) {
    for (let from = 0; from < size!; from += length)
      yield { path, from, to: from + length, isLast: from + length >= size! };
  }
}

class Take {
  readonly #options: ShareOptions;

  constructor(options: ShareOptions) {
    this.#options = options;
  }

  async one(piece: Piece, told: PieceTold, reader: number, isLeft: boolean): Promise<Next> {
    const { gather, onPiece, readWhole } = this.#options;
    if (isLeft) {
      gather.learn(told, reader);
      return 'leave file';
    }
    if (told.trouble === null) {
      gather.take(piece, told, reader);
      onPiece(piece, told);
      return 'go on';
    }
    // A document over several lines that may end in another piece, or an error to be told: the rest is read in one go.
    gather.learn(told, reader);
    await readWhole({ path: piece.path, size: null }, { byte: told.start, lines: gather.linesBefore(piece) });
    return 'leave file';
  }
}

/** In order of the files, as one thread would find them. */
export function inOrder<T extends { readonly path: string }>(skipped: readonly T[], files: readonly InputFile[]): T[] {
  const rank = new Map(files.map(({ path }, at) => [path, at]));
  return [...skipped].sort((a, b) => (rank.get(a.path) ?? -1) - (rank.get(b.path) ?? -1));
}
