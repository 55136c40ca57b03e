import { type Micros, SECOND } from '../events/event.ts';

/** The logs that may tell the same requests: two with a record a request, two of aggregates; the better one of each kind first. */
export const SOURCES_OF_REQUESTS = ['request', 'mongo', '5m', '15m'] as const;
export type RequestSource = (typeof SOURCES_OF_REQUESTS)[number];

const BY_REQUEST = 0b0011;
const AGGREGATED = 0b1100;

/** Of each kind of log, the one that gives the facts of a quarter of an hour; null: none. */
export interface Tellers {
  readonly request: RequestSource | null;
  readonly aggregate: RequestSource | null;
}

/** One data-plane record, as far as every record matters. */
export interface Sighting {
  readonly account: string;
  readonly time: Micros;
  readonly success: boolean;
  readonly source: RequestSource;
  /** Lower-case `database/name`, null where the record names none. */
  readonly containerId: string | null;
}

const BUCKET = 900;

/** Aggregated records are stamped at the end of their minutes (unconfirmed), so a stamp on the boundary belongs before it. */
function bucketOf(time: Micros, source: RequestSource): number {
  const second = Math.floor(time / SECOND);
  return Math.floor((source === '5m' || source === '15m' ? second - 1 : second) / BUCKET);
}

/** Tells quarters of an hour apart. */
export function tellersKey(time: Micros, source: RequestSource): number {
  return bucketOf(time, source);
}

/**
 * What is kept of all data-plane records: when each account was first seen, which log of a quarter of an hour holds a success, and when
 * each container was used. Merges in any order.
 */
export class Sightings {
  readonly #accounts = new Map<string, Account>();

  add({ account, time, success, source, containerId }: Sighting): void {
    const own = this.account(account);
    own.see(time, source, success);
    if (success && containerId !== null) own.use(containerId, time);
  }

