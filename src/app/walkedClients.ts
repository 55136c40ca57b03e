import type { Event, Labels, Micros, Position } from '../events/event.ts';
import { normalise } from '../events/normalise.ts';
import { parseObject } from '../lib/json.ts';
import { type Client, type Clients, clientKey, clientOf, isRead } from '../relate/clients.ts';
import type { RequestTally } from '../skim/bulk.ts';
import type { WasmWalk } from '../skim/wasm.ts';

/** What is read now. */
export interface Learning {
  readonly clients: Clients;
  /** The file or batch that records stand in. */
  source: string;
  /** Later records do not count. */
  readonly until: Micros;
  /** The wall clock, by which it is told which records are from the future. */
  readonly nowMs: number;
  readonly labels: Labels | null;
  /** Is a record of this resource not taken? */
  refuses(resourceId: string): boolean;
}

/** In files. */
export function learningIn(clients: Clients, until: Micros | null, nowMs: number): Learning {
  return { clients, source: '', until: until ?? Number.POSITIVE_INFINITY, nowMs, labels: null, refuses: () => false };
}

/** Requests that agree in kind and caller, from the first of them: only those are parsed that may be the first of their client. */
export function learnClient(record: Uint8Array, now: () => Learning): RequestTally | null {
  const event = eventIn(record, NOWHERE, now().nowMs);
  const client = event === null ? null : clientOf(event);
  return event === null || client === null ? null : new LikeClient(event, client, now);
}

class LikeClient implements RequestTally {
  readonly #event: Event;
  readonly #client: Client;
  readonly #key: string;
  readonly #isRead: boolean;
  readonly #now: () => Learning;

  constructor(event: Event, client: Client, now: () => Learning) {
    this.#event = event;
    this.#client = client;
    this.#key = clientKey(client);
    this.#isRead = isRead(event);
    this.#now = now;
  }

  add(time: Micros, walk: WasmWalk, record: number, index: number): void {
    const { clients, source, until, nowMs, labels, refuses } = this.#now();
    if (time > until || refuses(this.#event.resourceId)) return;
    const bytes = this.#isRead ? walk.measure(record, 3) : 0;
    if (clients.use(this.#client, this.#key, time, Number.isNaN(bytes) ? 0 : bytes)) return;
    const position = { source, line: walk.lineOf(record), index };
    const event = eventIn(walk.bytes.subarray(walk.start(record), walk.end(record)), position, nowMs);
    if (event !== null) clients.add(labels === null ? event : { ...event, labels });
  }
}

const NOWHERE: Position = { source: '', line: 0, index: 0 };

function eventIn(record: Uint8Array, position: Position, nowMs: number): Event | null {
  const value = parseObject(Buffer.from(record).toString('utf8'));
  const read = value === null ? null : normalise(value, position, { now: nowMs });
  return read?.kind === 'event' ? read.event : null;
}

/** Both of two, if there are two. */
export function both(one: RequestTally | null, other: RequestTally | null): RequestTally | null {
  if (one === null || other === null) return one ?? other;
  return {
    add(...told) {
      one.add(...told);
      other.add(...told);
    },
  };
}
