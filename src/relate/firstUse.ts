import { HOUR, type Micros } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import { identity } from '../lib/hash.ts';
import type { Json } from '../lib/json.ts';
import { sumOfSample } from '../lib/sample.ts';
import { type Client, type ClientName, clientKey } from './clients.ts';

export const FIRST_USE = 'cosmosdb.client.first_use';
export const LARGE_READ = 'cosmosdb.client.large_read';

const DAY: Micros = 24 * HOUR;

/** Nothing is new of an account that has been seen for less; rules ask for more. */
const KNOWN_FOR: Micros = DAY;

/** From so many bytes on it is told what a client reads; rules ask for more. */
const LARGE = 100e6;

/** When a client was first there. */
export type Arrived = ClientName & { readonly first: Micros };

/** What of a client is new to its account. */
export interface Newness {
  /** `address`, `client` (the program), `caller` (the key or principal); `combination`: each was there before, but not together. */
  readonly what: readonly string[];
  /** Whole days for which the account was known before. */
  readonly days: number;
}

/** What of each client is new to its account, if anything can be: a function of all its clients. */
export class Newcomers {
  readonly #since: Micros;
  readonly #addresses = new Map<string, Micros>();
  readonly #agents = new Map<string, Micros>();
  readonly #callers = new Map<string, Micros>();

  /** @param since of the account's first request, where some of its clients are forgotten */
  constructor(clients: Iterable<Arrived>, since: Micros = Number.POSITIVE_INFINITY) {
    let first = since;
    for (const client of clients) {
      first = Math.min(first, client.first);
      earliest(this.#addresses, client.address, client.first);
      earliest(this.#callers, client.who, client.first);
      if (client.agent !== null) earliest(this.#agents, client.agent, client.first);
    }
    this.#since = first;
  }

  /** Null: it is one of those that were learnt first. */
  of({ who, address, agent, first }: Arrived): Newness | null {
    const known = first - this.#since;
    if (known < KNOWN_FOR) return null;
    // What a newcomer does next with another program is still done by a newcomer.
    const isNew = (seen: Micros | undefined): boolean => seen !== undefined && first - seen < DAY;
    const what = [
      ...(isNew(this.#addresses.get(address)) ? ['address'] : []),
      ...(agent !== null && isNew(this.#agents.get(agent)) ? ['client'] : []),
      ...(isNew(this.#callers.get(who)) ? ['caller'] : []),
    ];
    return { what: what.length === 0 ? ['combination'] : what, days: Math.floor(known / DAY) };
  }
}

function earliest(times: Map<string, Micros>, name: string, time: Micros): void {
  const known = times.get(name);
  if (known === undefined || time < known) times.set(name, time);
}

/** What the clients of an account tell: who is new, and who of them reads much. */
export function factsOfClients(clients: readonly Client[]): Fact[] {
  const newcomers = new Newcomers(clients);
  return clients.flatMap((client) => {
    const newness = newcomers.of(client);
    return newness === null ? [] : factsOf(client, newness);
  });
}

export function factsOf(client: Client, newness: Newness): Fact[] {
  const fields = { 'cosmosdb.first_use.what': newness.what, 'cosmosdb.first_use.days': newness.days };
  const large = largeReads(client);
  return [
    told(client, FIRST_USE, client.first, fields),
    ...(large === null
      ? []
      : [told(client, LARGE_READ, large.time, { ...fields, 'cosmosdb.first_use.bytes': large.bytes })]),
  ];
}

/** What it read in its first hours, and in which of them that became much; null: it is not much. */
export function largeReads({
  first,
  reads,
}: Pick<Client, 'first' | 'reads'>): { readonly time: Micros; readonly bytes: number } | null {
  let [bytes, time]: [number, Micros | null] = [0, null];
  for (const { since, sample } of reads) {
    bytes += sumOfSample(sample);
    if (bytes >= LARGE) time ??= Math.max(first, since);
  }
  return time === null ? null : { time, bytes };
}

function told(client: Client, action: string, time: Micros, more: Readonly<Record<string, Json>>): Fact {
  const { fact, account } = client;
  const id = identity(action, account, clientKey(client));
  return {
    ...fact,
    id,
    time,
    action,
    count: 1,
    fields: {
      ...fact.fields,
      ...more,
      'event.action': action,
      'event.id': id,
      'event.count': 1,
      '@timestamp': new Date(time / 1000).toISOString(),
    },
    evidence: fact.evidence.map((one) => ({ ...one, action })),
  };
}
