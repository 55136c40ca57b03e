import { keyOf } from '../accounts/scopes.ts';
import { compareText } from '../lib/compare.ts';
import { candidatesOf, withCaller } from './caller.ts';
import { objectId } from './keys.ts';
import { NEAR, Neighbours, near } from './neighbours.ts';
import { type Action, byTime, isDone, STRENGTH, type Telling } from './telling.ts';

/**
 * The tellings of one account, in order of time, as actions. Two families tell one action if an Activity Log record's
 * clientRequestId is the other's activity id, else if each is the other's only counterpart within 10 minutes: same target, same
 * kind, both done. A failed telling joins nothing. A ControlPlaneRequests telling is joined by nearness only to its only candidate,
 * nor by way of a third telling: with two candidates nobody is named, and what it repeats is no change anyway.
 */
export function joinTellings(tellings: readonly Telling[]): Action[] {
  const all = new Neighbours(tellings);
  const groups = new Groups();
  const exact = new Set<Telling>();
  const joinable = tellings.filter(({ outcome }) => outcome !== 'failure');
  for (const [kind, group] of Map.groupBy(joinable, counterpartKind)) {
    if (kind === null) continue;
    for (const [a, b] of exactPairs(group, all)) {
      groups.join(a, b);
      exact.add(a).add(b);
    }
    const free = group.filter((telling) => isDone(telling) && !exact.has(telling));
    for (const [a, b] of nearPairs(free).sort(namesFirst)) {
      if (mayJoin(groups.of(a), groups.of(b), all)) groups.join(a, b);
    }
  }
  return groups
    .all(tellings)
    .map((group) => (group.length === 1 ? withCaller(group[0]!, all) : joined(group, exact)))
    .sort(byTime);
}

/** What two tellings must share to be of one action: kind and target; null for a kind that only one log tells. */
function counterpartKind({ event }: Telling): string | null {
  const { action, account, database, container } = event;
  const path = `${account}|${database ?? ''}/${container ?? ''}`.toLowerCase();
  switch (action) {
    case 'cosmosdb.account.write':
    case 'cosmosdb.account.delete':
      return account && `${action}|${account}`;
    case 'cosmosdb.container.write':
    case 'cosmosdb.container.create':
    case 'cosmosdb.container.update':
      return account && container && `container.write|${path}`;
    case 'cosmosdb.container.delete':
      return account && container && `container.delete|${path}`;
    case 'azure.diagnostic_setting.write':
    case 'azure.diagnostic_setting.delete':
    case 'cosmosdb.diagnostic_log.update':
      return account && `diagnostic|${account}`;
    case 'azure.key.delete': {
      const found = keyOf(objectId(event));
      return found && `key.delete|${found.vault}/${found.key}`;
    }
    default:
      return null;
  }
}

/** Each Activity Log telling with the one telling that its clientRequestId names; an id used twice goes to the nearest. */
function exactPairs(group: readonly Telling[], all: Neighbours): [Telling, Telling][] {
  const here = new Set(group);
  const pairs: [Telling, Telling][] = [];
  for (const activity of group) {
    if (activity.family !== 'ActivityLog') continue;
    const distance = (other: Telling) => Math.abs(other.time - activity.time);
    const tied = all
      .tiedTo(activity)
      .filter((other) => here.has(other))
      .sort((a, b) => distance(a) - distance(b) || byTime(a, b))[0];
    if (!tied) continue;
    here.delete(tied);
    pairs.push([activity, tied]);
  }
  return pairs;
}

/** Pairs of two families in which each is the other's only counterpart. */
export function nearPairs(group: readonly Telling[]): [Telling, Telling][] {
  const only = (telling: Telling, family: string): Telling | null => {
    const others = near(group, telling.time).filter((other) => other.family === family);
    return others.length === 1 ? others[0]! : null;
  };
  const pairs: [Telling, Telling][] = [];
  for (const [at, a] of group.entries()) {
    for (let next = at + 1; next < group.length && group[next]!.time - a.time <= NEAR; next++) {
      const b = group[next]!;
      if (a.family !== b.family && only(a, b.family) === b && only(b, a.family) === a) pairs.push([a, b]);
    }
  }
  return pairs;
}

/** Pairs that give a ControlPlaneRequests telling its caller, then other pairs of it, then the rest; else in order of time. */
function namesFirst([a, b]: [Telling, Telling], [c, d]: [Telling, Telling]): number {
  const rank = (x: Telling, y: Telling): number => {
    const families = [x.family, y.family];
    if (!families.includes('ControlPlaneRequests')) return 2;
    return families.includes('ActivityLog') ? 0 : 1;
  };
  return rank(a, b) - rank(c, d);
}

/** Where the Activity Log gives a ControlPlaneRequests telling its caller, that caller must be its only candidate. */
function mayJoin(some: readonly Telling[], others: readonly Telling[], all: Neighbours): boolean {
  const both = [...some, ...others];
  const activities = both.filter(({ family }) => family === 'ActivityLog');
  return both
    .filter(({ family }) => family === 'ControlPlaneRequests' && activities.length > 0)
    .every((control) => {
      const candidates = candidatesOf(control, all);
      return candidates.length === 1 && activities.every((activity) => activity === candidates[0]);
    });
}

/** Tellings that are one action. */
class Groups {
  readonly #byMember = new Map<Telling, readonly Telling[]>();

  of(telling: Telling): readonly Telling[] {
    return this.#byMember.get(telling) ?? [telling];
  }

  join(a: Telling, b: Telling): void {
    const group = [...new Set([...this.of(a), ...this.of(b)])];
    for (const member of group) this.#byMember.set(member, group);
  }

  /** Each group once, in the order of its first member. */
  all(tellings: readonly Telling[]): readonly (readonly Telling[])[] {
    return [...new Set(tellings.map((telling) => this.#byMember.get(telling) ?? telling))].map((group) =>
      'family' in group ? [group] : group,
    );
  }
}

/** Several tellings as one action: at the earlier time, under the smallest id, with the strongest outcome. */
export function joined(group: readonly Telling[], exact: ReadonlySet<Telling>): Action {
  const tellings = [...group].sort((a, b) => familyRank(a) - familyRank(b) || byTime(a, b));
  const control = tellings.find((telling) => telling.family === 'ControlPlaneRequests');
  return {
    id: tellings.map((telling) => telling.id).sort(compareText)[0]!,
    time: Math.min(...tellings.map((telling) => telling.time)),
    last: Math.max(...tellings.map((telling) => telling.last)),
    outcome: tellings.map((telling) => telling.outcome).sort((a, b) => STRENGTH[b] - STRENGTH[a])[0]!,
    tellings,
    caller: control ? (exact.has(control) ? 'exact' : 'likely') : null,
    callerTelling: null,
    candidates: [],
  };
}

function familyRank(telling: Telling): number {
  return telling.family === 'ActivityLog' ? 0 : 1;
}
