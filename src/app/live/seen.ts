import { MINUTE, type Micros } from '../../events/event.ts';
import {
  isToldTwice,
  type RequestSource,
  seenBits,
  type Tellers,
  tellersKey,
  tellersOf,
} from '../../relate/sightings.ts';
import type { LiveStore } from '../../store/live.ts';
import type { SignTotal } from './read.ts';

/** Beyond so many uses of a container in a quarter of an hour only the first and the last of each minute are kept. */
const EXACT = 64;

/**
 * What is kept of all requests: which logs tell those of a quarter of an hour, and when containers were used. The store holds it; what was
 * asked lately is remembered.
 */
export class Seen {
  /** Only asked for what is counted twice: then it is looked up. */
  readonly isToldTwice = true;
  readonly #store: LiveStore;
  readonly #quarters = new Map<string, number>();

  constructor(store: LiveStore) {
    this.#store = store;
  }

  restore(): void {
    this.#quarters.clear();
  }

  /** @returns the quarters of an hour for which other logs than before may count */
  add({ sign: { account, source, outcome, containerId }, quarters, uses }: SignTotal): number[] {
    if (account === null || source === null) return [];
    const bits = seenBits(source, outcome === 'success');
    const changed = [...quarters].filter((quarter) => this.#see(account, quarter, bits));
    if (containerId !== null && uses.length > 0) this.#use(account, containerId, uses);
    return changed;
  }

  seenAt(account: string, quarter: number): number {
    const key = `${quarter}|${account}`;
    const known = this.#quarters.get(key);
    if (known !== undefined) return known;
    const seen = this.#store.seen(account, quarter);
    if (this.#quarters.size > 50_000) this.#quarters.clear();
    this.#quarters.set(key, seen);
    return seen;
  }

  tellers(account: string, time: Micros, source: RequestSource): Tellers {
    return tellersOf(this.seenAt(account, tellersKey(time, source)));
  }

  /** Was the container used after `from` and before `to`, both exclusive? */
  usedBetween(account: string, containerId: string, from: Micros, to: Micros): boolean {
    return this.#store
      .usesAround(account, containerId, from, to)
      .some((times) => times.some((time) => time > from && time < to));
  }

  /** Does it change which log counts? */
  #see(account: string, quarter: number, bits: number): boolean {
    const before = this.seenAt(account, quarter);
    const now = before | bits;
    if (now === before) return false;
    this.#store.setSeen(account, quarter, now);
    this.#quarters.set(`${quarter}|${account}`, now);
    return JSON.stringify(tellersOf(before)) !== JSON.stringify(tellersOf(now)) || isToldTwice(now);
  }

  #use(account: string, container: string, uses: readonly Micros[]): void {
    for (const [quarter, own] of Map.groupBy(uses, (time) => tellersKey(time, 'request'))) {
      const before = this.#store.uses(account, container, quarter);
      const times = thinned([...new Set([...before, ...own])].sort((a, b) => a - b));
      if (times.length !== before.length || times.some((time, at) => time !== before[at]))
        this.#store.setUses(account, container, quarter, times);
    }
  }
}

/** @param times in order */
function thinned(times: readonly Micros[]): readonly Micros[] {
  if (times.length <= EXACT) return times;
  return [...Map.groupBy(times, (time) => Math.floor(time / MINUTE)).values()].flatMap((own) =>
    own.length < 3 ? own : [own[0]!, own.at(-1)!],
  );
}
