import type { JsonObject } from '../../lib/json.ts';
import type { Event, Family, Micros, Position, Variant } from '../event.ts';

/** A kind of log: how its records are recognised, and what one means. One file each. */
export interface LogFamily {
  readonly family: Family;
  /** The form of a record of this family; null: it is none. Looks at the record alone and never throws. */
  readonly recognise: (value: JsonObject) => Variant | null;
  /** The time of a record as it is written. */
  readonly time: (value: JsonObject) => string | null;
  readonly normalise: (value: JsonObject, form: Form) => Event;
}

export interface Form {
  readonly variant: Variant;
  readonly time: Micros;
  readonly position: Position;
}
