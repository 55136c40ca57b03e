import { accountIn, containerId, keyParts, scopeOf } from './arm.ts';
import { joinEndpoints } from './endpoints.ts';
import { KEY_READS } from './kinds.ts';
import { compare, strongestOf } from './merge.ts';
import { type Action, type Family, isDone, MINUTE } from './types.ts';

const NEAR = 10 * MINUTE;

type Pair = readonly [Action, Action];

/** Two families tell one action; who stands behind a ControlPlaneRequests action; private endpoints are one per connection. */
export function joinTellings(tellings: readonly Action[]): Action[] {
  const exact = exactPairs(tellings);
  const free = tellings.filter((one) => !exact.some((pair) => pair.includes(one)));
  const groups = groupsOf(tellings, exact, nearPairs(free, tellings));
  const joined = groups.map((group) => oneOf(group, exact, tellings));
  return joinEndpoints(joined);
}

function isOf(one: Action, family: Family): boolean {
  return one.families.includes(family);
}

/** What two tellings of one action have in common; null: only one log tells of such. */
function sameness(one: Action): string | null {
  const container = `${one.account}|${containerId(one.database, one.container)}`;
  switch (one.kind) {
    case 'account.write':
    case 'account.create':
    case 'account.update':
      return `write|${one.account}`;
    case 'account.delete':
      return `delete|${one.account}`;
    case 'container.write':
    case 'container.create':
    case 'container.update':
      return `container|${container}`;
    case 'container.delete':
      return `container gone|${container}`;
    case 'key.delete': {
      const { vault, name } = keyParts(one.object ?? '');
      return `key|${vault}/${name}`;
    }
    case 'diagnostic_log.update':
      return `logging|${one.account}`;
    case 'diagnostic_setting.write':
    case 'diagnostic_setting.delete':
      return `logging|${loggedAccount(one)}`;
    default:
      return null;
  }
}

function loggedAccount(one: Action): string | null {
  return one.kind.startsWith('diagnostic_setting.')
    ? scopeOf(one.target, 'microsoft.insights/diagnosticsettings')
    : null;
}

/** The same request: the clientRequestId of the one is the activityId of the other. */
function isTied(one: Action, other: Action): boolean {
  return other.activity !== null && one.requests.includes(other.activity) && accountIn(one.target) === other.account;
}

/** A failed telling joins nothing; an id that came twice goes to the nearest. */
function exactPairs(tellings: readonly Action[]): Pair[] {
  const pairs: Pair[] = [];
  for (const one of tellings.filter((telling) => isOf(telling, 'ActivityLog') && telling.outcome !== 'failure')) {
    const tied = tellings.filter(
      (other) =>
        isTied(one, other) &&
        other.outcome !== 'failure' &&
        sameness(one) !== null &&
        sameness(other) === sameness(one) &&
        !pairs.some((pair) => pair.includes(other)),
    );
    if (tied.length > 0) pairs.push([one, nearest(tied, one)]);
  }
  return pairs;
}

/** Each the other's only counterpart; the Activity Log's telling must be the only one that may have caused the other. */
function nearPairs(free: readonly Action[], tellings: readonly Action[]): Pair[] {
  const counterparts = (one: Action, family: Family) =>
    free.filter(
      (other) =>
        isOf(other, family) &&
        !isOf(one, family) &&
        sameness(one) !== null &&
        sameness(other) === sameness(one) &&
        isDone(one.outcome) &&
        isDone(other.outcome) &&
        Math.abs(one.at - other.at) <= NEAR,
    );
  const pairs: Pair[] = [];
  for (const one of free) {
    for (const other of free.filter((telling) => telling.id > one.id)) {
      const isOnly =
        only(counterparts(one, other.families[0]!)) === other && only(counterparts(other, one.families[0]!)) === one;
      if (isOnly && !isBlame(one, other, tellings)) pairs.push([one, other]);
    }
  }
  return pairs;
}

function only(some: readonly Action[]): Action | null {
  return some.length === 1 ? some[0]! : null;
}

/** Would the one name a caller of the other that is not its only candidate? */
function isBlame(one: Action, other: Action, tellings: readonly Action[]): boolean {
  const [activity, control] = isOf(one, 'ActivityLog') ? [one, other] : [other, one];
  if (!isOf(activity, 'ActivityLog') || !isOf(control, 'ControlPlaneRequests')) return false;
  return only(candidatesOf(control, tellings)) !== activity;
}

