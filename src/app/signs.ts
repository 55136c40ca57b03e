import type { Absence, Runs } from '../engine/absence.ts';
import { type Micros, SECOND } from '../events/event.ts';
import type { Account, RequestSource, Sightings } from '../relate/sightings.ts';

/** What a record of any log matters for, whatever else it says. */
export interface Sign {
  readonly family: string;
  readonly action: string;
  readonly outcome: string;
  readonly account: string | null;
  /** For a record of requests: which of several logs that tell the same it stands in. */
  readonly source: RequestSource | null;
  /** The container that was used, if any. */
  readonly containerId: string | null;
}

export interface SignSink {
  /** Where records of this sign are counted: always the same one. */
  of(sign: Sign): {
    /** False: the record lies beyond the end of the clock and does not count. */
    add(time: Micros): boolean;
  };
}

/** The same text for the same sign, and for no other. */
export function signKey({ family, action, outcome, account, source, containerId }: Sign): string {
  return JSON.stringify([family, action, outcome, account, source, containerId]);
}

/** All records as far as every one matters. Nothing here depends on their order. */
export class Signs implements SignSink {
  readonly #absence: Absence;
  readonly #sightings: Sightings;
  readonly #until: Micros;
  readonly #tallies = new Map<string, SignTally>();

  /** @param until records after it do not count */
  constructor(absence: Absence, sightings: Sightings, until: Micros | null) {
    this.#absence = absence;
    this.#sightings = sightings;
    this.#until = until ?? Number.POSITIVE_INFINITY;
  }

  of(sign: Sign): SignTally {
    const key = signKey(sign);
    const known = this.#tallies.get(key);
    if (known !== undefined) return known;
    const made = new SignTally(sign, this.#until, this.#absence, this.#sightings);
    this.#tallies.set(key, made);
    return made;
  }

  seen(): Seen {
    let [events, first, last] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const families: Record<string, number> = {};
    const seenBy = new Map<string, Set<string>>();
    for (const { sign, count, first: from, last: to } of this.#tallies.values()) {
      if (count === 0) continue;
      events += count;
      families[sign.family] = (families[sign.family] ?? 0) + count;
      first = Math.min(first, from);
      last = Math.max(last, to);
      if (sign.account === null) continue;
      const own = seenBy.get(sign.account);
      if (own === undefined) seenBy.set(sign.account, new Set([sign.family]));
      else own.add(sign.family);
    }
    return { events, families, seenBy, first, last };
  }
}

/** What is told of all records together. */
export interface Seen {
  readonly events: number;
  readonly families: Readonly<Record<string, number>>;
  /** Families of which an account has records, by account. */
  readonly seenBy: ReadonlyMap<string, ReadonlySet<string>>;
  /** Infinite if there was no record. */
  readonly first: Micros;
  readonly last: Micros;
}

/** Records of one sign. */
export class SignTally {
  readonly sign: Sign;
  count = 0;
  first: Micros = Number.POSITIVE_INFINITY;
  last: Micros = Number.NEGATIVE_INFINITY;
  readonly #until: Micros;
  readonly #runs: readonly Runs[];
  readonly #account: Account | null;
  readonly #isSuccess: boolean;
  /** The last second that was counted: the next record is mostly of the same. */
  #second = Number.NaN;

  constructor(sign: Sign, until: Micros, absence: Absence, sightings: Sightings) {
    this.sign = sign;
    this.#until = until;
    this.#runs = absence.runsOf({
      'event.family': sign.family,
      'event.action': sign.action,
      'event.outcome': sign.outcome,
      'cosmosdb.account': sign.account,
    });
    this.#account = sign.account === null || sign.source === null ? null : sightings.account(sign.account);
    this.#isSuccess = sign.outcome === 'success';
  }

  add(time: Micros): boolean {
    if (time > this.#until) return false;
    this.count += 1;
    const isFirst = time < this.first;
    if (isFirst) this.first = time;
    if (time > this.last) this.last = time;
    if (this.#account !== null && this.sign.containerId !== null && this.#isSuccess)
      this.#account.use(this.sign.containerId, time);
    const second = Math.floor(time / SECOND);
    if (second === this.#second && !isFirst) return true;
    this.#second = second;
    for (const runs of this.#runs) runs.add(second);
    this.#account?.see(time, this.sign.source!, this.#isSuccess);
    return true;
  }
}
