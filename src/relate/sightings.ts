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
  readonly #firstSeen = new Map<string, Micros>();
  /** Per account and bucket: bit n = source n was seen, bit n + 8 = source n holds a success. */
  readonly #buckets = new Map<string, Map<number, number>>();
  readonly #uses = new Map<string, Map<string, Uses>>();
  #isToldTwice = false;

  add({ account, time, success, source, containerId }: Sighting): void {
    const first = this.#firstSeen.get(account);
    if (first === undefined || time < first) this.#firstSeen.set(account, time);
    const rank = SOURCES_OF_REQUESTS.indexOf(source);
    const buckets = getOr(this.#buckets, account, () => new Map<number, number>());
    const bucket = bucketOf(time, source);
    const seen = buckets.get(bucket) ?? 0;
    const now = seen | (1 << rank) | (success ? 1 << (rank + 8) : 0);
    if (now !== seen) buckets.set(bucket, now);
    this.#isToldTwice ||= (now & BY_REQUEST) !== 0 && (now & AGGREGATED) !== 0;
    if (!success || containerId === null) return;
    const containers = getOr(this.#uses, account, () => new Map<string, Uses>());
    getOr(containers, containerId, () => new Uses()).add(time);
  }

  /** Accounts that any data-plane record names, with the time of the first. */
  firstSeen(): ReadonlyMap<string, Micros> {
    return this.#firstSeen;
  }

  /** Does some account have both kinds of log of one quarter of an hour? */
  get isToldTwice(): boolean {
    return this.#isToldTwice;
  }

  /** Which logs give the facts of the quarter of an hour that holds a record: of each kind the first with a success, if any has one. */
  tellers(account: string, time: Micros, source: RequestSource): Tellers {
    const seen = this.#buckets.get(account)?.get(bucketOf(time, source)) ?? 0;
    const candidates = seen >> 8 || seen;
    const first = (mask: number): RequestSource | null =>
      SOURCES_OF_REQUESTS.find((_, rank) => (candidates & mask & (1 << rank)) !== 0) ?? null;
    if (seen >> 8 !== 0) return { request: first(BY_REQUEST), aggregate: first(AGGREGATED) };
    const request = first(BY_REQUEST);
    return { request, aggregate: request === null ? first(AGGREGATED) : null };
  }

  /** Was the container used after `from` and before `to`, both exclusive? */
  usedBetween(account: string, containerId: string, from: Micros, to: Micros): boolean {
    return this.#uses.get(account)?.get(containerId)?.between(from, to) ?? false;
  }
}

/** Beyond so many uses only the first and the last of each second are kept, then of each minute: one hot container stays small. */
const DENSE = 1 << 16;

/** The times of a container's uses, thinned where they lie close together: exact until 65,536 uses, then to a second, then to a minute. */
class Uses {
  #times: Micros[] = [];
  #sorted = true;
  #limit = DENSE;
  #unit = SECOND;

  add(time: Micros): void {
    const last = this.#times.at(-1);
    if (last === time) return;
    if (last !== undefined && time < last) this.#sorted = false;
    this.#times.push(time);
    if (this.#times.length > this.#limit) this.#thin();
  }

  between(from: Micros, to: Micros): boolean {
    this.#sort();
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#times[middle]! <= from) low = middle + 1;
      else high = middle;
    }
    return low < this.#times.length && this.#times[low]! < to;
  }

  #sort(): void {
    if (this.#sorted) return;
    this.#times.sort((a, b) => a - b);
    this.#sorted = true;
  }

  #thin(): void {
    this.#sort();
    const kept: Micros[] = [];
    for (const [at, time] of this.#times.entries()) {
      const unit = Math.floor(time / this.#unit);
      const isFirst = at === 0 || Math.floor(this.#times[at - 1]! / this.#unit) !== unit;
      const isLast = at === this.#times.length - 1 || Math.floor(this.#times[at + 1]! / this.#unit) !== unit;
      if (isFirst || isLast) kept.push(time);
    }
    this.#times = kept;
    if (kept.length <= this.#limit / 2) return;
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
