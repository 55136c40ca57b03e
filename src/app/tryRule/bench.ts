import { Worker } from 'node:worker_threads';
import type { BacktestAnswer, LintAnswer, RuleTestAnswer } from '../../api/contract.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Stored } from './backtest.ts';
import type { Draft, Surroundings } from './draft.ts';

export type Task =
  | { readonly kind: 'lint'; readonly draft: Draft }
  | { readonly kind: 'test'; readonly draft: Draft; readonly timeline: string | null }
  | { readonly kind: 'backtest'; readonly draft: Draft; readonly stored: Stored };

interface Answers {
  readonly lint: LintAnswer;
  readonly test: RuleTestAnswer;
  readonly backtest: BacktestAnswer;
}

/** What one try may take, in milliseconds and megabytes: a text is not ours, and the service has other things to do. */
const MOST_TIME = 30_000;
const MOST_MEMORY = 768;
/** A worker that nobody needed for so long ends. */
const IDLE = 60_000;

/** What became of a try. `broken`: it took too long, or too much memory, or failed. */
export type Tried<Kind extends Task['kind']> =
  | { readonly kind: 'answered'; readonly answer: Answers[Kind] }
  | { readonly kind: 'busy' }
  | { readonly kind: 'broken'; readonly why: string };

/** Tries texts of rules in a thread of its own, one at a time. */
export class Bench {
  readonly #clock: Clock;
  readonly #surroundings: () => Surroundings;
  #worker: Worker | null = null;
  #isBusy = false;
  #isEnded = false;
  #idle = new AbortController();

  /** @param surroundings as they are now */
  constructor(clock: Clock, surroundings: () => Surroundings) {
    this.#clock = clock;
    this.#surroundings = surroundings;
  }

  async run<T extends Task>(task: T): Promise<Tried<T['kind']>> {
    if (this.#isBusy) return { kind: 'busy' };
    this.#isBusy = true;
    this.#idle.abort();
    try {
      return { kind: 'answered', answer: (await this.#ask(task)) as Answers[T['kind']] };
    } catch (error) {
      await this.close();
      return { kind: 'broken', why: error instanceof Error ? error.message : String(error) };
    } finally {
      this.#isBusy = false;
      if (!this.#isEnded) void this.#endLater();
    }
  }

  /** The service stops: nothing is waited for any more. */
  end(): Promise<void> {
    this.#isEnded = true;
    return this.close();
  }

  /** Other rules: the next try begins anew. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#idle.abort();
    await worker?.terminate();
  }

  #ask(task: Task): Promise<unknown> {
    const worker = this.#worker ?? this.#start();
    this.#worker = worker;
    const late = new AbortController();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const ended = (): void => reject(new Error('it was ended'));
    worker.once('message', resolve).once('error', reject).once('exit', ended);
    void this.#clock.sleep(MOST_TIME, late.signal).then(() => {
      if (!late.signal.aborted) reject(new Error(`it took more than ${MOST_TIME / 1000} s`));
    });
    worker.postMessage(task);
    return promise.finally(() => {
      late.abort();
      worker.off('message', resolve).off('error', reject).off('exit', ended);
    });
  }

  #start(): Worker {
    // Built, this file is JavaScript, and so is the other.
    const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData: this.#surroundings(),
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY },
    });
    worker.unref();
    return worker;
  }

  async #endLater(): Promise<void> {
    this.#idle = new AbortController();
    const { signal } = this.#idle;
    await this.#clock.sleep(IDLE, signal);
    if (!signal.aborted && !this.#isBusy) await this.close();
  }
}
