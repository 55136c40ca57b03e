import { comparePosition, type Position } from '../events/event.ts';
import type { Normalised } from '../events/normalise.ts';
import { compareText } from '../lib/compare.ts';
import type { JsonObject } from '../lib/json.ts';
import type { LeftOut } from './contract.ts';

/** Records by what became of them. */
export interface Counted {
  readonly records: number;
  readonly unknown: number;
  readonly invalid: Readonly<Record<string, number>>;
  readonly leftOut: readonly LeftOut[];
}

/** Names of keys that are told of what is no log record. */
const KEYS = 8;

/** Records that were not read as events: how many of each kind, where the first and the last stood. */
export class LeftOuts {
  readonly #byWhat = new Map<string, { count: number; first: Position; last: Position; detail: string }>();

  add(what: string, position: Position, detail: string): void {
    this.merge({ what, count: 1, first: position, last: position, detail });
  }

  /** Others of the kind. */
  merge({ what, count, first, last, detail }: LeftOut): void {
    const found = this.#byWhat.get(what);
    if (found === undefined) {
      this.#byWhat.set(what, { count, first, last, detail });
      return;
    }
    found.count += count;
    // Files may be read in any order: the first in the order of their paths is named, whichever was read first.
    if (comparePosition(first, found.first) < 0) {
      found.first = first;
      found.detail = detail;
    }
    if (comparePosition(found.last, last) < 0) found.last = last;
  }

  /** A record of another log, or JSON that is no log record: of that the names of its keys are told. */
  addUnknown({ what, isLog }: Extract<Normalised, { kind: 'unknown' }>, value: JsonObject, position: Position): void {
    if (isLog) this.add('unknown', position, what);
    else this.add('no_log', position, Object.keys(value).slice(0, KEYS).join(', '));
  }

  list(): LeftOut[] {
    return [...this.#byWhat]
      .map(([what, found]) => ({ what, ...found }))
      .sort((a, b) => b.count - a.count || compareText(a.what, b.what));
  }
}
