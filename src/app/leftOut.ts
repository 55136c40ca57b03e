import { comparePosition, type Position } from '../events/event.ts';
import type { Normalised } from '../events/normalise.ts';
import { compareText } from '../lib/compare.ts';
import type { JsonObject } from '../lib/json.ts';
import type { LeftOut } from './contract.ts';

/** Names of keys that are told of what is no log record. */
const KEYS = 8;

/** Records that were not read as events: how many of each kind, where the first and the last stood. */
export class LeftOuts {
  readonly #byWhat = new Map<string, { count: number; first: Position; last: Position; detail: string }>();

  add(what: string, position: Position, detail: string): void {
    const found = this.#byWhat.get(what);
    if (found === undefined) {
      this.#byWhat.set(what, { count: 1, first: position, last: position, detail });
      return;
    }
    found.count += 1;
    // Files may be read in any order: the first in the order of their paths is named, whichever was read first.
    if (comparePosition(position, found.first) < 0) {
      found.first = position;
      found.detail = detail;
    }
    if (comparePosition(found.last, position) < 0) found.last = position;
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
