import { Chains } from '../engine/chains.ts';
import { Contents, type Second } from '../engine/measure.ts';
import { conditionHolds } from '../engine/window.ts';
import type { Correlation } from '../ir/ir.ts';

/**
 * What one key of a correlation has seen, by event time, whatever the order in which it came. While it comes in order the window slides
 * and a second costs what it brings; one that comes late costs what its own window holds.
 */
export class History {
  readonly #correlation: Correlation;
  /** By `at`; several may stand for one second. */
  readonly #seconds: Second[] = [];
  /** The window that ends with the newest second; null: something came late, so it must be made anew. */
  #sliding: Contents | null = new Contents();

  constructor(correlation: Correlation) {
    this.#correlation = correlation;
  }

  get size(): number {
    return this.#seconds.length;
  }

  /** Does the condition hold at this second, given all that was added before it? */
  add(second: Second): boolean {
    const end = after(this.#seconds, second.at);
    const isNewest = end === this.#seconds.length;
    this.#seconds.splice(end, 0, second);
    if (this.#correlation.type === 'temporal_ordered' || !isNewest) {
      this.#sliding = null;
      return this.#holdsAt(second.at);
    }
    if (this.#sliding === null) this.#sliding = contentsOf(this.#upTo(second.at));
    else this.#sliding.push(second);
    this.#sliding.prune(second.at - this.#correlation.window);
    return conditionHolds(this.#correlation, this.#sliding, null);
  }

  /** Drops what lies before a second. */
  forget(before: number): void {
    this.#seconds.splice(0, after(this.#seconds, before - 1));
  }

  #holdsAt(at: number): boolean {
    const seconds = this.#upTo(at);
    const isOrdered = this.#correlation.type === 'temporal_ordered';
    return conditionHolds(
      this.#correlation,
      contentsOf(seconds),
      isOrdered ? longestChain(seconds, this.#correlation.rules.length) : null,
    );
  }

  /** The seconds of the window that ends with this one. */
  #upTo(at: number): Second[] {
    return this.#seconds.slice(after(this.#seconds, at - this.#correlation.window - 1), after(this.#seconds, at));
  }
}

/** How many seconds lie at or before this one. */
function after(seconds: readonly Second[], at: number): number {
  let [low, high] = [0, seconds.length];
  if (high === 0 || seconds[high - 1]!.at <= at) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (seconds[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function contentsOf(seconds: readonly Second[]): Contents {
  const contents = new Contents();
  for (const second of seconds) contents.push(second);
  return contents;
}

/** All that one second brought counts together, as it does in a scan: the order within it is not known. */
function longestChain(seconds: readonly Second[], rules: number): number {
  const chains = new Chains(rules);
  for (const [at, own] of Map.groupBy(seconds, (second) => second.at)) {
    chains.add(at, new Set(own.flatMap((second) => [...second.rules])));
  }
  return chains.longest(Number.NEGATIVE_INFINITY);
}
