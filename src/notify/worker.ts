import type { StoredAlert } from '../alerts/stored.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../telemetry/log.ts';
import { backOff } from './backOff.ts';
import { Outlet, type OutletState } from './outlet.ts';
import type { Loaded, Outbox, Settlement, WaitingRow } from './ports.ts';
import type { Delivery, Links, Message, Receiver } from './receiver.ts';
import { digestNotice, groupNotice } from './several.ts';

/** A try takes no longer; a receiver that does not heed its signal is not waited for. */
const LONGEST_TRY = 30_000;
/** However long a receiver asks to be left alone. */
const LONGEST_PAUSE = 3_600_000;
/** Then a message is dead: it may be replayed. */
const GIVE_UP = 3 * 86_400_000;
const ROWS_AT_ONCE = 1000;
/** Without being woken it looks for rows so often. */
const LONGEST_SLEEP = 300_000;
/** Nobody reads it; an exception with its stack for each message would cost more than the message. */
const WOKEN = 'woken';
/** If the store cannot take an answer down, it is asked again so often. */
const STORE_AGAIN = 1000;

export interface WorkerPorts {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** Of an alert; null: of all of them. */
  readonly links: (stored: StoredAlert | null) => Links;
}

export interface WorkerOptions {
  /** By name and index: `slack-security/0`. */
  readonly receivers: ReadonlyMap<string, Receiver>;
  /** Alerts a minute, for one receiver, above which they become one message; 0: never. */
  readonly flood: number;
}

/**
 * Sends what waits in the outbox. A row goes *waiting* -> on its way -> *delivered*, *dead*, or *waiting* again with a later time; only the last step of
 * each try is written, so what was on its way when the process died is sent again, under the same id. What is next is decided in memory
 * (`outlet.ts`), of which the rows that wait are the whole truth.
 */
export class Worker {
  readonly #ports: WorkerPorts;
  readonly #options: WorkerOptions;
  readonly #outlets = new Map<string, Outlet>();
  readonly #stop = new AbortController();
  readonly #sending = new Set<Promise<void>>();
  #isStopping = false;
  #seen = 0;
  #woken = new AbortController();

  constructor(ports: WorkerPorts, options: WorkerOptions) {
    this.#ports = ports;
    this.#options = options;
    for (const [name, { pace }] of options.receivers) this.#outlets.set(name, new Outlet(name, pace, options.flood));
  }

  /** Sends until `stop`. What failed before the start is tried at once. */
  async run(): Promise<void> {
    const { clock, outbox } = this.#ports;
    await this.#stored(() => outbox.restart(clock.now()));
    while (!this.#isStopping) {
      this.#woken = new AbortController();
      const wait = this.#pass() ? this.#wait() : STORE_AGAIN;
      await clock.sleep(wait, this.#woken.signal);
    }
  }

  /** There are new rows: call it after each COMMIT that wrote some. */
  wake(): void {
    this.#woken.abort(WOKEN);
  }

  /** Dead rows wait again. Gives how many do. */
  replay(ids: readonly number[]): number {
    const rows = this.#ports.outbox.replay(ids, this.#ports.clock.now());
    for (const row of rows) this.#add(row);
    this.wake();
    return rows.length;
  }

  state(): readonly OutletState[] {
    return [...this.#outlets.values()].map(({ state }) => state);
  }

  /** Starts nothing new, waits `grace` milliseconds for what is on its way, and lets go of the rest, which goes on waiting. */
  async stop(grace = 5000): Promise<void> {
    this.#isStopping = true;
    this.wake();
    const late = new AbortController();
    await Promise.race([Promise.all(this.#sending), this.#ports.clock.sleep(grace, late.signal)]);
    late.abort();
    this.#stop.abort();
    await Promise.all(this.#sending);
  }

  /** Gives whether the store let it do all that there was to do. */
  #pass(): boolean {
    const { clock, log } = this.#ports;
    try {
      this.#takeIn();
      for (const outlet of this.#outlets.values()) this.#serve(outlet, clock.now());
      return true;
    } catch (error) {
      // The store cannot be read or written just now; what was not taken in is there the next time.
      log.error({ error: nameOf(error) }, 'the outbox cannot be read');
      return false;
    }
  }

  #wait(): number {
    const now = this.#ports.clock.now();
    const times = [...this.#outlets.values()].flatMap((outlet) => outlet.next(now) ?? []);
    return Math.max(0, Math.min(now + LONGEST_SLEEP, ...times) - now);
  }

  #takeIn(): void {
    for (;;) {
      const rows = this.#ports.outbox.waiting(this.#seen, ROWS_AT_ONCE);
      for (const row of rows) {
        this.#add(row);
        this.#seen = row.id;
      }
      if (rows.length < ROWS_AT_ONCE) return;
    }
  }

  #add(row: WaitingRow): void {
    const { outbox, clock } = this.#ports;
    const outlet = this.#outlets.get(row.receiver);
    if (outlet === undefined) {
      const reason = `there is no receiver ${row.receiver} in the configuration any more`;
      outbox.settle(row.id, { kind: 'rejected', reason }, clock.now());
    } else if (row.earlier === 'summarised' && isOnlyAnEnd(row)) outbox.quiet([row.id], clock.now());
    else outlet.add(row);
  }

  #serve(outlet: Outlet, now: number): void {
    for (let summary = outlet.summary(now); summary !== null; summary = outlet.summary(now)) {
      this.#ports.outbox.summarise(summary.ids, summary.level, now);
      outlet.summarised(summary, now);
      this.#takeIn();
    }
    for (let row = outlet.take(now); row !== null; row = outlet.take(now)) this.#start(outlet, row);
  }

  #start(outlet: Outlet, row: WaitingRow): void {
    const ended = (): void => {
      this.#sending.delete(sending);
      this.wake();
    };
    // Rejected only where we were stopped and the store took nothing down any more: the row goes on waiting.
    const sending: Promise<void> = this.#send(outlet, row).then(ended, ended);
    this.#sending.add(sending);
  }

  async #send(outlet: Outlet, row: WaitingRow): Promise<void> {
    const loaded = await this.#stored(() => this.#load(outlet, row));
    const delivery = loaded === null ? null : await this.#deliver(outlet.receiver, loaded);
    if (loaded === null || delivery === null) {
      outlet.released(row);
      return;
    }
    const now = this.#ports.clock.now();
    const settlement = this.#settlement(delivery, row, loaded, now);
    await this.#stored(() => this.#ports.outbox.settle(row.id, settlement, now));
    this.#tell(row, settlement);
    if (settlement.kind === 'retry') outlet.failed(row, settlement.due, settlement.notBefore, now, settlement.reason);
    else {
      const failure = settlement.kind === 'rejected' ? settlement.reason : null;
      outlet.settled(row, settlement.kind === 'delivered' ? settlement.also : [], now, failure);
    }
  }

  /** In one go: what a row tells of beside itself must not be sent meanwhile. */
  #load(outlet: Outlet, row: WaitingRow): Loaded | null {
    const loaded = this.#ports.outbox.load(row.id);
    if (loaded !== null && loaded.gathered.length > 0) outlet.gather(row, loaded.gathered);
    return loaded;
  }

