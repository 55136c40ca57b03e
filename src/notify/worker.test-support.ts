import { VirtualClock } from '../../test/support/virtualClock.ts';
import type { AlertNews, ChangeKind } from '../alerts/stored.ts';
import { Db } from '../store/db.ts';
import { SqliteOutbox } from '../store/outbox.ts';
import type { LogFields } from '../telemetry/log.ts';
import { newsOf, type Wanted } from './news.test-support.ts';
import type { Addressee } from './ports.ts';
import type { Delivery, Message, Receiver } from './receiver.ts';
import { Worker } from './worker.ts';

/** A message as a sink took it in. */
export interface Taken {
  readonly at: number;
  readonly id: string;
  readonly alert: string;
  readonly kind: string;
  readonly message: Message;
}

/** A receiver that keeps a ledger, and answers as it is told. */
export class Sink implements Receiver {
  readonly pace: number;
  readonly ledger: Taken[] = [];
  /** When a message came, delivered or not. */
  readonly tries: number[] = [];
  answer: (message: Message) => Delivery | Promise<Delivery> = () => ({ kind: 'delivered', ref: null });
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock, pace = 0) {
    this.#clock = clock;
    this.pace = pace;
  }

  async deliver(message: Message): Promise<Delivery> {
    this.tries.push(this.#clock.now());
    const delivery = await this.answer(message);
    if (delivery.kind === 'delivered') this.ledger.push(takenOf(message, this.#clock.now()));
    return delivery;
  }
}

function takenOf(message: Message, at: number): Taken {
  const { id, content } = message;
  const [alert, kind] =
    content.kind === 'alert' ? [content.news.stored.alert.id, content.news.kind] : [content.kind, content.kind];
  return { at, id, alert, kind, message };
}

/** The delivery as it runs in the service, on a virtual clock and a store in memory. `restart` is what a kill leaves. */
export class Desk {
  readonly clock = new VirtualClock();
  readonly outbox = new SqliteOutbox(new Db(':memory:'));
  readonly logged: LogFields[] = [];
  readonly sinks: Readonly<Record<string, Sink>>;
  readonly #flood: number;
  #receivers: ReadonlyMap<string, Receiver>;
  worker: Worker;

  /** @param paces of the receivers, by name */
  constructor(paces: Readonly<Record<string, number>> = { a: 0 }, flood = 0) {
    this.sinks = Object.fromEntries(Object.entries(paces).map(([name, pace]) => [name, new Sink(this.clock, pace)]));
    this.#flood = flood;
    this.#receivers = new Map(Object.entries(this.sinks).map(([name, sink]) => [`${name}/0`, sink]));
    this.worker = this.#start();
  }

  get a(): Sink {
    return this.sinks['a']!;
  }

  #start(): Worker {
    const keep = (fields: LogFields, message: string): void => {
      this.logged.push({ ...fields, message });
    };
    const worker = new Worker(
      {
        outbox: this.outbox,
        clock: this.clock,
        random: () => 0.5,
        log: { info: () => {}, warn: keep, error: keep },
        links: (stored) => ({ console: `https://cosmowatch.contoso.example/${stored?.alert.id ?? ''}`, portal: null }),
      },
      { receivers: this.#receivers, flood: this.#flood },
    );
    worker.run().catch((error: unknown) => {
      throw error;
    });
    return worker;
  }

  /** What happens to an alert goes to receivers, without waiting for the worker. */
  tell(kind: ChangeKind, wanted: Wanted = {}, to: readonly string[] = ['a'], more: Partial<Addressee> = {}): void {
    const news = lean(newsOf(kind, wanted));
    const addressees = to.map((name) => ({ receiver: `${name}/0`, groupWait: 0, repeat: null, ...more }));
    this.outbox.enqueue(news, addressees, this.clock.now());
    this.worker.wake();
  }

  /** The process is gone, with all it had in memory, and another one starts. */
  async restart(receivers: readonly string[] = Object.keys(this.sinks)): Promise<void> {
    const stopped = this.worker.stop(0);
    await this.clock.advance(0);
    await stopped;
    this.#receivers = new Map(receivers.map((name) => [`${name}/0`, this.sinks[name]!]));
    this.worker = this.#start();
    await this.clock.advance(0);
  }
}

/** Without facts: thousands of them are made. */
function lean(news: AlertNews): AlertNews {
  return { ...news, stored: { ...news.stored, detail: { ...news.stored.detail, facts: [] } } };
}

export const DOWN: Delivery = { kind: 'retry', after: null, reason: 'HTTP 503' };
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
