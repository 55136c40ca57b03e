/** A seeded generator of numbers (mulberry32): the same seed gives the same tenant, byte by byte. */
export class Rng {
  #state: number;

  constructor(seed: string | number) {
    let state = 0x9e3779b9;
    for (const character of `${seed}`) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193) >>> 0;
    this.#state = state;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number in [0, below). */
  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)]!;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  uuid(): string {
    const [a, b, c, d] = [this.#hex8(), this.#hex8(), this.#hex8(), this.#hex8()];
    return `${a}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${d}`;
  }

  #hex8(): string {
    return this.int(0x1_0000_0000).toString(16).padStart(8, '0');
  }
}
