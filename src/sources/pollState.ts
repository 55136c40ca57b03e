import { createHash } from 'node:crypto';
import { parseObject } from '../lib/json.ts';
import type { Millis } from './source.ts';

const MOST_GIVEN = 200_000;

/**
 * Where a poll stands: up to when everything was asked for. What was given is remembered as long as questions still reach it, so that
 * their overlap gives nothing twice; after a restart the overlap is given once more, and the service drops it.
 */
export class PollState {
  #upTo: Millis | null;
  /** When it happened, by its print. */
  readonly #given = new Map<string, Millis>();

  private constructor(upTo: Millis | null) {
    this.#upTo = upTo;
  }

  static read(position: string | undefined): PollState {
    const upTo = position === undefined ? null : parseObject(position)?.['upTo'];
    return new PollState(typeof upTo === 'number' ? upTo : null);
  }

  /** Null: nothing was asked for yet. */
  get upTo(): Millis | null {
    return this.#upTo;
  }

  has(print: string): boolean {
    return this.#given.has(print);
  }

  /** Where there are too many to remember, some are given again. */
  add(print: string, at: Millis): void {
    if (this.#given.size < MOST_GIVEN) this.#given.set(print, at);
  }

  /** Everything up to there was given, and no question will reach further back than `reach`. */
  complete(upTo: Millis, reach: Millis): void {
    this.#upTo = Math.max(upTo, this.#upTo ?? upTo);
    for (const [print, at] of this.#given) if (at < reach) this.#given.delete(print);
  }

  /** Null while there is nothing to go on from. */
  print(): string | null {
    return this.#upTo === null ? null : JSON.stringify({ v: 1, upTo: this.#upTo });
  }
}

/** What tells something from all else that is given, in few bytes. */
export function printOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 16);
}
