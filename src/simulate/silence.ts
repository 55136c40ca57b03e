import type { Family } from '../events/event.ts';
import { floorSecond, HOUR, isoSecond, SECOND } from './clock.ts';
import type { SimulatedRecord } from './records.ts';
import type { Truth } from './truth.ts';

/** Logs that are no account's own. */
const ELSEWHERE: ReadonlySet<Family> = new Set<Family>(['ActivityLog', 'AuditEvent']);
const ALLOWED = 4 * HOUR;

/** Works out the silences of accounts from the records that were really written: from each record on, more than four hours without another. */
export class SilenceWatch {
  readonly #last = new Map<string, number>();
  readonly #gone = new Set<string>();
  readonly #found: Truth[] = [];
  #newest = 0;

  /** Records come in order of time. */
  see({ family, resource, time }: SimulatedRecord): void {
    const second = floorSecond(time);
    this.#newest = second;
    if (ELSEWHERE.has(family) || this.#gone.has(resource)) return;
    this.#judge(resource, second);
    this.#last.set(resource, second);
  }

  /** Nobody waits for the logs of an account that is gone. @param at when it was deleted */
  forget(account: string, at: number): void {
    this.#judge(account, floorSecond(at));
    this.#last.delete(account);
    this.#gone.add(account);
  }

  /** All of them: nothing is read after the newest record. */
  end(): readonly Truth[] {
    for (const account of this.#last.keys()) this.#judge(account, this.#newest);
    return this.#found;
  }

  #judge(account: string, until: number): void {
    const last = this.#last.get(account);
    if (last === undefined || until - last <= ALLOWED) return;
    const firstSeen = isoSecond(last + ALLOWED + SECOND);
    this.#found.push({ rule: 'cosmosdb_no_logs', account, firstSeen, count: 0, actors: [] });
  }
}
