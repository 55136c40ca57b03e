import { isObject, type Json } from '../lib/json.ts';
import { answersPublicly } from './exposure.ts';
import { coversEverything, listContains } from './ranges.ts';
import type { Values } from './values.ts';

/** Which way a setting went. `equal`: another spelling of the same; `other`: neither weaker nor stronger, as another key is. */
export type Direction = 'weakened' | 'strengthened' | 'equal' | 'other';

/**
 * Never asked for equal values. `state` is what is known after the whole write.
 * Never `strengthened` both ways; both ways `weakened` is possible, where some was let in and some shut out.
 */
export type Compare = (before: Json, after: Json, state: Values) => Direction;

/** Words, the strongest first; case does not matter, unknown words are neither weaker nor stronger. */
export function ranked(...words: readonly string[]): Compare {
  const rank = (value: Json) => words.findIndex((word) => word.toLowerCase() === String(value).toLowerCase());
  return (before, after) => {
    const [from, to] = [rank(before), rank(after)];
    if (from < 0 || to < 0 || from === to) return 'other';
    return to > from ? 'weakened' : 'strengthened';
  };
}

export function numeric(weaker: 'up' | 'down'): Compare {
  return (before, after) => (Number(after) > Number(before) === (weaker === 'up') ? 'weakened' : 'strengthened');
}

/** A set that lets in what it holds: something new is the weaker. */
export const allowList: Compare = (before, after) => (isSubset(after, before) ? 'strengthened' : 'weakened');

/** A set of those who need what they hold: somebody lost is the weaker. */
export const holders: Compare = (before, after) => (isSubset(before, after) ? 'strengthened' : 'weakened');

function isSubset(part: Json, whole: Json): boolean {
  const items = new Set(whole as readonly string[]);
  return (part as readonly string[]).every((item) => items.has(item));
}

/** Address ranges: an address let in that was not before is the weaker, whatever else was shut out. */
export const addresses: Compare = (before, after, state) => {
  const [from, to] = [before as readonly string[], after as readonly string[]];
  if (to.length === 0) return opposite(filled(from, state));
  if (from.length === 0) return filled(to, state);
  return letIn(from, to, state);
};

/** Address ranges of a firewall that is shut while it has none. */
export const letIn: Compare = (before, after) => {
  const [from, to] = [before as readonly string[], after as readonly string[]];
  if (!listContains(from, to)) return 'weakened';
  return listContains(to, from) ? 'equal' : 'strengthened';
};

/**
 * From the empty list to this one. The empty list lets nobody in where a virtual network filter is on, else everybody. While the public
 * endpoint does not answer, a list lets nobody in either: Azure drops it when public access is switched off.
 */
function filled(list: readonly string[], state: Values): Direction {
  if (!answersPublicly(state) || state.get('isVirtualNetworkFilterEnabled') === true) return 'weakened';
  return coversEverything(list) ? 'equal' : 'strengthened';
}

function opposite(direction: Direction): Direction {
  return direction === 'weakened' ? 'strengthened' : direction === 'strengthened' ? 'weakened' : direction;
}

/** A customer-managed key ('' = none) may become another one: that is neither way. */
export const keyInUse: Compare = (before, after) =>
  before === '' ? 'strengthened' : after === '' ? 'weakened' : 'other';

/** Of a vault's firewall it matters whether it lets Azure's own services through to the key. */
export const firewall: Compare = (before, after) => {
  const [from, to] = [letsServicesIn(before), letsServicesIn(after)];
  if (from === to) return from ? 'equal' : 'other';
  return to ? 'strengthened' : 'weakened';
};

function letsServicesIn(acls: Json): boolean {
  if (!isObject(acls)) return true;
  const text = (name: string) => String(acls[name] ?? '').toLowerCase();
  return text('defaultAction') !== 'deny' || text('bypass') === 'azureservices';
}

export const other: Compare = () => 'other';
