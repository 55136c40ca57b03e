import type { Rng } from '../rng.ts';

/** The ids by which the records of one act hang together, drawn once, so that copies in several forms agree. */
export interface Trace {
  /** Of the whole operation: Activity Log, Key Vault. */
  readonly correlation: string;
  /** Of the request: resource logs; `clientRequestId` of the Activity Log, where the form has it. */
  readonly activity: string;
  /** The digits of a second that a millisecond has not. */
  readonly digits: string;
  /** Drawn for what nobody compares: durations, charges, ids of single records. */
  readonly rng: Rng;
}

export function traceOf(rng: Rng): Trace {
  return { correlation: rng.uuid(), activity: rng.uuid(), digits: `${rng.int(10_000)}`.padStart(4, '0'), rng };
}

/** Azure writes seven digits of a second. */
export function stampOf(time: number, { digits }: Trace): string {
  return new Date(time).toISOString().replace('Z', `${digits}Z`);
}
