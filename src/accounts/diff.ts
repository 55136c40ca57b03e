import { MINUTE, type Micros } from '../events/event.ts';
import type { Change, Effect } from '../events/fact.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import { exposure } from './exposure.ts';
import { type Resource, settingOf, stands as standsIn } from './settings.ts';
import { at, sameValue, type Values } from './values.ts';

export interface Known {
  readonly value: Json;
  readonly at: Micros;
  /** Learnt from a record that repeats everything, with nothing known before: it was no change. */
  readonly silently: boolean;
}

/** What is known of a resource's settings, by property. Never changed in place; a property that is not in it is unknown. */
export type SettingsState = ReadonlyMap<string, Known>;

export interface Applied {
  readonly changes: readonly Change[];
  readonly state: SettingsState;
}

/** A record that repeats everything may arrive before the one that made the change: its silence is short. */
const SILENT_FOR: Micros = 10 * MINUTE;

/**
 * A PATCH: each setting it names is a change, unless it equals the value known before. Nothing known, or equal to a value learnt silently
 * less than 10 minutes before: a change too, with the value before unknown.
 */
export function applyPatch(resource: Resource, state: SettingsState, values: Values, time: Micros): Applied {
  return apply(resource, state, values, time, (known, value) => {
    if (known === undefined) return { before: undefined };
    if (!sameValue(known.value, value)) return { before: known.value };
    return known.silently && time - known.at < SILENT_FOR ? { before: undefined } : null;
  });
}

/**
 * A PUT body, or the columns of an AccountUpdate record, repeats everything: only differences count, a setting not named is
 * unchanged, and what was not known is learnt silently.
 */
export function applyFull(resource: Resource, state: SettingsState, values: Values, time: Micros): Applied {
  return apply(resource, state, values, time, (known, value) =>
    known === undefined || sameValue(known.value, value) ? null : { before: known.value },
  );
}

type Judge = (known: Known | undefined, value: Json) => { readonly before: Json | undefined } | null;

function apply(resource: Resource, state: SettingsState, values: Values, time: Micros, judge: Judge): Applied {
  const after = new Map(state);
  const judged: { property: string; before: Json | undefined; value: Json }[] = [];
  for (const [property, value] of values) {
    const known = state.get(property);
    const change = judge(known, value);
    if (change !== null) judged.push({ property, before: change.before, value });
    // What is known and repeated keeps its time: a value stays "learnt silently" only for a while after it was learnt.
    if (known === undefined || change !== null) after.set(property, { value, at: time, silently: change === null });
  }
  const now = valuesOf(after);
  const exposed = resource === 'account' || resource === 'cluster' ? exposure(now) : null;
  const changes = judged.map(({ property, before, value }): Change => {
    const effect = before === undefined ? 'unknown_before' : effectOf(resource, property, before, value, now);
    return { property, before, after: value, effect, exposure: exposed };
  });
  return { changes, state: after };
}

function effectOf(resource: Resource, property: string, before: Json, after: Json, now: Values): Effect {
  const direction = settingOf(resource, property)?.direction(before, after, now);
  return direction === 'weakened' || direction === 'strengthened' ? direction : 'neutral';
}

export function valuesOf(state: SettingsState): Values {
  return new Map([...state].map(([property, known]) => [property, known.value]));
}

/**
 * Does a write name only what it changes? The method says; where a record has none, an account's body without
 * `databaseAccountOfferType`, which every creation must name, is a PATCH, and every other resource's body a PUT.
 */
export function isPatch(method: string | null, resource: Resource, body: JsonObject | null): boolean {
  if (method !== null) return method.toUpperCase() === 'PATCH';
  return resource === 'account' && body !== null && at(body, 'properties.databaseAccountOfferType') === undefined;
}

/** Does a setting stand as before, or stricter, in the state at the end? Unknown: no. */
export function stands(resource: Resource, property: string, before: Json, state: SettingsState): boolean {
  const now = state.get(property);
  return now !== undefined && standsIn(resource, property, before, now.value, valuesOf(state));
}
