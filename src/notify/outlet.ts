import { Breaker } from './breaker.ts';
import { Flood, type Summary } from './flood.ts';
import { Lanes } from './lanes.ts';
import type { Level } from './levels.ts';
import { DIGEST, type Gathered, type WaitingRow } from './ports.ts';

/** Messages that may be on their way to one receiver at a time. The last place is kept for what is critical: others may all hang. */
const MOST = 4;
const MOST_NOT_CRITICAL = MOST - 1;

/** Where one receiver stands, for people and for /metrics. */
export interface OutletState {
  readonly receiver: string;
  readonly waiting: number;
  readonly held: number;
  readonly sending: number;
  readonly isReachable: boolean;
  /** Why the last try failed; null: it did not. */
  readonly lastFailure: string | null;
  /** Since when nothing arrives, after several failures in a row; milliseconds, null: it does. */
  readonly failingSince: number | null;
  /** Messages about alerts that were refused or given up, since the start. */
  readonly died: number;
  /** Milliseconds; null: none since the start. */
  readonly lastDelivery: number | null;
}

/** All that decides when the next message to one receiver is sent. It knows no clock and sends nothing. */
export class Outlet {
  readonly receiver: string;
  readonly #pace: number;
  readonly #lanes = new Lanes();
  readonly #breaker = new Breaker();
  readonly #flood: Flood;
  #sending = 0;
  /** The receiver asked for quiet until then; milliseconds. */
  #pausedUntil = 0;
  /** No message starts before: the pace. */
  #nextStart = 0;
  #lastFailure: string | null = null;
  #died = 0;
  #lastDelivery: number | null = null;

  constructor(receiver: string, pace: number, flood: number) {
    this.receiver = receiver;
    this.#pace = pace;
    this.#flood = new Flood(flood);
  }

  get state(): OutletState {
    return {
      receiver: this.receiver,
      waiting: this.#lanes.size,
      held: this.#flood.held,
      sending: this.#sending,
      isReachable: this.#breaker.isClosed,
      lastFailure: this.#lastFailure,
      failingSince: this.#breaker.openSince,
      died: this.#died,
      lastDelivery: this.#lastDelivery,
    };
  }

  get isIdle(): boolean {
    return this.#sending === 0;
  }

  add(row: WaitingRow): void {
    if (row.notBefore !== null) this.#pausedUntil = Math.max(this.#pausedUntil, row.notBefore);
    if (row.level === 'critical') for (const held of this.#flood.release(row.alert)) this.#lanes.add(held);
    if (!this.#mayBeHeld(row) || !this.#flood.holds(row)) this.#lanes.add(row);
  }

  /** Critical alerts, what was tried before, and what goes on about an alert that was told are messages of their own. */
  #mayBeHeld({ level, kind, attempts, earlier, lane, grouping }: WaitingRow): boolean {
    if (level === 'critical' || kind === 'flood' || kind === 'notice' || grouping === DIGEST) return false;
    return attempts === 0 && earlier !== 'told' && !this.#lanes.has(lane);
  }

  /** The row, which is on its way, tells of these too. */
  gather(row: WaitingRow, gathered: readonly Gathered[]): void {
    const ids = new Set(gathered.map(({ id }) => id));
    for (const alert of new Set(gathered.map((one) => one.alert)))
      for (const held of this.#flood.release(alert))
        if (!ids.has(held.id)) this.#lanes.add({ ...held, lane: row.lane });
    this.#lanes.gather(row, gathered);
  }

  /** The summary that is due. Its rows are held until `summarised`. */
  summary(now: number): Summary | null {
    return this.#flood.summary(now);
  }

  summarised(summary: Summary, now: number): void {
    this.#flood.told(summary, now);
  }

  /** What to send now. It is on its way until `settled`, `failed` or `released`. */
  take(now: number): WaitingRow | null {
    const lowest = this.#lowest();
    if (lowest === null || this.#earliest(now) > now) return null;
    const row = this.#lanes.take(now, lowest);
    if (row === null) return null;
    this.#sending++;
    this.#nextStart = now + this.#pace;
    this.#breaker.started();
    return row;
  }

  /** There was an answer: delivered, or rejected for good. */
  settled(row: WaitingRow, also: readonly number[], now: number, failure: string | null): void {
    this.#sending--;
    this.#lastFailure = failure;
    if (failure === null) this.#lastDelivery = now;
    else if (row.kind !== 'notice') this.#died++;
    this.#lanes.done(row, also);
    if (this.#breaker.succeeded()) this.#lanes.hasten(now);
  }

  failed(row: WaitingRow, due: number, notBefore: number | null, now: number, failure: string): void {
    this.#sending--;
    this.#lastFailure = failure;
    if (notBefore !== null) this.#pausedUntil = Math.max(this.#pausedUntil, notBefore);
    this.#breaker.failed(now);
    this.#lanes.again(row, { due, notBefore, attempts: row.attempts + 1 });
  }

  /** Nothing became of it: it did not wait any more, or it was stopped. */
  released(row: WaitingRow): void {
    this.#sending--;
    this.#breaker.released();
    this.#lanes.done(row);
  }

  /** When there may be something to do; null: not before something comes in or an answer does. */
  next(now: number): number | null {
    const summary = this.#flood.next();
    const lowest = this.#lowest();
    const row = lowest === null ? null : this.#lanes.next(now, lowest);
    const start = row === null ? Number.POSITIVE_INFINITY : Math.max(row, this.#earliest(now));
    const next = Math.min(start, summary ?? Number.POSITIVE_INFINITY);
    return Number.isFinite(next) || summary !== null ? Math.max(now, next) : null;
  }

  #lowest(): Level | null {
    if (this.#sending >= MOST) return null;
    return this.#sending >= MOST_NOT_CRITICAL ? 'critical' : 'informational';
  }

  #earliest(now: number): number {
    return Math.max(this.#breaker.next(now), this.#pausedUntil, this.#nextStart);
  }
}