/** Any write, delete or action on what the telling is about but key reads, not failed, not tied to another. */
function candidatesOf(telling: Action, tellings: readonly Action[]): Action[] {
  return tellings.filter(
    (one) =>
      isOf(one, 'ActivityLog') &&
      isAbout(one, telling) &&
      !KEY_READS.includes(one.kind) &&
      one.outcome !== 'failure' &&
      Math.abs(one.at - telling.at) <= NEAR &&
      !tellings.some((other) => other !== telling && isTied(one, other)),
  );
}

/** On the account or its private endpoints; for a container, on that container; for logging, on its diagnostic settings too. */
function isAbout(one: Action, telling: Action): boolean {
  if (telling.container !== null) return one.target === telling.target;
  if (one.target === telling.account) return true;
  if (one.kind.startsWith('private_endpoint.') && accountIn(one.target) === telling.account) return true;
  return telling.kind === 'diagnostic_log.update' && loggedAccount(one) === telling.account;
}

function nearest(some: readonly Action[], to: Action): Action {
  const distance = (one: Action) => Math.abs(one.at - to.at);
  return some.toSorted((a, b) => distance(a) - distance(b) || a.at - b.at || compare(a.id, b.id))[0]!;
}

/** What names a caller comes first; no third telling may bring together what may not be joined by itself. */
function groupsOf(tellings: readonly Action[], exact: readonly Pair[], near: readonly Pair[]): Action[][] {
  let groups = tellings.map((one) => [one]);
  const sides = (pair: Pair) => groups.filter((group) => pair.some((one) => group.includes(one)));
  const join = (pair: Pair) => {
    const mine = sides(pair);
    groups = [...groups.filter((group) => !mine.includes(group)), mine.flat()];
  };
  for (const pair of exact) join(pair);
  const has = (pair: Pair, family: Family) => pair.some((one) => isOf(one, family));
  const weight = (pair: Pair) => (has(pair, 'ControlPlaneRequests') ? (has(pair, 'ActivityLog') ? 0 : 1) : 2);
  for (const pair of near.toSorted((a, b) => weight(a) - weight(b))) {
    const all = sides(pair).flat();
    const isBlaming = all.some((one) => all.some((other) => one !== other && isBlame(one, other, tellings)));
    if (!isBlaming) join(pair);
  }
  return groups;
}

/** At the earlier time, with the strongest outcome; the Activity Log names who it was. */
function oneOf(group: readonly Action[], exact: readonly Pair[], tellings: readonly Action[]): Action {
  if (group.length === 1) return withCaller(group[0]!, tellings);
  const order = group.toSorted(
    (a, b) => Number(isOf(b, 'ActivityLog')) - Number(isOf(a, 'ActivityLog')) || a.at - b.at,
  );
  const first = order[0]!;
  const control = order.find((one) => isOf(one, 'ControlPlaneRequests'));
  const isExact = control !== undefined && exact.some((pair) => pair.includes(control));
  return {
    ...first,
    kind: kindOf(order),
    families: order.flatMap(({ families }) => families),
    at: Math.min(...order.map(({ at }) => at)),
    last: Math.max(...order.map(({ last }) => last)),
    outcome: strongestOf(order.map(({ outcome }) => outcome)),
    account: order.find(({ account }) => account !== null)?.account ?? null,
    who: order.find(({ who }) => who !== null)?.who ?? null,
    caller: control === undefined ? null : isExact ? 'exact' : 'likely',
    columns: control?.columns ?? {},
  };
}

/** A write told as a creation or as an update is that. */
function kindOf(group: readonly Action[]): string {
  const kinds = group.map(({ kind }) => kind);
  const telling = ['account.create', 'container.create', 'container.update'].find((kind) => kinds.includes(kind));
  return telling ?? kinds[0]!;
}

function withCaller(telling: Action, tellings: readonly Action[]): Action {
  if (!isOf(telling, 'ControlPlaneRequests')) return telling;
  const tied = tellings.filter((one) => isOf(one, 'ActivityLog') && isTied(one, telling));
  if (tied.length > 0) {
    const isOne = new Set(tied.map(({ who }) => who?.id)).size === 1;
    return isOne ? { ...telling, caller: 'exact', who: tied[0]!.who } : { ...telling, caller: 'unknown' };
  }
  const candidate = only(candidatesOf(telling, tellings));
  if (candidate === null) return { ...telling, caller: 'unknown' };
  return { ...telling, caller: 'likely', who: candidate.who };
}