  /** Where the records of an account are kept: always the same one. */
  account(id: string): Account {
    return getOr(this.#accounts, id, () => new Account());
  }

  /** Accounts that any data-plane record names, with the time of the first. */
  firstSeen(): ReadonlyMap<string, Micros> {
    return new Map(
      [...this.#accounts].flatMap(([id, { first }]) => (Number.isFinite(first) ? [[id, first] as const] : [])),
    );
  }

  /** Does some account have both kinds of log of one quarter of an hour? */
  get isToldTwice(): boolean {
    return [...this.#accounts.values()].some((account) => account.isToldTwice);
  }

  /** Which logs give the facts of the quarter of an hour that holds a record: of each kind the first with a success, if any has one. */
  tellers(account: string, time: Micros, source: RequestSource): Tellers {
    return tellersOf(this.#accounts.get(account)?.seenAt(bucketOf(time, source)) ?? 0);
  }

  /** Was the container used after `from` and before `to`, both exclusive? */
  usedBetween(account: string, containerId: string, from: Micros, to: Micros): boolean {
    return this.#accounts.get(account)?.usedBetween(containerId, from, to) ?? false;
  }
}

/** The bits of a record: which log tells it, and whether it is a success. */
export function seenBits(source: RequestSource, success: boolean): number {
  const rank = SOURCES_OF_REQUESTS.indexOf(source);
  return (1 << rank) | (success ? 1 << (rank + 8) : 0);
}

/** @param seen the bits of all records of a quarter of an hour */
export function tellersOf(seen: number): Tellers {
  const candidates = seen >> 8 || seen;
  const first = (mask: number): RequestSource | null =>
    SOURCES_OF_REQUESTS.find((_, rank) => (candidates & mask & (1 << rank)) !== 0) ?? null;
  if (seen >> 8 !== 0) return { request: first(BY_REQUEST), aggregate: first(AGGREGATED) };
  const request = first(BY_REQUEST);
  return { request, aggregate: request === null ? first(AGGREGATED) : null };
}

/** Do logs by request and aggregates tell of one quarter of an hour? */
export function isToldTwice(seen: number): boolean {
  return (seen & BY_REQUEST) !== 0 && (seen & AGGREGATED) !== 0;
}

/** The data-plane records of one account. */
export class Account {
  first: Micros = Number.POSITIVE_INFINITY;
  /** Do logs by request and aggregates tell of one quarter of an hour? */
  isToldTwice = false;
  /** By bucket: bit n = source n was seen, bit n + 8 = source n holds a success. */
  readonly #buckets = new Map<number, number>();
  readonly #uses = new Map<string, Uses>();

  see(time: Micros, source: RequestSource, success: boolean): void {
    if (time < this.first) this.first = time;
    const bucket = bucketOf(time, source);
    const seen = this.seenAt(bucket);
    const now = seen | seenBits(source, success);
    if (now === seen) return;
    this.#buckets.set(bucket, now);
    this.isToldTwice ||= isToldTwice(now);
  }

  use(containerId: string, time: Micros): void {
    getOr(this.#uses, containerId, newUses).add(time);
  }

  seenAt(bucket: number): number {
    return this.#buckets.get(bucket) ?? 0;
  }

  usedBetween(containerId: string, from: Micros, to: Micros): boolean {
    return this.#uses.get(containerId)?.between(from, to) ?? false;
  }
}

function newUses(): Uses {
  return new Uses();
}

/** Beyond so many uses only the first and the last of each second are kept, then of each minute: one hot container stays small. */
const DENSE = 1 << 16;

/** The times of a container's uses, thinned where they lie close together: exact until 65,536 uses, then to a second, then to a minute. */
class Uses {
  #times = new Float64Array(16);
  #count = 0;
  #sorted = true;
  #isThin = false;
  #limit = DENSE;
  #unit = SECOND;

  add(time: Micros): void {
    const last = this.#count === 0 ? Number.NEGATIVE_INFINITY : this.#times[this.#count - 1]!;
    if (last === time) return;
    if (time < last) this.#sorted = false;
    else if (this.#isThin && this.#isBetween(time)) this.#count -= 1;
    if (this.#count === this.#times.length) this.#grow();
    this.#times[this.#count++] = time;
    if (this.#count > this.#limit) this.#thin();
  }

  between(from: Micros, to: Micros): boolean {
    this.#sort();
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#times[middle]! <= from) low = middle + 1;
      else high = middle;
    }
    return low < this.#count && this.#times[low]! < to;
  }

  /** Are the last two uses of the same unit as this one? Then the last of them is neither its first nor its last. */
  #isBetween(time: Micros): boolean {
    if (this.#count < 2) return false;
    const [before, last] = [this.#times[this.#count - 2]!, this.#times[this.#count - 1]!];
    const unit = Math.floor(time / this.#unit);
    return before <= last && Math.floor(before / this.#unit) === unit && Math.floor(last / this.#unit) === unit;
  }

  #grow(): void {
    const times = new Float64Array(this.#times.length * 2);
    times.set(this.#times);
    this.#times = times;
  }

  #sort(): void {
    if (this.#sorted) return;
    this.#times.subarray(0, this.#count).sort();
    this.#sorted = true;
  }

  /** Keeps the first and the last use of each unit. */
  #thin(): void {
    this.#sort();
    this.#isThin = true;
    const times = this.#times;
    let kept = 0;
    let before = Number.NaN;
    let unit = Math.floor(times[0]! / this.#unit);
    for (let at = 0; at < this.#count; at++) {
      const time = times[at]!;
      const after = at + 1 === this.#count ? Number.NaN : Math.floor(times[at + 1]! / this.#unit);
      if (unit !== before || unit !== after) times[kept++] = time;
      before = unit;
      unit = after;
    }
    this.#count = kept;
    if (kept <= this.#limit / 2) return;
    if (this.#unit === SECOND) this.#unit = 60 * SECOND;
    else this.#limit *= 2;
  }
}

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
