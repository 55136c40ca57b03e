/**
 * The words of the second reading of the specification. Nothing here comes from `src`: two readings that share code share mistakes.
 * Times are milliseconds since 1970.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type Raw = { readonly [name: string]: Json };

export type Family =
  | 'ActivityLog'
  | 'ControlPlaneRequests'
  | 'DataPlaneRequests'
  | 'DataPlaneRequests5M'
  | 'DataPlaneRequests15M'
  | 'MongoRequests'
  | 'AuditEvent';

/** Weakest first. */
export const OUTCOMES = ['started', 'accepted', 'failure', 'success'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Who {
  readonly id: string;
  readonly app: string | null;
}

/** One record after its wire form has been taken off. Names and ids are lower case. */
export interface Rec {
  /** What copies and redeliveries of one record have in common. */
  readonly id: string;
  readonly family: Family;
  /** REST 0, Log Analytics 1, export 2. */
  readonly trust: number;
  readonly at: number;
  readonly operation: string;
  readonly phase: 'start' | 'complete' | 'bare';
  readonly outcome: Outcome;
  /** Resource that it is about: the ARM resource, the `resourceUri`, the requested path. */
  readonly resource: string;
  readonly account: string | null;
  /** What the records of one action have in common; null: an action of its own. */
  readonly group: string | null;
  /** activityId (resource logs). */
  readonly activity: string | null;
  /** httpRequest.clientRequestId (Activity Log, REST only). */
  readonly request: string | null;
  readonly method: string | null;
  readonly who: Who | null;
  readonly ip: string | null;
  readonly database: string | null;
  readonly container: string | null;
  /** Data plane: requestResourceType. Key Vault: the object's URI. */
  readonly object: string | null;
  /** Requests that it stands for. */
  readonly count: number;
  readonly body: Raw | null;
  /** The other columns of the record by lower-case name. */
  readonly columns: Raw;
  readonly text: string;
}

export type Caller = 'exact' | 'likely' | 'unknown';

/** One thing that somebody did, as one or two families tell it. */
export interface Action {
  readonly id: string;
  readonly kind: string;
  readonly families: readonly Family[];
  readonly at: number;
  /** Time of its last record. */
  readonly last: number;
  readonly outcome: Outcome;
  readonly target: string;
  readonly account: string | null;
  readonly who: Who | null;
  readonly ip: string | null;
  readonly caller: Caller | null;
  readonly requests: readonly string[];
  readonly activity: string | null;
  readonly method: string | null;
  readonly body: Raw | null;
  readonly columns: Raw;
  readonly database: string | null;
  readonly container: string | null;
  readonly object: string | null;
  readonly count: number;
}

export type Effect = 'weakened' | 'strengthened' | 'neutral' | 'unknown_before';
export type Exposure = 'none' | 'ranges' | 'azure' | 'internet';

export interface Change {
  readonly property: string;
  readonly before: Json | undefined;
  readonly after: Json;
  readonly effect: Effect;
  readonly exposure: Exposure | null;
}

/** What an alert about a state waits for. `before`: unknown (null), and then it waits for ever. */
export interface Thing {
  readonly kind: 'setting' | 'lock' | 'diagnostic' | 'key' | 'vault';
  readonly name: string;
  /** Does it never end: nothing known before, an endpoint, a purged key? */
  readonly isForEver: boolean;
}

export interface Fact {
  readonly id: string;
  readonly at: number;
  readonly action: string;
  readonly outcome: Outcome;
  readonly account: string;
  readonly who: Who | null;
  readonly ip: string | null;
  readonly caller: Caller | null;
  readonly count: number;
  readonly container: string | null;
  readonly change: Change | null;
  /** null: an act, which never ends. */
  readonly thing: Thing | null;
  /** keyVaultKeyUri only: it names another vault than before. */
  readonly moved: boolean;
}

export interface NaiveAlert {
  readonly rule: string;
  readonly account: string | null;
  readonly key: { readonly [field: string]: string | null };
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly count: number;
  readonly level: string;
  readonly status: 'open' | 'resolved';
  readonly actors: readonly string[];
  readonly caller: Caller | null;
  readonly changes: readonly string[];
}

/** What stands in for the whole scan: the records, the declared accounts and how many deletions are many. */
export interface NaiveInput {
  readonly records: readonly Raw[];
  readonly declared: readonly string[];
  readonly manyDeletions: number;
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export function isDone(outcome: Outcome): boolean {
  return outcome === 'success' || outcome === 'accepted';
}

export function secondOf(at: number): number {
  return Math.floor(at / SECOND);
}

export function rank(outcome: Outcome): number {
  return OUTCOMES.indexOf(outcome);
}
