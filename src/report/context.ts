import type { Alert, Raised } from '../alerts/alert.ts';
import type { Micros, Position } from '../events/event.ts';
import type { Level } from '../ir/ir.ts';

/** An alert with its sentence, and what it was made of. */
export interface ToldAlert {
  readonly alert: Alert;
  readonly raised: Raised;
}

/** The alerts of a scan in their order; may be more than memory holds. */
export interface ToldAlerts extends Iterable<ToldAlert> {
  readonly length: number;
  readonly counts: Readonly<Record<Level, number>>;
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
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
  readonly blindSpots: readonly { readonly account: string; readonly why: string }[];
  readonly paths: readonly string[];
  readonly version: string;
}
