import { highestOf } from './counts.ts';
import type { Level } from './levels.ts';
import type { WaitingRow } from './ports.ts';

const MINUTE = 60_000;
/** So long is gathered before the first summary, and between two. */
const FIRST_SUMMARY = MINUTE;
const BETWEEN_SUMMARIES = 10 * MINUTE;
/** A summary tells of at most so many alerts: all of them are in memory while it is sent. */
const MOST = 1000;

/** Rows that one message will tell of. */
export interface Summary {
  readonly alerts: readonly string[];
  readonly ids: readonly number[];
  readonly level: Level;
}

/**
 * Counts the alerts that come in for one receiver. *Calm*: each is told by itself. More than the limit within a minute, and it is a *flood*: what comes
 * from then on is held, until a minute passes with none too many. Critical alerts, and news of alerts that were told, never come here.
 */
export class Flood {
  readonly #limit: number;
  /** When the last alerts came, oldest first; as many as the limit. */
  readonly #times: number[] = [];
  #until = Number.NEGATIVE_INFINITY;
  #nextSummary = Number.POSITIVE_INFINITY;
  readonly #held = new Map<string, WaitingRow[]>();
  #count = 0;

  /** @param limit alerts a minute; 0: no flood is ever seen */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get held(): number {
    return this.#count;
  }

  /** Is the row held? News of an alert that is held are held with it. */
  holds(row: WaitingRow): boolean {
    const rows = this.#held.get(row.alert);
    if (rows === undefined && !this.#isTooMany(row.queuedAt)) return false;
    if (rows === undefined) this.#held.set(row.alert, [row]);
    else rows.push(row);
    this.#count++;
    return true;
  }

  #isTooMany(at: number): boolean {
    if (this.#limit === 0) return false;
    const oldest = this.#times.length < this.#limit ? Number.NEGATIVE_INFINITY : this.#times.shift()!;
    this.#times.push(at);
    if (at - oldest < MINUTE) {
      const isFirst = at >= this.#until && this.#count === 0;
      if (isFirst) this.#nextSummary = at + FIRST_SUMMARY;
      this.#until = at + MINUTE;
    }
    return at < this.#until;
  }

  /** The rows of an alert that became critical: they are told after all. */
  release(alert: string): readonly WaitingRow[] {
    const rows = this.#held.get(alert) ?? [];
    this.#held.delete(alert);
    this.#count -= rows.length;
    return rows;
  }

  /** When there is a summary to make: it is time, the flood is over, or there is no more room. Null: nothing is held. */
  next(): number | null {
    if (this.#count === 0) return null;
    if (this.#held.size >= MOST) return Number.NEGATIVE_INFINITY;
    return Math.min(this.#nextSummary, this.#until);
  }

  /** What is to be told now. It stays held until `told`. */
  summary(now: number): Summary | null {
    const next = this.next();
    if (next === null || next > now) return null;
    const alerts = [...this.#held.keys()].slice(0, MOST);
    const rows = alerts.flatMap((alert) => this.#held.get(alert)!);
    const level = highestOf(rows.map((row) => row.level))!;
    return { alerts, ids: rows.map(({ id }) => id), level };
  }

  told({ alerts }: Summary, now: number): void {
    for (const alert of alerts) this.release(alert);
    if (this.#count === 0) this.#nextSummary = now + BETWEEN_SUMMARIES;
  }
}
