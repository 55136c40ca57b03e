import type { AlertActor, FirstTime } from '../alerts/alert.ts';

/*
 * What was seen at an account before: callers, applications, addresses, clients, networks. A value is new when it was not seen in the 90 days
 * before, but for the last of them: who tried an hour ago and came back is still new. Of an account that is known for less than 3 days
 * everything would be new, so nothing is said.
 */

/** Seconds since 1970. */
type Second = number;

export const MEMORY_KINDS = [
  'actor',
  'application',
  'address',
  'agent',
  'asn',
] as const satisfies readonly FirstTime['kind'][];
export type MemoryKind = (typeof MEMORY_KINDS)[number];

export interface Sighting {
  readonly kind: MemoryKind;
  readonly value: string;
  /** For people, where the value is an id; else the value. */
  readonly name: string;
}

/** When a value was seen, without a break of more than 90 days. */
export interface Span {
  readonly first: Second;
  readonly last: Second;
  readonly count: number;
}

const DAY = 86_400;
export const REMEMBERED = 90 * DAY;
const KNOWN_FROM = 3 * DAY;

/** Of an address: the network that it belongs to, `AS64496 Contoso`; null: not known. */
export type NetworkOf = (address: string) => string | null;

export interface Seen {
  readonly actors: readonly AlertActor[];
  readonly addresses: readonly string[];
  readonly agents: readonly string[];
}

/** Of whom and what is remembered that it was there. A key is known by its address. */
export function sightingsOf({ actors, addresses, agents }: Seen, networkOf: NetworkOf): Sighting[] {
  const sightings = new Map<string, Sighting>();
  const add = (kind: MemoryKind, value: string | null, name: string | null = null): void => {
    if (value !== null && value !== '') sightings.set(`${kind}|${value}`, { kind, value, name: name ?? value });
  };
  for (const { id, name, type, appId, appName } of actors) {
    if (type !== 'key') add('actor', id ?? name, name);
    add('application', appId ?? appName, appName);
  }
  for (const address of addresses) {
    add('address', address);
    add('asn', networkOf(address));
  }
  for (const agent of agents) add('agent', agentName(agent));
  return [...sightings.values()];
}

/** What a client calls itself, without versions and what follows: they change with every update. */
export function agentName(agent: string): string {
  return /^[^/|\s(]*/.exec(agent)![0].toLowerCase();
}

/** With one more sighting; spans stay in order, and may be added in any. */
export function withSighting(spans: readonly Span[], { first, last, count }: Span): Span[] {
  let joined: Span = { first, last, count };
  const apart: Span[] = [];
  for (const span of spans) {
    const isNear = span.first - joined.last <= REMEMBERED && joined.first - span.last <= REMEMBERED;
    if (!isNear) apart.push(span);
    else
      joined = {
        first: Math.min(span.first, joined.first),
        last: Math.max(span.last, joined.last),
        count: span.count + joined.count,
      };
  }
  return [...apart, joined].sort((a, b) => a.first - b.first);
}

/**
 * For how many days a value had not been seen when something happened; null: it had been, or too little is known to say.
 * @param since when the account was first heard of
 */
export function daysUnseen(spans: readonly Span[], since: Second, at: Second): number | null {
  if (at - since < KNOWN_FROM) return null;
  const wasSeen = spans.some(({ first, last }) => first <= at - DAY && last >= at - REMEMBERED);
  return wasSeen ? null : Math.floor(Math.min(at - since, REMEMBERED) / DAY);
}

/** What was seen at every account, in memory: for one scan. The same whatever the order in which it is told. */
export class Memory {
  readonly #accounts = new Map<string, { since: Second; readonly values: Map<string, readonly Span[]> }>();
  readonly #most: number;
  #size = 0;

  /** @param most values that are kept; beyond them nothing is new */
  constructor(most = 200_000) {
    this.#most = most;
  }

  see(account: string, seen: Seen, first: Second, last: Second): void {
    let known = this.#accounts.get(account);
    if (known === undefined) {
      known = { since: first, values: new Map() };
      this.#accounts.set(account, known);
    }
    known.since = Math.min(known.since, first);
    for (const { kind, value } of sightingsOf(seen, () => null)) {
      const key = `${kind}|${value}`;
      const spans = known.values.get(key);
      if (spans === undefined) this.#size += 1;
      if (this.#size <= this.#most) known.values.set(key, withSighting(spans ?? [], { first, last, count: 1 }));
    }
  }

  /** What of it was there for the first time. */
  firsts(account: string, seen: Seen, at: Second): FirstTime[] {
    const known = this.#accounts.get(account);
    if (known === undefined || this.#size > this.#most) return [];
    return sightingsOf(seen, () => null).flatMap(({ kind, value, name }) => {
      const days = daysUnseen(known.values.get(`${kind}|${value}`) ?? [], known.since, at);
      return days === null ? [] : [{ kind, value: name, days }];
    });
  }
}
