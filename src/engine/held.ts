import type { Arrival } from './window.ts';

/** A fact that a rule hit, or a correlation's opening with what it tells of its own facts. */
export type Hitting = Pick<Arrival, 'fact' | 'told'>;

/** What hit, by rule. */
export type HitsByRule = Map<number, Hitting[]>;

export function addHit(hits: HitsByRule, rule: number, hitting: Hitting): void {
  const list = hits.get(rule);
  if (list) list.push(hitting);
  else hits.set(rule, [hitting]);
}

/** What a late correlation holds back, by second. */
export class Held {
  readonly #bySecond = new Map<number, HitsByRule>();
  /** Of the seconds that are held; few are asked for, so most questions end here. */
  #first = Number.POSITIVE_INFINITY;

  add(second: number, rule: number, hitting: Hitting): void {
    const hits = this.#bySecond.get(second) ?? new Map<number, Hitting[]>();
    this.#bySecond.set(second, hits);
    this.#first = Math.min(this.#first, second);
    addHit(hits, rule, hitting);
  }

  /** All that is held before a second, in order of time; it is no longer held then. */
  take(before: number): (readonly [second: number, hits: HitsByRule])[] {
    if (this.#first >= before) return [];
    const taken = [...this.#bySecond].filter(([second]) => second < before).sort(([a], [b]) => a - b);
    for (const [second] of taken) this.#bySecond.delete(second);
    this.#first = Number.POSITIVE_INFINITY;
    for (const second of this.#bySecond.keys()) this.#first = Math.min(this.#first, second);
    return taken;
  }
}
