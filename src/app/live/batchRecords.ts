import type { Event } from '../../events/event.ts';
import { FIRST_KEPT, LAST_KEPT } from '../../store/records.ts';
import type { KeptHit } from '../hits.ts';

/** More than this of one batch are not kept: a batch in which every request is unlike the others. */
const MOST = 10_000;

interface Kept {
  readonly first: Event[];
  readonly last: Event[];
  count: number;
}

/**
 * The whole records of a batch's hits, as many as can be kept of them: of those that are alike the first and the last few, so that a batch
 * of hits takes no more memory than its hits.
 */
export class BatchRecords {
  readonly #kept = new Map<string, Kept>();
  #count = 0;

  add({ fact, hits }: KeptHit, event: Event): void {
    const rules = hits.map(({ rule }) => rule).join();
    const key = [rules, fact.account, fact.action, fact.actor?.id ?? fact.actor?.name, fact.sourceIp].join('\u001f');
    const known = this.#kept.get(key) ?? { first: [], last: [], count: 0 };
    if (known.count === 0) this.#kept.set(key, known);
    if (known.first.length < FIRST_KEPT) {
      if (this.#count >= MOST) return;
      this.#count += 1;
      known.first.push(event);
    } else known.last[known.count % LAST_KEPT] = event;
    known.count += 1;
  }

  /** By the ids of their records. */
  byId(): ReadonlyMap<string, Event> {
    return new Map(
      [...this.#kept.values()].flatMap(({ first, last }) =>
        [...first, ...last.filter((one) => one !== undefined)].map((event) => [event.recordId, event]),
      ),
    );
  }
}
