import type { Json, JsonObject } from '../lib/json.ts';
import {
  type Actor,
  type Evidence,
  type Family,
  type Labels,
  type Micros,
  type Outcome,
  tellsRequests,
} from './event.ts';

/** How the caller of an action is known; null where the record names it or none is needed. Weakest last. */
export const CALLERS = ['exact', 'likely', 'unknown'] as const;
export type Caller = (typeof CALLERS)[number];

export type Effect = 'weakened' | 'strengthened' | 'neutral' | 'unknown_before';
export type Exposure = 'none' | 'ranges' | 'azure' | 'internet';

/** One setting before and after. `before` is undefined when it was not known. */
export interface Change {
  readonly property: string;
  readonly before: Json | undefined;
  readonly after: Json;
  readonly effect: Effect;
  readonly exposure: Exposure | null;
}

/**
 * A thing whose state an alert is about (a setting, a lock, a key, a diagnostic setting): the alert ends when, at the end of the
 * clock, the thing stands as before or stricter. `ends: false`: never (unknown before, an endpoint, a deleted account).
 */
export interface Thing {
  readonly id: string;
  readonly ends: boolean;
  /** Opaque to the alert: what relate's `stands()` compares with at the end of the clock. */
  readonly before: Json;
}

/**
 * What happened: relate's output, and the only thing that rules see. One fact per action, changed setting, and account concerned.
 * A data-plane request is a fact of its own.
 */
export interface Fact {
  /** `event.id`: the action, what is counted. The same action on two accounts has one id. */
  readonly id: string;
  readonly time: Micros;
  readonly family: Family;
  readonly action: string;
  readonly outcome: Outcome;
  readonly account: string | null;
  readonly actor: Actor | null;
  readonly caller: Caller | null;
  /** Names of the callers that could have been it, when `caller` is unknown. */
  readonly candidates: readonly string[];
  readonly sourceIp: string | null;
  readonly userAgent: string | null;
  /** Lower-case ARM id of what was acted on; a container made by key: ACCOUNT/containers/DB/NAME. */
  readonly target: string | null;
  readonly count: number;
  readonly change: Change | null;
  readonly thing: Thing | null;
  /** Canonical fields by name (`event.action`, `cosmosdb.container`, ...), see `fields.ts`. A missing one is absent. */
  readonly fields: Readonly<Record<string, Json>>;
  /** Raw fields of the record with the strongest outcome. */
  readonly raw: JsonObject;
  /** The records that tell it, oldest first. */
  readonly evidence: readonly Evidence[];
  /** Of the source that told it first; absent where files are read. */
  readonly labels?: Labels;
  /** Not absent: this and other requests that say the same but for their time and id, told as one; `count` is of all. */
  readonly run?: Run;
}

/** Requests that follow on a first one. */
export interface Run {
  /** Of the last one. */
  readonly last: Micros;
  /** The second and third, and the last three: as many as an alert shows at each end. */
  readonly more: readonly Evidence[];
}

/** Is it one request of many that are alike, and not what they tell together of a client? */
export function isRequest({ family, action }: Pick<Fact, 'family' | 'action'>): boolean {
  return tellsRequests(family) && !action.startsWith('cosmosdb.client.');
}

/** What tells one fact from another: an action may be several, of accounts, of settings, of principals that lost access. */
export function factKey({ id, account, action, change, fields }: Fact): string {
  return [id, account, action, change?.property, fields['azure.principal.id']].join('\u001f');
}
