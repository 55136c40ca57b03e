import type { AlertNews, StoredAlert } from '../../alerts/stored.ts';
import type { Config } from '../../config/config.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Addressee } from '../../notify/ports.ts';
import type { Links, Receiver, ReceiverPorts } from '../../notify/receiver.ts';
import { decide } from '../../notify/route.ts';
import type { Route } from '../../notify/routeSchema.ts';
import { Worker } from '../../notify/worker.ts';
import type { Db } from '../../store/db.ts';
import { SqliteOutbox } from '../../store/outbox.ts';

/** Who is told of what, as a configuration says, and what waits to be told. */
export class Notifier {
  readonly outbox: SqliteOutbox;
  readonly #clock: Clock;
  readonly #receivers: ReadonlyMap<string, Receiver>;
  readonly #routes: Route | null;
  readonly #worker: Worker;
  #running: Promise<void> = Promise.resolve();

  constructor(db: Db, { receivers, routes, externalUrl }: Config, ports: ReceiverPorts) {
    this.outbox = new SqliteOutbox(db);
    this.#clock = ports.clock;
    this.#receivers = new Map(
      [...receivers].flatMap(([name, list]) =>
        list.map(({ kind, config }, at) => [`${name}/${at}`, kind.create(config, ports)] as const),
      ),
    );
    this.#routes = routes;
    const links = linksTo(externalUrl);
    this.#worker = new Worker(
      { outbox: this.outbox, ...ports, links },
      { receivers: this.#receivers, flood: routes?.flood ?? 0 },
    );
  }

  start(): void {
    this.#running = this.#worker.run();
  }

  /** Inside the transaction of the news. */
  enqueue(news: readonly AlertNews[]): void {
    for (const one of news) this.outbox.enqueue(one, this.addressees(one.stored), this.#clock.now());
  }

  /** Every receiver under the names that the routes lead to. */
  addressees(stored: StoredAlert): readonly Addressee[] {
    if (this.#routes === null) return [];
    return decide(this.#routes, stored).decisions.flatMap(({ receiver, groupWait, repeat }) =>
      [...this.#receivers.keys()]
        .filter((name) => name.startsWith(`${receiver}/`))
        .map((name) => ({ receiver: name, groupWait, repeat })),
    );
  }

  wake(): void {
    this.#worker.wake();
  }

  async stop(): Promise<void> {
    await this.#worker.stop();
    await this.#running;
  }
}

function linksTo(externalUrl: string | null): (stored: StoredAlert | null) => Links {
  return (stored) => {
    const account = stored?.detail.spelled ?? stored?.alert.account ?? null;
    return {
      console: externalUrl === null ? null : stored === null ? externalUrl : `${externalUrl}/alerts/${stored.alert.id}`,
      portal: account === null ? null : `https://portal.azure.com/#resource${account}`,
    };
  };
}
