import { comparePosition, type Position } from '../events/event.ts';
import { compareText } from '../lib/compare.ts';
import type { LeftOut } from './contract.ts';

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

  list(): LeftOut[] {
    return [...this.#byWhat]
      .map(([what, found]) => ({ what, ...found }))
      .sort((a, b) => b.count - a.count || compareText(a.what, b.what));
  }
}
