import { joined } from './join.ts';
import { NEAR } from './neighbours.ts';
import { type Action, byTime, isDone } from './telling.ts';

const KINDS: ReadonlySet<string> = new Set([
  'cosmosdb.private_endpoint.write',
  'cosmosdb.private_endpoint.delete',
  'cosmosdb.private_endpoint.approve',
]);

/**
 * Azure writes a burst of records for one private endpoint: a connection, its proxies, an approval. They are one action per
 * connection name and kind within 10 minutes; an approval, which names no connection, goes with the nearest; proxies are never
 * counted. A failed one joins nothing.
 * @param actions of one account, in order of time
 */
export function joinEndpoints(actions: readonly Action[]): Action[] {
  const others: Action[] = [];
  const groups: Action[][] = [];
  const approvals: Action[] = [];
  for (const action of actions) {
    const kind = kindOf(action);
    if (!KINDS.has(kind) || !isDone(action)) others.push(action);
    else if (kind === 'cosmosdb.private_endpoint.approve') approvals.push(action);
    else placeIn(groups, action);
  }
  for (const approval of approvals) {
    const nearest = nearestTo(groups, approval);
    if (nearest) nearest.push(approval);
    else others.push(approval);
  }
  return [...others, ...groups.map(toOne)].sort(byTime);
}

function kindOf(action: Action): string {
  return action.tellings[0]!.event.action;
}

/** The connection that a record names, lower case. */
export function connectionName(action: Action): string {
  return /\/privateendpointconnections\/([^/]+)/.exec(action.tellings[0]!.event.resourceId)?.[1] ?? '';
}

function placeIn(groups: Action[][], action: Action): void {
  const home = groups.findLast(
    ([first]) =>
      kindOf(first!) === kindOf(action) &&
      connectionName(first!) === connectionName(action) &&
      action.time - first!.time <= NEAR,
  );
  if (home) home.push(action);
  else groups.push([action]);
}

function nearestTo(groups: readonly Action[][], approval: Action): Action[] | undefined {
  const distance = ([first]: Action[]) => Math.abs(first!.time - approval.time);
  return groups
    .filter((group) => kindOf(group[0]!) === 'cosmosdb.private_endpoint.write' && distance(group) <= NEAR)
    .sort((a, b) => distance(a) - distance(b) || byTime(a[0]!, b[0]!))[0];
}

function toOne(group: readonly Action[]): Action {
  if (group.length === 1) return group[0]!;
  const named = group.filter((action) => kindOf(action) !== 'cosmosdb.private_endpoint.approve');
  const rest = group.filter((action) => !named.includes(action));
  const one = joined(
    group.flatMap((action) => action.tellings),
    new Set(),
  );
  // The connection's own record stands first: it names the connection.
  return { ...one, tellings: [...named, ...rest].flatMap((action) => action.tellings), caller: null };
}
