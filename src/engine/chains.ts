const NEVER = Number.NEGATIVE_INFINITY;

/**
 * Chains `e1 <= e2 <= ...` of hits of different rules, in the order of the correlation's list; rules may be left out between two of them.
 * Kept as the latest start of a chain of each length that ends in each rule, so a second costs the square of the number of rules.
 */
export class Chains {
  /** `[rule][length - 1]`: the latest start. */
  readonly #starts: number[][];
  /** `[length - 1]`: the latest start of all. */
  #latest: number[];

  constructor(rules: number) {
    this.#starts = Array.from({ length: rules }, () => new Array<number>(rules).fill(NEVER));
    this.#latest = new Array<number>(rules).fill(NEVER);
  }

  /** All that hit in a second; seconds come in order. Hits of one second may follow each other. */
  add(second: number, hit: ReadonlySet<number>): void {
    const before = new Array<number>(this.#starts.length).fill(NEVER);
    for (const [rule, starts] of this.#starts.entries()) {
      if (hit.has(rule))
        for (let length = starts.length; length > 0; length--) {
          const start = length === 1 ? second : before[length - 2]!;
          starts[length - 1] = Math.max(starts[length - 1]!, start);
        }
      for (const [at, start] of starts.entries()) before[at] = Math.max(before[at]!, start);
    }
    this.#latest = before;
  }

  /** Rules in the longest chain that starts at this second or later. */
  longest(from: number): number {
    return this.#latest.findLastIndex((start) => start >= from && start !== NEVER) + 1;
  }
}
