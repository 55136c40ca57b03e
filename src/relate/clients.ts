import { comparePosition, type Event, HOUR, type Micros } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import { columnsOf } from '../events/families/resourceLog.ts';
import { number } from '../events/read.ts';
import { compareText } from '../lib/compare.ts';
import { addToSample, hashOfNumbers, type Sample } from '../lib/sample.ts';
import { requestFact, requestSource } from './request.ts';

/** Who uses the data of an account: which key or principal, from which address, with which program. */
export interface ClientName {
  /** The kind of key (`primary_key`), or the Entra object id. */
  readonly who: string;
  /** Of version 6 the first half: the other half changes daily. */
  readonly address: string;
  /** The program's name as the user agent begins, without its version; null: the log does not say. */
  readonly agent: string | null;
}

/** What is known of one client. Merges in any order. */
export interface Client extends ClientName {
  readonly account: string;
  readonly first: Micros;
  readonly last: Micros;
  /** Records; one that came twice counts twice. */
  readonly count: number;
  /** Its first use, without the raw record. */
  readonly fact: Fact;
  /** What it read in its first hours. */
  readonly reads: readonly HourOfReads[];
}

/** Answers to reads and queries in an hour; two of one microsecond and length are taken for copies of one. */
export interface HourOfReads {
  /** Since 1970. */
  readonly hour: number;
  readonly since: Micros;
  readonly sample: Sample;
}

/** So many clients of an account are known; beyond that those that came first. */
export const MOST_CLIENTS = 2000;

/** For so many hours from its first on it is added up what a client reads. */
const READING = 6;

/** No record of Azure's says more; a made-up one must not make sums that no number holds. */
const MOST_BYTES = 1e9;

const READS: ReadonlySet<string> = new Set(['cosmosdb.item.read', 'cosmosdb.item.query']);

/** What one request tells of its client; null: nothing. Sums of requests are left out: they stand for many, and come later. */
export function clientOf(event: Event): Client | null {
  const { account, sourceIp, time, outcome } = event;
  const source = requestSource(event);
  const isAlone = source === 'request' || source === 'mongo';
  if (!isAlone || account === null || sourceIp === null || outcome !== 'success') return null;
  return {
    account,
    ...nameOf(event, sourceIp),
    first: time,
    last: time,
    count: event.count,
    fact: { ...requestFact(event), raw: {} },
    reads: readsOf(event),
  };
}

function nameOf({ auth, actor, userAgent }: Event, sourceIp: string): ClientName {
  const isKey = auth?.endsWith('_key') ?? false;
  return {
    who: (isKey ? auth : (actor?.id ?? auth)) ?? 'unknown',
    address: addressOf(sourceIp),
    agent: agentOf(userAgent),
  };
}

/** `2001:db8:1:2:…` without its last half. */
function addressOf(ip: string): string {
  if (!ip.includes(':')) return ip;
  const [head = '', tail] = ip.split('::');
  const before = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - behind.length);
  return `${[...before, ...Array<string>(zeros).fill('0'), ...behind].slice(0, 4).join(':')}::/64`;
}

