import type { Clock } from '../../lib/clock.ts';
import type { Receipt } from '../../sources/source.ts';

const QUARTER = 900_000;
const QUARTERS = 96;
/** Reasons and troubles of one source that are kept, and characters of each. */
const REASONS = 20;
const TROUBLES = 20;
const LONGEST = 200;

interface LeftOut {
  readonly code: string;
  /** `no log that is read` */
  readonly what: string;
  count: number;
  /** Why the last one was left out. */
  example: string;
  lastAt: number;
}

interface Book {
  /** Records by quarter of an hour since 1970. */
  readonly quarters: Map<number, number>;
  readonly leftOut: Map<string, LeftOut>;
  readonly troubles: { at: number; why: string }[];
}

export interface Told {
  readonly rates: readonly number[];
  readonly perSecond: number;
  readonly leftOut: readonly Readonly<LeftOut>[];
  readonly troubles: readonly { readonly at: number; readonly why: string }[];
}

/** What each source took in the last day, and left out and why since the start. In memory: it says how a source is, not what happened. */
export class Intake {
  readonly #clock: Clock;
  readonly #books = new Map<string, Book>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  took(source: string, { accepted, rejected }: Receipt): void {
    const { quarters, leftOut } = this.#book(source);
    const now = this.#clock.now();
    const quarter = Math.floor(now / QUARTER);
    quarters.set(quarter, (quarters.get(quarter) ?? 0) + accepted);
    for (const old of quarters.keys()) if (old <= quarter - QUARTERS) quarters.delete(old);
    for (const one of rejected) leave(leftOut, one.code, one.reason, now);
  }

  troubled(source: string, why: string): void {
    const { troubles } = this.#book(source);
    // Tried again and again, it fails again and again in the same words.
    if (troubles[0]?.why === why) troubles.shift();
    troubles.unshift({ at: this.#clock.now(), why: why.slice(0, LONGEST) });
    troubles.splice(TROUBLES);
  }

  of(source: string): Told {
    const { quarters, leftOut, troubles } = this.#book(source);
    const now = this.#clock.now();
    const last = Math.floor(now / QUARTER);
    const rates = Array.from({ length: QUARTERS }, (_, at) => quarters.get(last - QUARTERS + 1 + at) ?? 0);
    // The quarter under way has hardly begun, or is nearly over: with a share of the one before it they are one together.
    const share = 1 - (now % QUARTER) / QUARTER;
    const recent = (rates.at(-1) ?? 0) + share * (rates.at(-2) ?? 0);
    return {
      rates,
      perSecond: recent / (QUARTER / 1000),
      leftOut: [...leftOut.values()].sort((a, b) => b.count - a.count),
      troubles,
    };
  }

  #book(source: string): Book {
    const known = this.#books.get(source);
    if (known !== undefined) return known;
    const made: Book = { quarters: new Map(), leftOut: new Map(), troubles: [] };
    this.#books.set(source, made);
    return made;
  }
}

/** By code and what stands before the first colon, which says the kind. */
function leave(leftOut: Map<string, LeftOut>, code: string, reason: string, now: number): void {
  const what = reason.split(':', 1)[0]!.slice(0, LONGEST);
  const key = `${code} ${what}`;
  const example = reason.slice(0, LONGEST);
  const known = leftOut.get(key);
  if (known !== undefined) Object.assign(known, { count: known.count + 1, example, lastAt: now });
  else if (leftOut.size < REASONS) leftOut.set(key, { code, what, count: 1, example, lastAt: now });
}
