import { accountIn } from './arm.ts';
import { compare, strongestOf } from './merge.ts';
import { type Action, isDone, MINUTE } from './types.ts';

const NEAR = 10 * MINUTE;

/** One action per connection name and kind within 10 min; an approval names none and goes with the nearest write. Only done ones join. */
export function joinEndpoints(actions: readonly Action[]): Action[] {
  const isEndpoint = ({ kind, outcome }: Action) => kind.startsWith('private_endpoint.') && isDone(outcome);
  const isApproval = ({ kind }: Action) => kind === 'private_endpoint.approve';
  const all = actions.filter(isEndpoint).toSorted((a, b) => a.at - b.at || compare(a.id, b.id));
  const groups: Action[][] = [];
  for (const one of all.filter((action) => !isApproval(action))) {
    const home = groups.findLast(([first]) => isSame(first!, one) && one.at - first!.at <= NEAR);
    if (home === undefined) groups.push([one]);
    else home.push(one);
  }
  const alone: Action[] = [];
  for (const one of all.filter(isApproval)) (nearestTo(groups, one) ?? alone).push(one);
  return [...actions.filter((action) => !isEndpoint(action)), ...alone, ...groups.map(together)];
}

function isSame(one: Action, other: Action): boolean {
  return one.kind === other.kind && one.target === other.target;
}

function nearestTo(groups: readonly Action[][], approval: Action): Action[] | undefined {
  const distance = ([first]: readonly Action[]) => Math.abs(first!.at - approval.at);
  return groups
    .filter(
      (group) =>
        group[0]!.kind === 'private_endpoint.write' &&
        accountIn(group[0]!.target) === approval.target &&
        distance(group) <= NEAR,
    )
    .toSorted((a, b) => distance(a) - distance(b) || a[0]!.at - b[0]!.at)[0];
}

function together(group: readonly Action[]): Action {
  return {
    ...group[0]!,
    at: Math.min(...group.map(({ at }) => at)),
    last: Math.max(...group.map(({ last }) => last)),
    outcome: strongestOf(group.map(({ outcome }) => outcome)),
  };
}
