import { isPatch } from '../accounts/diff.ts';
import type { Event, Micros } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import { compareText } from '../lib/compare.ts';
import type { Around } from './around.ts';
import { isKeyRead } from './caller.ts';
import { joinEndpoints } from './endpoints.ts';
import { factOf } from './fact.ts';
import type { Foreknown } from './foreknown.ts';
import { joinTellings } from './join.ts';
import { type Life, livesOf } from './lifetimes.ts';
import { groupKey, joinPhases } from './phases.ts';
import type { Refusals } from './refusals.ts';
import type { Sightings } from './sightings.ts';
import { type Action, alone, byTime, isDone, type Telling } from './telling.ts';
import { AccountWalk, resourceOf, toldElsewhere } from './walk.ts';

/** What the records of one action tell: a telling that is to be joined and walked, or at once a fact. */
export type Told =
  | { readonly kind: 'telling'; readonly telling: Telling }
  | { readonly kind: 'fact'; readonly fact: Fact }
  | { readonly kind: 'duplicates'; readonly count: number };

/**
 * Records to tellings. Reading keys neither changes nor depends on what is known, so its facts leave here.
 * @param records in the order of `byGroup`
 * @param refusals has seen all of them
 */
export function* tell(records: Iterable<Event>, refusals: Refusals): Generator<Told> {
  for (const group of adjacent(records, groupKey)) {
    const { tellings, duplicates } = joinPhases(group);
    if (duplicates > 0) yield { kind: 'duplicates', count: duplicates };
    for (const telling of tellings) {
      const { account, action } = telling.event;
      if (isKeyRead(action)) {
        const isFallback = action === 'cosmosdb.keys.list_readonly' && refusals.precede(telling.event);
        const fields = isFallback ? { 'cosmosdb.full_keys_refused': true } : {};
        yield { kind: 'fact', fact: factOf(alone(telling), { account, fields }) };
      } else yield { kind: 'telling', telling };
    }
  }
}

/** The tellings of one account, in order of time, as actions. */
export function actionsOf(tellings: readonly Telling[]): Action[] {
  return joinEndpoints(joinTellings(tellings));
}

/**
 * When an account is known, by its own tellings in order of time. Nothing but a deletion ends a life, so most accounts need not be joined
 * for this.
 */
export function livesIn(tellings: readonly Telling[], firstSeen: Micros): readonly Life[] {
  return tellings.some(({ event }) => event.action === 'cosmosdb.account.delete')
    ? livesOf(actionsOf(tellings), firstSeen, canCreate)
    : [{ from: firstSeen, to: Number.POSITIVE_INFINITY }];
}

export interface AccountRecords {
  readonly account: string;
  readonly lives: readonly Life[];
  /** In order of time. */
  readonly tellings: readonly Telling[];
  readonly actions: readonly Action[];
  readonly around: readonly Around[];
}

/** Walks one account, oldest first. @param concerned gets what of `around` concerns it */
export function walkAccount(
  { account, lives, tellings, actions, around }: AccountRecords,
  { foreknown, sightings }: { readonly foreknown: Foreknown; readonly sightings: Pick<Sightings, 'usedBetween'> },
  concerned: Set<Around>,
): AccountWalk {
  const walk = new AccountWalk(account, lives, sightings, foreknown.relationsOf(account));
  const known = foreknown.stateOf(account);
  let learnt = known.length === 0 ? Number.POSITIVE_INFINITY : 0;
  const learnUntil = (time: Micros): void => {
    for (; learnt < known.length && known[learnt]!.at <= time; learnt++) walk.learn(known[learnt]!);
  };
  for (const step of inOrder(actions, around)) {
    const action = 'action' in step ? step.action : step;
    learnUntil(action.time);
    if (!('action' in step)) walk.own(step, toldElsewhere(step, tellings));
    else if (walk.around(step)) concerned.add(step);
  }
  learnUntil(Number.POSITIVE_INFINITY);
  return walk;
}

/** What concerns no account, as a fact of none. */
export function nobodysFact({ action, name, change, fields }: Around): Fact {
  return factOf(action, { name, account: null, change, fields });
}

/** The better of two spellings of one account: Azure writes the group alone in capitals now and then. */
export function betterSpelling(a: string, b: string): string {
  const shouts = (spelling: string): number => {
    const group = spelling.split('/')[4] ?? '';
    return group === group.toUpperCase() && group !== group.toLowerCase() ? 1 : 0;
  };
  return (shouts(a) - shouts(b) || compareText(a, b)) <= 0 ? a : b;
}

/** A deleted account comes back only by a creation: AccountCreate, or an ARM write that is not a PATCH. */
function canCreate(action: Action): boolean {
  return action.tellings.some(
    ({ family, event }) =>
      (family === 'ControlPlaneRequests' && event.operation.startsWith('accountcreate')) ||
      (family === 'ActivityLog' &&
        isDone(action) &&
        !isPatch(event.method, resourceOf(event.account ?? ''), event.body)),
  );
}

function* inOrder(actions: readonly Action[], around: readonly Around[]): Generator<Action | Around> {
  let next = 0;
  for (const action of actions) {
    for (; next < around.length && byTime(around[next]!.action, action) < 0; next++) yield around[next]!;
    yield action;
  }
  yield* around.slice(next);
}

/** Items that stand beside each other and have one key. */
export function* adjacent<T>(items: Iterable<T>, keyOf: (item: T) => string): Generator<T[]> {
  let group: T[] = [];
  let key = '';
  for (const item of items) {
    const own = keyOf(item);
    if (group.length > 0 && own !== key) {
      yield group;
      group = [];
    }
    key = own;
    group.push(item);
  }
  if (group.length > 0) yield group;
}