  /** Null: we were stopped before there was an answer. */
  async #deliver(name: string, loaded: Loaded): Promise<Delivery | null> {
    const { clock } = this.#ports;
    const late = new AbortController();
    const done = new AbortController();
    const signal = AbortSignal.any([late.signal, this.#stop.signal]);
    const tooLate = clock.sleep(LONGEST_TRY, done.signal).then(() => {
      if (!done.signal.aborted) late.abort();
      return { kind: 'retry', after: null, reason: `no answer within ${LONGEST_TRY / 1000} s` } as const;
    });
    const stopped = new Promise<null>((resolve) => {
      this.#stop.signal.addEventListener('abort', () => resolve(null), { signal: done.signal });
    });
    try {
      const receiver = this.#options.receivers.get(name)!;
      return await Promise.race([stopped, receiver.deliver(this.#message(loaded), signal), tooLate]);
    } catch (error) {
      // A surprise, so a mistake of ours. Its text may hold what must not be told.
      const reason = `cosmowatch could not make the message (${nameOf(error)})`;
      return { kind: 'retry', after: null, reason };
    } finally {
      done.abort(WOKEN);
    }
  }

  #message({ id, form, news, notice, ref }: Loaded): Message {
    const links = this.#ports.links(form === 'alert' ? news[0]!.stored : null);
    switch (form) {
      case 'alert':
        return { id, content: { kind: 'alert', news: news[0]! }, ref, links };
      case 'flood':
        return { id, content: { kind: 'flood', news }, ref, links };
      case 'group':
        return { id, content: { kind: 'notice', notice: groupNotice(news) }, ref: null, links };
      case 'digest':
        return { id, content: { kind: 'notice', notice: digestNotice(news) }, ref: null, links };
      case 'notice':
        return { id, content: { kind: 'notice', notice: notice! }, ref: null, links };
    }
  }

  #settlement(delivery: Delivery, row: WaitingRow, loaded: Loaded, now: number): Settlement {
    if (delivery.kind === 'rejected') return delivery;
    if (delivery.kind === 'delivered') {
      const isAlert = loaded.form === 'alert';
      const isOpen = isAlert && loaded.news[0]!.stored.alert.status === 'open';
      const again = isOpen && loaded.repeat !== null ? now + loaded.repeat : null;
      // A message about several says nothing of where one of them goes on.
      return { kind: 'delivered', ref: isAlert ? delivery.ref : loaded.ref, also: loaded.also, again };
    }
    if (now - row.queuedAt > GIVE_UP) return { kind: 'rejected', reason: `given up after 3 days: ${delivery.reason}` };
    const notBefore = delivery.after === null ? null : now + Math.min(delivery.after, LONGEST_PAUSE);
    const due = Math.max(now + backOff(row.attempts + 1, this.#ports.random), notBefore ?? 0);
    return { kind: 'retry', reason: delivery.reason, due, notBefore };
  }

  #tell({ receiver, alert, attempts }: WaitingRow, settlement: Settlement): void {
    const fields = { receiver, alert, attempt: attempts + 1 };
    if (settlement.kind === 'delivered') this.#ports.log.info(fields, 'delivered');
    else if (settlement.kind === 'retry')
      this.#ports.log.warn({ ...fields, reason: settlement.reason }, 'not delivered, tried again');
    else this.#ports.log.error({ ...fields, reason: settlement.reason }, 'not delivered: a dead letter');
  }

  /** What the store cannot do just now is done when it can: an answer that is not taken down would be a message sent twice. */
  async #stored<T>(act: () => T): Promise<T> {
    for (;;) {
      try {
        return act();
      } catch (error) {
        if (this.#stop.signal.aborted) throw error;
        this.#ports.log.error({ error: nameOf(error) }, 'the outbox cannot be written');
        await this.#ports.clock.sleep(STORE_AGAIN, this.#stop.signal);
      }
    }
  }
}

/** Of an alert that was only counted in a summary nobody needs to hear that it is over. */
function isOnlyAnEnd({ kind }: WaitingRow): boolean {
  return kind === 'resolved' || kind === 'acknowledged';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
