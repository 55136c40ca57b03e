import type { Micros, Position } from '../events/event.ts';
import { LEVELS, type Level } from '../ir/ir.ts';
import type { SkippedFile } from '../report/context.ts';
import type { Exception } from '../tuning/exception.ts';
import type { ToldAlerts } from './told.ts';

export { LEVELS, type Level };

/** What `scan` is asked to do. Paths are as the user typed them; `-` is standard input. */
export interface ScanRequest {
  readonly paths: readonly string[];
  /** Records before it are history: they build state, and alerts that ended before it are not given. `ago`: before the newest record. */
  readonly since: Micros | { readonly ago: Micros } | null;
  /** Records after it are not read. Default: the newest valid record of any known family ends the clock. */
  readonly until: Micros | null;
  /** Wall clock in milliseconds; only used to refuse records that lie more than a day ahead of it. */
  readonly nowMs: number;
  /** Names or ids; empty: all. */
  readonly only: readonly string[];
  /** Folders of rules beside the built-in ones. */
  readonly rulesDirs: readonly string[];
  readonly inventory: readonly { readonly file: string; readonly at: Micros | null }[];
  /** Lower-case ARM ids of accounts whose silence is an alert even if they were never seen. */
  readonly expectAccounts: readonly string[];
  /** `rule.parameter` -> value. */
  readonly parameters: ReadonlyMap<string, number>;
  readonly minLevel: Level;
  /** False: every record is parsed; the alerts are the same. */
  readonly skim: boolean;
  /** Alerts that one of them covers are marked, and given as the others. Default: none. */
  readonly exceptions?: readonly Exception[];
}

/** What `--stats` writes, in this order. docs/reference/cli.md says it in words. */
export interface ScanStats {
  readonly bytes: number;
  readonly records: number;
  readonly events: number;
  readonly families: Readonly<Record<string, number>>;
  readonly unknown: number;
  readonly invalid: Readonly<Record<string, number>>;
  readonly duplicates: number;
  /** Everything done or tried in the control plane, and requests that a rule matched; each once, whatever tells of it. */
  readonly actions: number;
  readonly alerts: number;
  readonly seconds: number;
}

/** Records that were not read as events, by what they were. `first` and `last`: where. */
export interface LeftOut {
  readonly what: string;
  readonly count: number;
  readonly first: Position;
  readonly last: Position;
  /** Of the first. */
  readonly detail: string;
}

/** What cannot be seen from the logs that were given. */
export interface BlindSpot {
  readonly account: string;
  readonly why: string;
}

export interface ScanOutcome {
  /** To be closed when they have been read. */
  readonly told: ToldAlerts;
  readonly stats: ScanStats;
  readonly leftOut: readonly LeftOut[];
  readonly skipped: readonly SkippedFile[];
  /** Of the records that were read as events; null if there was none. */
  readonly period: { readonly from: Micros; readonly to: Micros } | null;
  /** Lower-case ARM ids, sorted. */
  readonly accounts: readonly string[];
  readonly rules: number;
  readonly blindSpots: readonly BlindSpot[];
}

export interface ScanProgress {
  readonly bytes: number;
  /** null: not known (standard input). */
  readonly totalBytes: number | null;
  readonly file: string;
  readonly fileIndex: number;
  readonly files: number;
  readonly records: number;
  readonly phase: 'reading' | 'judging';
}
