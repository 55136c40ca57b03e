import type { Clock } from './clock.ts';

export interface ProgressOptions {
  readonly clock: Clock;
  readonly write: (text: string) => void;
  /** `line`: one line, rewritten; `plain`: a whole line every ten seconds; `off`: nothing. */
  readonly mode: 'line' | 'plain' | 'off';
  readonly width: number;
}

const AFTER = 500;
const LINE_EVERY = 100;
const PLAIN_EVERY = 10_000;

/** Tells how long work goes on: nothing in the first half second, then at most ten times a second. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #start: number;
  #last = Number.NEGATIVE_INFINITY;
  #isShown = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#start = options.clock.now();
  }

  /** @param tell made only when it is time to show it */
  update(tell: (elapsedMs: number) => string): void {
    const { mode, clock, write, width } = this.#options;
    if (mode === 'off') return;
    const now = clock.now();
    const elapsed = now - this.#start;
    if (elapsed < AFTER || now - this.#last < (mode === 'line' ? LINE_EVERY : PLAIN_EVERY)) return;
    if (mode === 'plain' && elapsed < PLAIN_EVERY) return;
    this.#last = now;
    const text = tell(elapsed);
    if (mode === 'plain') {
      write(`${text}\n`);
      return;
    }
    write(`\r\u001b[K${text.slice(0, width - 1)}`);
    this.#isShown = true;
  }

  /** Removes the line, so that data can be printed. */
  clear(): void {
    if (this.#isShown) this.#options.write('\r\u001b[K');
    this.#isShown = false;
  }
}
