import type { AlertNews, StoredAlert } from '../../alerts/stored.ts';
import type { Config } from '../../config/config.ts';
import type { Clock } from '../../lib/clock.ts';
import { runBeats } from '../../notify/beats.ts';
import type { Addressee, Settlement } from '../../notify/ports.ts';
import type { Receiver, ReceiverPorts, SignOfLife } from '../../notify/receiver.ts';
import { addresseesOf, createReceivers, linksFrom } from '../../notify/receivers.ts';
import { decide, type Routing } from '../../notify/route.ts';
import type { Route } from '../../notify/routeSchema.ts';
import { Worker } from '../../notify/worker.ts';
import type { Db } from '../../store/db.ts';
import { SqliteOutbox } from '../../store/outbox.ts';
import type { Gate } from './gate.ts';

export interface NotifierHooks {
  /** Null: no source runs, or nothing can be stored. */
  readonly alive: () => SignOfLife | null;
  /** Told of each attempt. */
  readonly onSettled: (receiver: string, outcome: Settlement['kind']) => void;
  readonly gate: Gate;
}

class CountedOutbox extends SqliteOutbox {
  readonly #onSettled: NotifierHooks['onSettled'];

  constructor(db: Db, onSettled: NotifierHooks['onSettled']) {
    super(db);
    this.#onSettled = onSettled;
  }

  override settle(id: number, settlement: Settlement, now: number): void {
    super.settle(id, settlement, now);
    this.#onSettled(this.receiverOf(id), settlement.kind);
  }
}

/** Who is told of what, as a configuration says, and what waits to be told. */
export class Notifier {
  readonly outbox: SqliteOutbox;
  readonly #gate: Gate;
  readonly #clock: Clock;
  readonly #configs: Config['receivers'];
  readonly #routes: Route | null;
  readonly #worker: Worker;
  readonly #beat: () => Promise<void>;
  readonly #beating = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    db: Db,
    { receivers, routes, externalUrl }: Config,
    ports: ReceiverPorts,
    { alive, onSettled, gate }: NotifierHooks,
  ) {
    const links = linksFrom(externalUrl);
    const made: ReadonlyMap<string, Receiver> = createReceivers(receivers, ports);
    this.outbox = new CountedOutbox(db, onSettled);
    this.#gate = gate;
    this.#clock = ports.clock;
    this.#configs = receivers;
    this.#routes = routes;
    this.#worker = new Worker({ outbox: this.outbox, ...ports, links }, { receivers: made, flood: routes?.flood ?? 0 });
    this.#beat = () => runBeats(made, { outbox: this.outbox, ...ports, links, alive }, this.#beating.signal);
  }

  start(): void {
    this.#running = Promise.all([this.#worker.run(), this.#beat()]);
  }

  /** Inside the transaction of the news. @returns them, with what keeps them back */
  enqueue(news: readonly AlertNews[]): readonly AlertNews[] {
    const { told, all } = this.#gate.pass(news, this.#clock.now());
    this.#send(told);
    return all;
  }

  /** Inside a transaction: what time, or other exceptions and silences, let go. @returns is there anything? */
  tick(): boolean {
    return this.#send(this.#gate.tick(this.#clock.now()));
  }

  #send(told: readonly AlertNews[]): boolean {
    for (const one of told) this.outbox.enqueue(one, this.addressees(one.stored), this.#clock.now());
    return told.length > 0;
  }

  /** Where it goes, and why; without routes nowhere. */
  routing(stored: StoredAlert): Routing {
    return this.#routes === null ? { decisions: [], looked: [] } : decide(this.#routes, stored);
  }

  /** Every receiver under the names that the routes lead to. */
  addressees(stored: StoredAlert): readonly Addressee[] {
    return addresseesOf(this.routing(stored).decisions, this.#configs);
  }

  /** Dead messages wait again. @returns how many do */
  replay(ids: readonly number[]): number {
    return this.#worker.replay(ids);
  }

  wake(): void {
    this.#worker.wake();
  }

  async stop(): Promise<void> {
    this.#beating.abort();
    await this.#worker.stop();
    await this.#running;
  }
}
