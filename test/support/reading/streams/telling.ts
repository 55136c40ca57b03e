import type { Person } from './world.ts';

/** What one log says of one act, before it has times, ids and wire forms. `after`: seconds from the start of the telling. */
interface Common {
  /** Seconds from the start of the act. */
  readonly delta: number;
  /** How often each record is delivered, in turn: 1 to 5. */
  readonly copies: number;
  /** REST or Log Analytics, export, or both. */
  readonly forms: 'rich' | 'export' | 'both';
}

export interface ArmPhase {
  readonly after: number;
  readonly status: 'Start' | 'Accept' | 'Success' | 'Failure';
}

export interface ArmTelling extends Common {
  readonly log: 'arm';
  readonly operation: string;
  readonly resource: string;
  readonly method: string;
  readonly body: object | null;
  /** Where the body stands: on the first record and every Start, or on all. */
  readonly bodyOn: 'first' | 'all';
  readonly phases: readonly ArmPhase[];
  readonly who: Person;
}

export interface ControlPhase {
  readonly after: number;
  readonly suffix: 'Start' | 'Complete' | '';
  readonly code: string;
}

export interface ControlTelling extends Common {
  readonly log: 'control';
  readonly operation: string;
  readonly account: string;
  readonly uri: string | null;
  readonly columns: Readonly<Record<string, string>>;
  readonly phases: readonly ControlPhase[];
}

export interface RequestTelling extends Common {
  readonly log: 'request';
  readonly account: string;
  readonly operation: string;
  readonly type: 'Document' | 'Collection' | 'Database';
  readonly code: string;
  readonly database: string;
  readonly container: string | null;
  /** A key, or the person who signed in. */
  readonly by: 'PrimaryMasterKey' | 'SecondaryMasterKey' | Person;
  readonly ip: string;
  /** An aggregate's minutes and requests; missing: one request. */
  readonly sum?: { readonly minutes: 5 | 15; readonly count: number };
}

export interface MongoTelling extends Common {
  readonly log: 'mongo';
  readonly account: string;
  readonly operation: string;
  readonly code: string;
  readonly database: string;
  readonly container: string;
  readonly ip: string;
}

export interface AuditTelling extends Common {
  readonly log: 'audit';
  readonly vault: string;
  readonly operation: string;
  /** `name` or `name/version`; null: the vault itself. */
  readonly object: string | null;
  readonly code: string;
  readonly attributes: object | null;
  readonly who: Person;
}

export type Telling = ArmTelling | ControlTelling | RequestTelling | MongoTelling | AuditTelling;

/** Something that somebody does, as the logs tell it. */
export interface Act {
  readonly tellings: readonly Telling[];
  /** Do the tellings name each other (clientRequestId = activityId)? */
  readonly isTied: boolean;
  /** Takes over the ids of the last act like it. */
  readonly reusesIds: boolean;
}

/** Does this phase's record carry the body? */
export function hasBody(telling: ArmTelling, phase: number): boolean {
  if (telling.body === null) return false;
  return telling.bodyOn === 'all' || phase === 0 || telling.phases[phase]!.status === 'Start';
}
