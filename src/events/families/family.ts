import type { JsonObject } from '../../lib/json.ts';
import type { Event, Family, Micros, Position, Variant } from '../event.ts';

/** A kind of log: how its records are recognised, and what one means. One file each. */
export interface LogFamily {
  readonly family: Family;
  /** The form of a record of this family; null: it is none. Looks at the record alone and never throws. */
  readonly recognise: (value: JsonObject) => Variant | null;
  /** The time of a record as it is written. */
  readonly time: (value: JsonObject) => string | null;
  /** @param value opened and redacted */
  readonly normalise: (value: JsonObject, form: Form) => Event;
}

export interface Form {
  readonly variant: Variant;
  readonly time: Micros;
  readonly position: Position;
  /** Text of the command, to read a verb or a name from; sensitive: it must not get into the event. */
  readonly command: string | null;
}

/** What a record does not tell. A family names what its records do. */
export const ABSENT = {
  actionKey: null,
  correlationId: null,
  clientRequestId: null,
  phase: 'bare',
  status: null,
  method: null,
  actor: null,
  sourceIp: null,
  userAgent: null,
  account: null,
  accountSpelled: null,
  api: null,
  auth: null,
  region: null,
  database: null,
  container: null,
  count: 1,
  body: null,
} as const satisfies Partial<Event>;
