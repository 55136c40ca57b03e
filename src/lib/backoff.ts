/** How long to wait between attempts; milliseconds. */
export interface BackoffOptions {
  /** The longest wait after the first failure. */
  readonly first: number;
  /** No wait is longer. */
  readonly most: number;
  /** 0 to 1. */
  readonly random: () => number;
}

/**
 * Waits that double with each failure, with equal jitter: each lies between half of its step and all of it, so that many who failed
 * together do not come back together, and none comes back at once.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** Failures since the last success. */
  get failures(): number {
    return this.#failures;
  }

  /** Counts a failure. @param atLeast what the other side asked for; it is kept, even where it is more than `most` */
  next(atLeast = 0): number {
    const { first, most, random } = this.#options;
    const step = Math.min(most, first * 2 ** Math.min(this.#failures, 50));
    this.#failures++;
    return Math.max(atLeast, Math.round(step / 2 + (step / 2) * random()));
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
