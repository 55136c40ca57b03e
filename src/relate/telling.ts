import type { Event, Evidence, Family, Micros, Outcome } from '../events/event.ts';
import type { Caller } from '../events/fact.ts';
import { compareText } from '../lib/compare.ts';
import type { Json } from '../lib/json.ts';

/** What one log tells of one action: all its records, joined. */
export interface Telling {
  /** The action's id as this log alone would give it. */
  readonly id: string;
  readonly family: Family;
  /** Of the first record. */
  readonly time: Micros;
  /** Of the last record. */
  readonly last: Micros;
  readonly outcome: Outcome;
  /** The record with the strongest outcome; what it lacks (actor, address, body, method, ...) is taken from the others. */
  readonly event: Event;
  /** ControlPlaneRequests: its columns by lower-case name, from the Complete record, then from Start. */
  readonly columns: Readonly<Record<string, Json>> | null;
  readonly evidence: Evidence;
}

/** What happened, told by one log or by several. */
export interface Action {
  /** `event.id`: the smallest of its tellings' ids. */
  readonly id: string;
  readonly time: Micros;
  readonly last: Micros;
  readonly outcome: Outcome;
  /** The Activity Log first, then by time and id. */
  readonly tellings: readonly Telling[];
  /** Null: the action's own record names who it was, or nobody needs to be found. */
  readonly caller: Caller | null;
  /** Whose name stands for an action whose own log gives none. */
  readonly callerTelling: Telling | null;
  readonly candidates: readonly string[];
}

/** `accepted` counts as done at once; a late failure takes it back, because then the outcome is `failure`. */
export function isDone(told: { readonly outcome: Outcome }): boolean {
  return told.outcome === 'success' || told.outcome === 'accepted';
}

/** The order of relate: time at full precision, then Start < Accept < Success < Failure, then the id's text. */
export function byTime(a: Telling | Action, b: Telling | Action): number {
  return a.time - b.time || PHASE_ORDER[a.outcome] - PHASE_ORDER[b.outcome] || compareText(a.id, b.id);
}

/** In which order the records of one moment come: a Failure beside a Success is what came of trying again. */
export const PHASE_ORDER: Readonly<Record<Outcome, number>> = { started: 0, accepted: 1, success: 2, failure: 3 };

/** The outcome of an action is the strongest that was told of it. */
export const STRENGTH: Readonly<Record<Outcome, number>> = { started: 0, accepted: 1, failure: 2, success: 3 };

/** A telling as an action of its own. */
export function alone(telling: Telling): Action {
  return {
    id: telling.id,
    time: telling.time,
    last: telling.last,
    outcome: telling.outcome,
    tellings: [telling],
    caller: null,
    callerTelling: null,
    candidates: [],
  };
}
