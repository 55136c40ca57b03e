import { compareText } from '../lib/compare.ts';
import { candidatesOf, withCaller } from './caller.ts';
import { NEAR, Neighbours, near } from './neighbours.ts';
import { type Action, byTime, isDone, OUTCOME_RANK, type Telling } from './telling.ts';

/**
 * The tellings of one account, in order of time, as actions. Two families tell one action if an Activity Log record's
 * clientRequestId is the other's activity id, else if each is the other's only counterpart within 10 minutes: same target, same
 * kind, both done. A failed telling joins nothing. A ControlPlaneRequests telling is joined by nearness only to its only candidate:
 * with two candidates nobody is named, and what it repeats is no change anyway.
 */
export function joinTellings(tellings: readonly Telling[]): Action[] {
  const all = new Neighbours(tellings);
  const partners = new Map<Telling, Telling[]>();
  const exact = new Set<Telling>();
  for (const [kind, group] of Map.groupBy(tellings.filter(isDone), counterpartKind)) {
    if (kind === null) continue;
    for (const [a, b] of exactPairs(group, all)) {
      link(partners, a, b);
      exact.add(a).add(b);
    }
    for (const [a, b] of nearPairs(group.filter((telling) => !exact.has(telling)))) {
      if (mayJoin(a, b, all)) link(partners, a, b);
    }
  }
  const groups = components(tellings, partners);
  return groups.map((group) => (group.length === 1 ? withCaller(group[0]!, all) : joined(group, exact))).sort(byTime);
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

/** Where the Activity Log gives a ControlPlaneRequests telling its caller, that caller must be its only candidate. */
function mayJoin(a: Telling, b: Telling, all: Neighbours): boolean {
  const [activity, control] = a.family === 'ActivityLog' ? [a, b] : [b, a];
  if (activity.family !== 'ActivityLog' || control.family !== 'ControlPlaneRequests') return true;
  const candidates = candidatesOf(control, all);
  return candidates.length === 1 && candidates[0] === activity;
}

function link(partners: Map<Telling, Telling[]>, a: Telling, b: Telling): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    const list = partners.get(from);
    if (list) list.push(to);
    else partners.set(from, [to]);
  }
}

function components(tellings: readonly Telling[], partners: ReadonlyMap<Telling, readonly Telling[]>): Telling[][] {
  const seen = new Set<Telling>();
  const groups: Telling[][] = [];
  for (const telling of tellings) {
    if (seen.has(telling)) continue;
    seen.add(telling);
    const group = [telling];
    for (const member of group) {
      for (const other of partners.get(member) ?? []) {
        if (seen.has(other)) continue;
        seen.add(other);
        group.push(other);
      }
    }
    groups.push(group);
  }
  return groups;
}

/** Several tellings as one action: at the earlier time, under the smallest id, with the strongest outcome. */
export function joined(group: readonly Telling[], exact: ReadonlySet<Telling>): Action {
  const tellings = [...group].sort((a, b) => familyRank(a) - familyRank(b) || byTime(a, b));
  const control = tellings.find((telling) => telling.family === 'ControlPlaneRequests');
  return {
    id: tellings.map((telling) => telling.id).sort(compareText)[0]!,
    time: Math.min(...tellings.map((telling) => telling.time)),
    last: Math.max(...tellings.map((telling) => telling.last)),
    outcome: tellings.map((telling) => telling.outcome).sort((a, b) => OUTCOME_RANK[b] - OUTCOME_RANK[a])[0]!,
    tellings,
    caller: control ? (exact.has(control) ? 'exact' : 'likely') : null,
    callerTelling: null,
    candidates: [],
  };
}

function familyRank(telling: Telling): number {
  return telling.family === 'ActivityLog' ? 0 : 1;
}
