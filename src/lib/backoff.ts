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
 * How long to wait after so many failures before this one, in milliseconds: doubling, with equal jitter. Each wait lies between half of its
 * step and all of it, so that many who failed together do not come back together, and none comes back at once.
 */
export function waitAfter(failures: number, { first, most, random }: BackoffOptions): number {
  const step = Math.min(most, first * 2 ** Math.min(failures, 50));
  return step / 2 + (step / 2) * random();
}

/** Such waits, with their failures counted. */
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
    return Math.max(atLeast, Math.round(waitAfter(this.#failures++, this.#options)));
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
