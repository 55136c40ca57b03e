import { Worker } from 'node:worker_threads';
import { turn } from '../lib/clock.ts';
import { type Piece, PieceReader, type PieceTold, type ReaderSetup } from './piece.ts';

/** How many pieces may be read ahead of the oldest that is not taken yet, by each reader. */
const AHEAD = 2;

/** What became of a piece: go on, or pass over the other pieces of its file. */
export type Next = 'go on' | 'leave file';

export interface PoolOptions {
  readonly pieces: readonly Piece[];
  /** Threads that read, this one among them. */
  readonly jobs: number;
  readonly setup: ReaderSetup;
  /** Takes what pieces tell, in the order of the pieces. @param reader whose signs they are @param isLeft its file was left */
  readonly take: (piece: Piece, told: PieceTold, reader: number, isLeft: boolean) => Promise<Next>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads pieces on several threads and takes what they tell in order, so that nobody can see how many there were. This thread reads too:
 * while workers start, work is done.
 */
export async function readPieces(options: PoolOptions): Promise<void> {
  const pool = new Pool(options);
  try {
    await pool.run();
  } finally {
    await pool.close();
  }
}

class Pool {
  readonly #options: PoolOptions;
  readonly #local: PieceReader;
  readonly #workers: Worker[] = [];
  readonly #idle = new Set<number>();
  readonly #results = new Map<number, { readonly told: PieceTold; readonly reader: number }>();
  #next = 0;
  #taken = 0;
  /** The file whose other pieces are passed over. */
  #left: string | null = null;
  #failure: unknown = null;
  #wake: () => void = () => {};

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#local = new PieceReader(options.setup);
    const wanted = Math.min(options.jobs, options.pieces.length);
    for (let reader = 1; reader < wanted; reader++) this.#workers.push(this.#start(reader));
  }

  async run(): Promise<void> {
    const { pieces, signal } = this.#options;
    while (this.#taken < pieces.length && !signal?.aborted) {
      if (this.#failure !== null) throw this.#failure;
      this.#feedIdle();
      const result = this.#results.get(this.#taken);
      if (result !== undefined) await this.#take(result.told, result.reader);
      else if (this.#mayGive()) {
        const piece = this.#give();
        this.#results.set(piece.number, { told: this.#local.read(piece), reader: 0 });
        await turn();
      } else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #start(reader: number): Worker {
    // Built, this file is JavaScript, and so is the other.
    const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
    const worker = new Worker(new URL(file, import.meta.url), { workerData: this.#options.setup });
    worker.on('online', () => this.#onIdle(reader));
    worker.on('message', (told: PieceTold) => {
      this.#results.set(told.number, { told, reader });
      this.#onIdle(reader);
    });
    worker.on('error', (error) => {
      this.#failure = error;
      this.#wake();
    });
    return worker;
  }

  #onIdle(reader: number): void {
    this.#idle.add(reader);
    this.#feedIdle();
    this.#wake();
  }

  #feedIdle(): void {
    for (const reader of this.#idle) {
      if (!this.#mayGive()) return;
      this.#idle.delete(reader);
      this.#workers[reader - 1]!.postMessage(this.#give());
    }
  }

  #mayGive(): boolean {
    const { pieces, jobs } = this.#options;
    return this.#next < pieces.length && this.#next < this.#taken + AHEAD * jobs;
  }

  #give(): Piece {
    return this.#options.pieces[this.#next++]!;
  }

  async #take(told: PieceTold, reader: number): Promise<void> {
    const piece = this.#options.pieces[this.#taken]!;
    this.#results.delete(this.#taken);
    const next = await this.#options.take(piece, told, reader, piece.path === this.#left);
    if (next === 'leave file') this.#left = piece.path;
    this.#taken += 1;
  }
}
