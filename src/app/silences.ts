/** Times in which records came, in whole seconds since 1970, both inclusive. */
interface Run {
  from: number;
  to: number;
}

/** A time without records: between the seconds of two of them, or (`isOpen`) from the last one to the end. */
export interface Silence {
  readonly from: number;
  readonly to: number;
  readonly isOpen: boolean;
}

/** Records no further apart than this are no silence; seconds. */
const CLOSE = 60;

/** Runs that are kept. Beyond them the shorter half of the silences between them is forgotten. */
const MOST = 64;

/**
 * The longest silence in one log of one account, in little memory. Records may come in any order. It is exact where they come in order
 * of time, or where there are few silences; `forgotten` says how long one may be that is not told.
 */
export class Silences {
  readonly #runs: Run[] = [];
  #at = 0;
  #forgotten = 0;

  /** Seconds: no silence longer than this and than the one that `longest` tells is missed. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** A record came. @param second since 1970 */
  add(second: number): void {
    const recent = this.#runs[this.#at];
    if (recent !== undefined && second >= recent.from && second <= recent.to) return;
    const at = this.#before(second);
    const [before, after] = [this.#runs[at], this.#runs[at + 1]];
    this.#at = Math.max(0, at);
    if (before !== undefined && second <= before.to) return;
    const isNear = before !== undefined && second - before.to <= CLOSE;
    const isNext = after !== undefined && after.from - second <= CLOSE;
    if (isNear && isNext) {
      before.to = after.to;
      this.#runs.splice(at + 1, 1);
    } else if (isNear) before.to = second;
    else if (isNext) after.from = second;
    else {
      this.#runs.splice(at + 1, 0, { from: second, to: second });
      if (this.#runs.length > MOST) this.#forget();
    }
  }

  /** The longest: between two records, or from the last one to `end`; null: none is longer than a minute. Of equals the first. */
  longest(end: number): Silence | null {
    let longest: Silence | null = null;
    for (const [at, run] of this.#runs.entries()) {
      const next = this.#runs[at + 1];
      const silence = { from: run.to, to: next?.from ?? end, isOpen: next === undefined };
      if (silence.to - silence.from > Math.max(CLOSE, longest === null ? 0 : longest.to - longest.from))
        longest = silence;
    }
    return longest;
  }

  /** Index of the last run that begins at or before a second, or -1. */
  #before(second: number): number {
    let [low, high] = [0, this.#runs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#runs[middle]!.from <= second) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #forget(): void {
    const gaps = this.#runs.slice(1).map((run, at) => run.from - this.#runs[at]!.to);
    const limit = [...gaps].sort((a, b) => a - b)[gaps.length >> 1]!;
    const longest = gaps.indexOf(Math.max(...gaps));
    this.#forgotten = Math.max(this.#forgotten, limit);
    const kept: Run[] = [];
    for (const [at, run] of this.#runs.entries()) {
      const isKept = at === 0 || gaps[at - 1]! > limit || at - 1 === longest;
      if (isKept) kept.push(run);
      else kept.at(-1)!.to = run.to;
    }
    this.#runs.splice(0, this.#runs.length, ...kept);
    this.#at = 0;
  }
}
