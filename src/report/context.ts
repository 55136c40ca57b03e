import type { Alert, Raised } from '../alerts/alert.ts';
import type { Micros, Position } from '../events/event.ts';
import type { Level } from '../ir/ir.ts';
import type { ErrorCode } from '../lib/errors.ts';

/** An alert with its sentence, and what it was made of. */
export interface ToldAlert {
  /** `exception`: the one that covers it, where exceptions were given; left out: none does. */
  readonly alert: Alert & { readonly exception?: string };
  readonly raised: Raised;
}

/** The alerts of a scan in their order; may be more than memory holds. */
export interface ToldAlerts extends Iterable<ToldAlert> {
  readonly length: number;
  readonly counts: Readonly<Record<Level, number>>;
  /** The same with those that are below the level asked for, which are counted and not given. */
  readonly found: Readonly<Record<Level, number>>;
  /** Id of the first alert of the highest level. */
  readonly worst: string | null;
}

/** How the output may look. */
export interface Look {
  /** Columns. */
  readonly width: number;
  readonly colour: boolean;
  readonly unicode: boolean;
  /** Minutes east of UTC, to show local times beside UTC; null: UTC alone. */
  readonly localOffset: ((iso: string) => number) | null;
}

/** A file or folder that was not read, or not to its end. */
export interface SkippedFile {
  readonly path: string;
  /** Null: it is empty, so nothing of it was left out. */
  readonly code: ErrorCode | null;
  readonly why: string;
  readonly facts: readonly string[];
  readonly cure: string | null;
  /** How many records were read before it could not be read on. */
  readonly records: number;
}

/** Without a command the input cannot be read again by the same words, as standard input. */
export interface NextCommands {
  readonly scan: string | null;
  readonly stats: string | null;
}

/** What a scan found beside alerts. */
export interface ScanContext {
  readonly records: number;
  readonly events: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly rules: number;
  readonly period: { readonly from: Micros; readonly to: Micros } | null;
  readonly accounts: readonly string[];
  readonly leftOut: readonly {
    readonly what: string;
    readonly count: number;
    readonly first: Position;
    readonly last: Position;
    readonly detail: string;
  }[];
  readonly skipped: readonly SkippedFile[];
  readonly blindSpots: readonly { readonly account: string; readonly why: string }[];
  /** Are left-out records an error? */
  readonly strict: boolean;
  /** Commands that read the same again; null: nobody reads hints, as in a pipe. */
  readonly next: NextCommands | null;
  readonly version: string;
}
