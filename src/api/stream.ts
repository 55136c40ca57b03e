import type { AlertNews } from '../alerts/stored.ts';
import type { Clock } from '../lib/clock.ts';
import { isSeen, itemOf } from './item.ts';
import type { EventsPort, Scope } from './ports.ts';
import { later } from './problem.ts';

/*
 * Server-sent events. Every change of an alert gets a number; the last ones are kept in a ring, so that a client that lost its connection
 * goes on where it was (`Last-Event-ID`). One that was away for longer, or over a restart, is sent `reset` and lists the alerts again.
 * A client that does not read is dropped once too much waits for it: it comes back by itself, and the ring has what it missed.
 */

export interface StreamLimits {
  /** Changes that are kept. */
  readonly ring: number;
  /** Bytes that may wait for one client. */
  readonly waiting: number;
  readonly clients: number;
  /** Milliseconds between two signs of life. */
  readonly beat: number;
}

export const STREAM_LIMITS: StreamLimits = { ring: 1000, waiting: 1 << 20, clients: 200, beat: 15_000 };

/** The connection of one client. */
export interface Outlet {
  write(text: string): void;
  /** Bytes that were written and not yet taken. */
  waiting(): number;
  /** Says goodbye. */
  end(): void;
  /** Cuts it off. */
  drop(): void;
}

interface Client {
  readonly out: Outlet;
  readonly scope: Scope;
  /** Is its token still good? */
  isAllowed(): boolean;
}

interface Kept {
  readonly number: number;
  readonly news: AlertNews;
  readonly text: string;
}

export class LiveStream {
  readonly #limits: StreamLimits;
  /** Tells the numbers of this run from those of runs before. */
  readonly #run: string;
  readonly #clients = new Set<Client>();
  readonly #ring: Kept[] = [];
  readonly #stop = new AbortController();
  readonly #unsubscribe: () => void;
  #number = 0;

  constructor(events: EventsPort, clock: Clock, limits: StreamLimits = STREAM_LIMITS) {
    this.#limits = limits;
    this.#run = clock.now().toString(36);
    this.#unsubscribe = events.subscribe((news) => this.#tell(news));
    void this.#beat(clock);
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** @throws Refusal if there are too many clients already */
  checkRoom(): void {
    if (this.#clients.size < this.#limits.clients) return;
    throw later('CW-6008', 'too many clients follow the events already', this.#limits.beat / 1000);
  }

  /** @param lastId what the client has seen last; null: it is new @returns to be called when it is gone */
  open(out: Outlet, scope: Scope, lastId: string | null, isAllowed: () => boolean): () => void {
    const client: Client = { out, scope, isAllowed };
    out.write('retry: 2000\n\n');
    for (const text of this.#missed(lastId, scope)) this.#write(client, text);
    this.#clients.add(client);
    return () => this.#clients.delete(client);
  }

  close(): void {
    this.#stop.abort();
    this.#unsubscribe();
    for (const { out } of this.#clients) out.end();
    this.#clients.clear();
  }

  #missed(lastId: string | null, scope: Scope): string[] {
    if (lastId === null) return [];
    const [run, number] = lastId.split('-');
    const seen = Number(number);
    const oldest = this.#ring[0]?.number ?? this.#number + 1;
    const isHere = run === this.#run && Number.isSafeInteger(seen) && seen >= oldest - 1 && seen <= this.#number;
    if (!isHere) return [`id: ${this.#run}-${this.#number}\nevent: reset\ndata: {}\n\n`];
    return this.#ring.filter((kept) => kept.number > seen && isSeen(kept.news.stored, scope)).map(({ text }) => text);
  }

  #tell(news: AlertNews): void {
    this.#number += 1;
    const data = JSON.stringify({ kind: news.kind, why: news.why, alert: itemOf(news.stored) });
    const text = `id: ${this.#run}-${this.#number}\nevent: alert\ndata: ${data}\n\n`;
    this.#ring.push({ number: this.#number, news, text });
    if (this.#ring.length > this.#limits.ring) this.#ring.shift();
    for (const client of this.#clients) if (isSeen(news.stored, client.scope)) this.#write(client, text);
  }

  #write(client: Client, text: string): void {
    client.out.write(text);
    if (client.out.waiting() <= this.#limits.waiting) return;
    this.#clients.delete(client);
    client.out.drop();
  }

  async #beat(clock: Clock): Promise<void> {
    for (;;) {
      await clock.sleep(this.#limits.beat, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      for (const client of this.#clients) {
        if (client.isAllowed()) this.#write(client, ': here\n\n');
        else {
          this.#clients.delete(client);
          client.out.end();
        }
      }
    }
  }
}
