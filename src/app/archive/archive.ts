import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../lib/clock.ts';
import type { Batch } from '../../sources/source.ts';
import type { Log } from '../../telemetry/log.ts';
import type { ChunkToPack, PackAnswer } from './archiveWorker.ts';
import { Spool, type SpoolOptions } from './spool.ts';
import type { ArchivePlace } from './target.ts';

export interface ArchiveOptions {
  readonly place: ArchivePlace;
  /** The data folder: what waits is kept in it. */
  readonly data: string;
  readonly spool: SpoolOptions;
  readonly clock: Clock;
  readonly log: Log;
}

/** How far the archive is behind. */
export interface ArchiveLag {
  readonly bytes: number;
  readonly seconds: number;
  /** Batches that are not in it and never will be. */
  readonly lost: number;
}

/** How often it is looked whether a chunk is old enough; and how long after a failure it is tried again. */
const LOOK = 5000;
const AGAIN = 30_000;

/**
 * Everything that is accepted, written elsewhere for later. It is off the way of detection: batches go to a queue on disk as they came, and
 * another thread makes files of them. Where that does not keep up, the queue grows to its bound, and then batches are left out and counted.
 */
export class Archive {
  readonly #options: ArchiveOptions;
  readonly #spool: Spool;
  /** Null: it is not started, or ended by itself. */
  #worker: Worker | null = null;
  #lost = 0;
  #isFull = false;
  #failure: string | null = null;
  #answer: ((answer: PackAnswer) => void) | null = null;

  constructor(options: ArchiveOptions) {
    this.#options = options;
    this.#spool = new Spool(join(options.data, 'archive-queue'), options.spool);
  }

  /** Never throws: what cannot be kept is left out, told and counted. */
  take(batch: Batch): void {
    const { clock, log } = this.#options;
    try {
      if (this.#spool.add(batch, clock.now())) {
        this.#isFull = false;
        return;
      }
      if (!this.#isFull)
        log.error({ bytes: this.#spool.bytes }, 'the queue of the archive is full; batches are left out');
      this.#isFull = true;
    } catch (error) {
      log.error({ error: (error as NodeJS.ErrnoException).code ?? String(error) }, 'a batch could not be archived');
    }
    this.#lost += 1;
  }

  lag(): ArchiveLag {
    const { since, bytes } = this.#spool;
    const seconds = since === null ? 0 : Math.max(0, (this.#options.clock.now() - since) / 1000);
    return { bytes, seconds, lost: this.#lost };
  }

  /** Until it is stopped. What waits then is archived after the next start. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      const isDone = await this.step(signal);
      if (!signal.aborted) await clock.sleep(this.#failure === null ? (isDone ? LOOK : 0) : AGAIN, signal);
    }
    this.#spool.close(clock.now(), true);
    await this.#worker?.terminate();
  }

  /** Packs the oldest chunk that is whole. @returns whether nothing is left to be packed */
  async step(signal: AbortSignal): Promise<boolean> {
    this.#spool.close(this.#options.clock.now());
    const chunk = this.#spool.oldest();
    if (chunk === null) return true;
    const answer = await this.#pack(chunk, signal);
    if (answer === null) return true;
    if ('failed' in answer) this.#fail(answer.failed);
    else {
      if (this.#failure !== null) this.#options.log.info({}, 'the archive can be written again');
      this.#failure = null;
      this.#spool.remove(chunk.number);
    }
    return this.#failure !== null || this.#spool.oldest() === null;
  }

  /** Null: it was stopped meanwhile. */
  #pack(chunk: ChunkToPack, signal: AbortSignal): Promise<PackAnswer | null> {
    return new Promise((resolve) => {
      const stop = (): void => resolve(null);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      this.#answer = (answer) => {
        signal.removeEventListener('abort', stop);
        resolve(answer);
      };
      this.#started().postMessage(chunk);
    });
  }

  #started(): Worker {
    if (this.#worker !== null) return this.#worker;
    const file = import.meta.url.endsWith('.ts') ? './archiveWorker.ts' : './archiveWorker.js';
    const worker = new Worker(new URL(file, import.meta.url), { workerData: this.#options.place });
    worker.on('message', (answer: PackAnswer) => this.#settle(answer));
    worker.on('error', (error) => {
      this.#worker = null;
      this.#settle({ number: -1, failed: error.name });
    });
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #settle(answer: PackAnswer): void {
    this.#answer?.(answer);
    this.#answer = null;
  }

  #fail(why: string): void {
    if (this.#failure === null) this.#options.log.error({ error: why }, 'the archive cannot be written; it waits');
    this.#failure = why;
  }
}
