import { isIPv6 } from 'node:net';
import { foldName } from '../../store/users.ts';

/** How long it takes until wrong passwords are forgotten, and how long one waits after too many; milliseconds. */
export const LOCKED = 300_000;

/** How many there may be in that time. Many names from one address are as much guessing as one name from many. */
const MOST = { nameAndAddress: 5, address: 20, name: 50 } as const;
/** Counters that are kept; past that the oldest go. */
const KEPT = 20_000;

interface Counter {
  readonly count: number;
  /** When the last one was. */
  readonly at: number;
}

/**
 * Who guesses passwords waits. An attempt counts before it is looked at, so that many at once are no way around; one that succeeds is taken
 * back. A name that nobody has is counted as any other: waiting says nothing of who there is. Kept in memory: who can restart the service needs
 * to guess nothing.
 */
export class Lockout {
  readonly #counters = new Map<string, Counter>();

  /** @returns seconds to wait, or null: it may be tried */
  attempt(name: string, address: string, now: number): number | null {
    const keys = keysOf(name, address);
    const waits = keys.map(({ key, most }) => this.#wait(key, most, now));
    const longest = Math.max(...waits);
    if (longest > 0) return Math.ceil(longest / 1000);
    for (const { key } of keys) this.#count(key, now);
    return null;
  }

  /** Was the attempt that just failed the last one for now? */
  isLocked(name: string, address: string, now: number): boolean {
    return keysOf(name, address).some(({ key, most }) => this.#wait(key, most, now) > 0);
  }

  succeeded(name: string, address: string): void {
    const [both, ...others] = keysOf(name, address);
    this.#counters.delete(both!.key);
    // Who has an account here cannot clear what he tries on others with it.
    for (const { key } of others) {
      const { count, at } = this.#counters.get(key) ?? { count: 1, at: 0 };
      if (count <= 1) this.#counters.delete(key);
      else this.#counters.set(key, { count: count - 1, at });
    }
  }

  #wait(key: string, most: number, now: number): number {
    const counter = this.#counters.get(key);
    return counter === undefined || counter.count < most ? 0 : Math.max(0, counter.at + LOCKED - now);
  }

  #count(key: string, now: number): void {
    const before = this.#counters.get(key);
    const isOver = before === undefined || now - before.at >= LOCKED;
    // Last in the order of the map: the oldest go first.
    this.#counters.delete(key);
    this.#counters.set(key, { count: isOver ? 1 : before.count + 1, at: now });
    if (this.#counters.size > KEPT) this.#counters.delete(this.#counters.keys().next().value!);
  }
}

function keysOf(name: string, address: string): { readonly key: string; readonly most: number }[] {
  const who = foldName(name);
  const from = networkOf(address);
  return [
    { key: JSON.stringify([who, from]), most: MOST.nameAndAddress },
    { key: JSON.stringify([null, from]), most: MOST.address },
    { key: JSON.stringify([who, null]), most: MOST.name },
  ];
}

/** Of IPv6 whoever has one address has 2^64. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::')) return address;
  const [head = '', tail] = address.split('%', 1)[0]!.split('::');
  const groups = head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').length;
  return [...groups, ...Array.from({ length: missing }, () => '0'), ...(tail ?? '').split(':')].slice(0, 4).join(':');
}
