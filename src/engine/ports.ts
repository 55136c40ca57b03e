import type { Fact } from '../events/fact.ts';
import type { Json } from '../lib/json.ts';

/** A rule that a fact matched. */
export interface Hit {
  /** Index into the compiled rules. */
  readonly rule: number;
  /** Which selections hold, by their indexes into the rule's `levels`, and behind these into its `bound`. */
  readonly selections: readonly number[];
}

/** A fact with what it matched: what windows are fed with. */
export interface Judged {
  readonly fact: Fact;
  readonly hits: readonly Hit[];
}

/** What is summed up over facts, declared here and made by whoever tells alerts; merges in any order. */
export interface Tally {
  add(fact: Fact): void;
  merge(other: Tally): void;
}

export type Key = Readonly<Record<string, Json>>;

/** A time in which a correlation's condition held. Seconds since 1970. */
export interface Episode {
  readonly rule: number;
  readonly key: Key;
  readonly opened: number;
  readonly last: number;
  /** The condition does not hold any more at the end of the clock. */
  readonly ended: boolean;
  readonly count: number;
  /** Of the correlation's rules those that are part of it, by their indexes in its list. */
  readonly rules: ReadonlySet<number>;
  readonly tally: Tally;
  /** value_count: the distinct values. */
  readonly values: readonly string[];
}

/** How a silence ended: a record came, or the account was deleted and is not waited for any more. */
export type SilenceEnd = 'logs_again' | 'account_deleted';

/** A time in which records that were waited for did not come. Seconds since 1970. */
export interface Silence {
  readonly rule: number;
  readonly key: Key;
  /** Of the last record before; null if there never was one. */
  readonly lastRecord: number | null;
  readonly opened: number;
  readonly last: number;
  readonly ended: SilenceEnd | null;
  /** Who touched what the rule's `touchedBy` watches, shortly before. */
  readonly touched: Tally;
  readonly touches: readonly Fact[];
}
