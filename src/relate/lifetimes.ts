import type { Micros } from '../events/event.ts';
import { type Action, isDone } from './telling.ts';

/** From when an account is known until it is deleted. `from` may be -Infinity (declared, or in the inventory). */
export interface Life {
  readonly from: Micros;
  readonly to: Micros;
}

/** Is a done account write one that can bring a deleted account back: an AccountCreate, or an ARM write other than a PATCH? */
export type CanCreate = (action: Action) => boolean;

/**
 * When an account is known: from the first record that names it in a resource id (failed ones too), or always if declared. From its
 * deletion it is unknown; only a creation that is done, and began after the deletion's last record, brings it back.
 * @param actions of this account, in order of time
 */
export function livesOf(actions: readonly Action[], firstSeen: Micros, canCreate: CanCreate): Life[] {
  const lives: Life[] = [];
  let from: Micros | null = firstSeen;
  let gone: Micros = Number.NEGATIVE_INFINITY;
  for (const action of actions) {
    const kind = action.tellings[0]!.event.action;
    if (!isDone(action)) continue;
    if (kind === 'cosmosdb.account.delete') {
      if (from !== null) lives.push({ from, to: action.time });
      from = null;
      gone = Math.max(gone, action.last);
    } else if (from === null && kind === 'cosmosdb.account.write' && action.time > gone && canCreate(action)) {
      from = action.time;
    }
  }
  if (from !== null) lives.push({ from, to: Number.POSITIVE_INFINITY });
  return lives;
}

export function isKnownAt(lives: readonly Life[], time: Micros): boolean {
  return lives.some((life) => life.from <= time && time < life.to);
}