function agentOf(userAgent: string | null): string | null {
  return (
    /^[^\s/|(;,]+/
      .exec(userAgent ?? '')?.[0]
      .toLowerCase()
      .slice(0, 64) ?? null
  );
}

function readsOf(event: Event): HourOfReads[] {
  if (!isRead(event)) return [];
  const bytes = number(columnsOf(event.raw), 'responseLength') ?? 0;
  if (bytes <= 0) return [];
  const sample = addToSample([], hashOfNumbers(event.time, bytes), Math.min(bytes, MOST_BYTES));
  return [{ hour: hourOf(event.time), since: event.time, sample }];
}

/** Is what such a request is answered with read data? */
export function isRead({ action }: Pick<Event, 'action'>): boolean {
  return READS.has(action);
}

function hourOf(time: Micros): number {
  return Math.floor(time / HOUR);
}

/** Tells the clients of an account apart. */
export function clientKey({ who, address, agent }: ClientName): string {
  return JSON.stringify([who, address, agent]);
}

/** Both of one client. */
export function mergeClients(a: Client, b: Client): Client {
  const earlier = compareFirst(a, b) <= 0 ? a : b;
  const { first } = earlier;
  return {
    ...earlier,
    last: Math.max(a.last, b.last),
    count: a.count + b.count,
    reads: mergeReads(a.reads, b.reads).filter(({ hour }) => hour < hourOf(first) + READING),
  };
}

/** A total order: records of one time would let the order of arrival through. */
function compareFirst(a: Client, b: Client): number {
  const [one, other] = [a.fact.evidence[0]!, b.fact.evidence[0]!];
  return (
    a.first - b.first ||
    compareText(one.id, other.id) ||
    comparePosition(one.position, other.position) ||
    compareText(JSON.stringify(a.fact), JSON.stringify(b.fact))
  );
}

function mergeReads(a: readonly HourOfReads[], b: readonly HourOfReads[]): HourOfReads[] {
  if (b.length === 0) return [...a];
  const hours = new Map(a.map((one) => [one.hour, one]));
  for (const one of b) {
    const known = hours.get(one.hour);
    hours.set(one.hour, known === undefined ? one : mergeHours(known, one));
  }
  return [...hours.values()].sort((x, y) => x.hour - y.hour);
}

function mergeHours(a: HourOfReads, b: HourOfReads): HourOfReads {
  let { sample } = a;
  for (const [hash, bytes] of b.sample) sample = addToSample(sample, hash, bytes);
  return { hour: a.hour, since: Math.min(a.since, b.since), sample };
}

/**
 * Who uses the data of which account. Of an account with more clients than are kept those stay that came first, so which are known depends on
 * no order; what of the others is forgotten is counted.
 */
export class Clients {
  readonly #accounts = new Map<string, AccountClients>();

  add(event: Event): void {
    const client = clientOf(event);
    if (client !== null) this.merge(client);
  }

  merge(client: Client): void {
    this.#of(client.account).merge(client);
  }

  /** Counts another request of a client. @returns false: it may be its first, and is to be told whole */
  use({ account }: Pick<Client, 'account'>, key: string, time: Micros, bytes: number): boolean {
    return this.#of(account).use(key, time, bytes);
  }

  /** In no particular order. */
  *[Symbol.iterator](): Generator<Client> {
    for (const account of this.#accounts.values()) yield* account.list();
  }

  /** By account. */
  *accounts(): Generator<readonly [account: string, clients: readonly Client[]]> {
    for (const [account, own] of this.#accounts) yield [account, own.list()];
  }

  /** Records of clients that are not kept. */
  get forgotten(): number {
    return [...this.#accounts.values()].reduce((sum, { forgotten }) => sum + forgotten, 0);
  }

  #of(account: string): AccountClients {
    const known = this.#accounts.get(account);
    if (known !== undefined) return known;
    const made = new AccountClients();
    this.#accounts.set(account, made);
    return made;
  }
}

class AccountClients {
  forgotten = 0;
  readonly #clients = new Map<string, Known>();
  /** Of those that are kept, where no more are: the one that came last. */
  #newest: string | null = null;

  list(): Client[] {
    return [...this.#clients.values()].map((known) => known.whole());
  }

  merge(client: Client): void {
    const key = clientKey(client);
    const known = this.#clients.get(key);
    if (known === undefined && this.#clients.size >= MOST_CLIENTS) {
      this.#replace(key, client);
      return;
    }
    if (known === undefined || client.first < known.client.first) this.#newest = null;
    if (known === undefined) this.#clients.set(key, new Known(client));
    else known.merge(client);
  }

  use(key: string, time: Micros, bytes: number): boolean {
    return this.#clients.get(key)?.use(time, bytes) ?? false;
  }

  #replace(key: string, client: Client): void {
    this.#newest ??= [...this.#clients].reduce((a, b) => (isLater(b[0], b[1].client, a[0], a[1].client) ? b : a))[0];
    const newest = this.#clients.get(this.#newest)!.whole();
    if (isLater(key, client, this.#newest, newest)) {
      this.forgotten += client.count;
      return;
    }
    this.forgotten += newest.count;
    this.#clients.delete(this.#newest);
    this.#clients.set(key, new Known(client));
    this.#newest = null;
  }
}

/** One client, with what is added to it most: uses after its first. */
class Known {
  client: Client;
  #last: Micros;
  #uses = 0;
  readonly #hours = new Map<number, HourOfReads>();

  constructor(client: Client) {
    this.client = client;
    this.#last = client.last;
  }

  use(time: Micros, bytes: number): boolean {
    const { first } = this.client;
    if (time <= first) return false;
    this.#uses += 1;
    if (time > this.#last) this.#last = time;
    if (bytes > 0 && hourOf(time) < hourOf(first) + READING) this.#read(time, bytes);
    return true;
  }

  merge(client: Client): void {
    this.client = mergeClients(this.whole(), client);
    this.#last = this.client.last;
    this.#uses = 0;
    this.#hours.clear();
  }

  whole(): Client {
    if (this.#uses === 0) return this.client;
    const { client } = this;
    return mergeClients(client, { ...client, last: this.#last, count: this.#uses, reads: [...this.#hours.values()] });
  }

  #read(time: Micros, bytes: number): void {
    const hour = hourOf(time);
    const known = this.#hours.get(hour);
    const before = known?.sample ?? [];
    const sample = addToSample(before, hashOfNumbers(time, bytes), Math.min(bytes, MOST_BYTES));
    if (known !== undefined && sample === before && time >= known.since) return;
    this.#hours.set(hour, { hour, since: Math.min(time, known?.since ?? time), sample });
  }
}

/** In the order of their first uses; which one of one time is later is the same everywhere. */
function isLater(key: string, client: Client, other: string, known: Client): boolean {
  return client.first > known.first || (client.first === known.first && key > other);
}
