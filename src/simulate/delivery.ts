import { Rng } from './rng.ts';

/** How a transport treats what it carries. All of it is allowed to Azure; none of it may change what is found. */
export interface Disorder {
  readonly seed: string;
  /** Share of items that come more than once, up to five times in all. */
  readonly duplicates: number;
  /** How many items may overtake one: 0 keeps the order. */
  readonly reach: number;
  /** Share of items that are held back, until `heldBack` others are, too: files that come late. */
  readonly late: number;
  readonly heldBack: number;
}

export const ORDERLY: Disorder = { seed: '1', duplicates: 0, reach: 0, late: 0, heldBack: 0 };

const MOST = 5;

/** The same items as they may arrive. Keeps `reach + heldBack` items in memory. */
export function* delivered<T>(items: Iterable<T>, disorder: Disorder): Generator<T> {
  const rng = new Rng(`${disorder.seed}|delivery`);
  const near: T[] = [];
  const held: T[] = [];
  for (const item of items) {
    for (let copies = rng.chance(disorder.duplicates) ? 2 + rng.int(MOST - 1) : 1; copies > 0; copies--)
      (rng.chance(disorder.late) ? held : near).push(item);
    while (near.length > disorder.reach) yield takeAny(near, disorder.reach, rng);
    while (held.length > disorder.heldBack) yield takeAny(held, disorder.heldBack, rng);
  }
  while (near.length > 0) yield takeAny(near, disorder.reach, rng);
  while (held.length > 0) yield takeAny(held, disorder.heldBack, rng);
}

/** Any of those that wait; the last one takes its place, so that nothing has to move. */
function takeAny<T>(items: T[], reach: number, rng: Rng): T {
  if (reach === 0) return items.shift()!;
  const at = rng.int(items.length);
  const item = items[at]!;
  const last = items.pop()!;
  if (at < items.length) items[at] = last;
  return item;
}
