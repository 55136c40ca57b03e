import { MINUTE, type Micros } from '../events/event.ts';
import type { Telling } from './telling.ts';

/** How far apart two logs may tell the same action, or a caller's record may lie from what it caused. */
export const NEAR: Micros = 10 * MINUTE;

/** The part of a list in order of time that lies within 10 minutes of a time. */
export function near(ordered: readonly Telling[], time: Micros): readonly Telling[] {
  return ordered.slice(firstFrom(ordered, time - NEAR), firstFrom(ordered, time + NEAR + 1));
}

function firstFrom(ordered: readonly Telling[], time: Micros): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ordered[middle]!.time < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The tellings of one account, findable by nearness and by the ids that tie the Activity Log to the others. */
export class Neighbours {
  readonly #ordered: readonly Telling[];
  readonly #activityByRequest: ReadonlyMap<string | null, readonly Telling[]>;
  readonly #othersByActivityId: ReadonlyMap<string | null, readonly Telling[]>;

  /** @param ordered by time */
  constructor(ordered: readonly Telling[]) {
    this.#ordered = ordered;
    const [activity, others] = [true, false].map((wanted) =>
      ordered.filter((telling) => (telling.family === 'ActivityLog') === wanted),
    );
    this.#activityByRequest = Map.groupBy(activity!, (telling) => telling.event.clientRequestId);
    this.#othersByActivityId = Map.groupBy(others!, (telling) => telling.event.correlationId);
  }

  near(time: Micros): readonly Telling[] {
    return near(this.#ordered, time);
  }

  /** Activity Log tellings whose clientRequestId is this telling's activity id. The Event Hubs export never carries one. */
  activityTiedTo(telling: Telling): readonly Telling[] {
    const id = telling.event.correlationId;
    return id === null ? [] : (this.#activityByRequest.get(id) ?? []);
  }

  /** Tellings of other logs whose activity id is this Activity Log telling's clientRequestId. */
  tiedTo(activity: Telling): readonly Telling[] {
    const id = activity.event.clientRequestId;
    return id === null ? [] : (this.#othersByActivityId.get(id) ?? []);
  }
}
