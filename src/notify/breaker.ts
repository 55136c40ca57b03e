/** Failures in a row after which only one message at a time tries. */
const PATIENCE = 5;
const FIRST_PAUSE = 5000;
const LONGEST_PAUSE = 60_000;

/**
 * Whether a receiver is worth trying. *Closed*: it is. After 5 failures in a row *open*: nothing is sent until a pause is over. Then *half open*: one
 * message tries; if it fails the pause doubles, to a minute at most, and any answer that is no failure closes it.
 */
export class Breaker {
  #failures = 0;
  #openUntil = 0;
  #isProbing = false;
  /** When the first of them was; milliseconds. */
  #since: number | null = null;

  /** Since when nothing arrives; null: it is not open. */
  get openSince(): number | null {
    return this.isClosed ? null : this.#since;
  }

  get isClosed(): boolean {
    return this.#failures < PATIENCE;
  }

  /** When the next try may be made; milliseconds. Infinite while one is being made. */
  next(now: number): number {
    if (this.isClosed) return now;
    return this.#isProbing ? Number.POSITIVE_INFINITY : Math.max(now, this.#openUntil);
  }

  started(): void {
    if (!this.isClosed) this.#isProbing = true;
  }

  failed(now: number): void {
    this.#isProbing = false;
    if (this.#failures++ === 0) this.#since = now;
    const doublings = Math.min(Math.max(0, this.#failures - PATIENCE), 10);
    this.#openUntil = now + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** doublings);
  }

  /** Gives whether it was open. */
  succeeded(): boolean {
    const wasOpen = !this.isClosed;
    this.#failures = 0;
    this.#isProbing = false;
    return wasOpen;
  }

  /** Nothing came of the try, because it was stopped. */
  released(): void {
    this.#isProbing = false;
  }
}
