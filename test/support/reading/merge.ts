import { kindOf } from './kinds.ts';
import { type Action, HOUR, type Outcome, type Raw, type Rec, rank, SECOND, secondOf } from './types.ts';

/** Copies of one record become one, field by field the first non-empty: REST, Log Analytics, export. */
export function mergeCopies(recs: readonly Rec[]): Rec[] {
  return Object.values(Object.groupBy(recs, (rec) => rec.id)).map((copies) => {
    const sorted = copies!.toSorted((a, b) => a.trust - b.trust || a.at - b.at || compare(a.text, b.text));
    return firstNonEmpty(sorted);
  });
}

function firstNonEmpty<T extends object>(sorted: readonly T[]): T {
  const merged: { [name: string]: unknown } = {};
  for (const one of sorted)
    for (const [name, value] of Object.entries(one)) if ((merged[name] ?? '') === '') merged[name] = value;
  const columns = sorted.flatMap((one) => ('columns' in one ? [one.columns as Raw] : []));
  if (columns.length > 1) merged['columns'] = firstNonEmpty(columns);
  return merged as T;
}

/** The records of one family that tell one action. */
export function actionsOf(recs: readonly Rec[]): Action[] {
  const groups = Object.groupBy(recs, (rec) => rec.group ?? `alone|${rec.id}`);
  return Object.values(groups).flatMap((group) => split(inOrder(group!)).map(toAction));
}

function inOrder(recs: readonly Rec[]): Rec[] {
  const order = ['started', 'accepted', 'success', 'failure'];
  return recs.toSorted(
    (a, b) => a.at - b.at || order.indexOf(a.outcome) - order.indexOf(b.outcome) || compare(a.id, b.id),
  );
}

/** Callers may reuse ids: one id can stand for several actions. */
function split(sorted: readonly Rec[]): Rec[][] {
  const parts: Rec[][] = [];
  for (const rec of sorted) {
    const open = parts.at(-1);
    if (open === undefined || isAnother(open, rec)) parts.push([rec]);
    else open.push(rec);
  }
  return parts;
}

function isAnother(open: readonly Rec[], rec: Rec): boolean {
  if (rec.at - open.at(-1)!.at > 24 * HOUR) return true;
  if (rec.family === 'ControlPlaneRequests' && rec.phase !== 'start') {
    const first = open.find(({ phase }) => phase !== 'start');
    if (first !== undefined && secondOf(rec.at) > secondOf(first.at)) return true;
  }
  const isStart = rec.family === 'ControlPlaneRequests' ? rec.phase === 'start' : rec.outcome === 'started';
  const isEnd = ({ outcome }: Rec) => outcome === 'success' || outcome === 'failure';
  const end = open.findLast(isEnd);
  return isStart && end !== undefined && rec.at - end.at >= 2 * SECOND;
}

/** The fields of an action are those of its record with the strongest outcome; what that lacks comes from the others. */
function toAction(recs: readonly Rec[]): Action {
  const strongest = recs.toSorted((a, b) => rank(b.outcome) - rank(a.outcome) || a.at - b.at);
  const first = recs[0]!;
  const merged = firstNonEmpty(strongest);
  const byPhase = recs.toSorted((a, b) => Number(a.phase === 'start') - Number(b.phase === 'start'));
  return {
    id: `${first.group ?? first.id}@${first.at}`,
    kind: kindOf(first),
    families: [first.family],
    at: first.at,
    last: recs.at(-1)!.at,
    outcome: strongest[0]!.outcome,
    target: first.resource,
    account: first.account,
    who: merged.who,
    ip: merged.ip,
    caller: null,
    requests: [...new Set(recs.flatMap(({ request }) => (request === null ? [] : [request])))],
    activity: first.activity,
    method: merged.method,
    body: merged.body,
    columns: firstNonEmpty(byPhase.map(({ columns }) => columns)),
    database: merged.database,
    container: merged.container,
    object: first.object,
    count: first.count,
  };
}

export function strongestOf(outcomes: readonly Outcome[]): Outcome {
  return outcomes.toSorted((a, b) => rank(b) - rank(a))[0]!;
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
