import type { Family, Labels, Micros, Outcome, Position } from '../events/event.ts';
import type { Caller, Change, Effect, Exposure, Fact } from '../events/fact.ts';
import type { Level, RuleMeta, Technique } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import type { Callers } from './summary.ts';

/** An alert as every output prints it: the contract of `scan --format ndjson`. Field order is the order on the wire. */
export interface Alert {
  /** Given at first opening, never changes; in a scan = `settledId`. 32 hex digits. */
  readonly id: string;
  /** hash(rule id, key, opening second). */
  readonly settledId: string;
  readonly rule: string;
  readonly ruleId: string;
  readonly title: string;
  readonly level: Level;
  readonly status: 'open' | 'acknowledged' | 'resolved';
  /** null | "ended" | "manual" | "retracted" | "merged:<id>" */
  readonly resolution: string | null;
  /** Lower-case ARM id of the account concerned. */
  readonly account: string | null;
  readonly key: Readonly<Record<string, Json>>;
  /** ISO 8601 in UTC, whole seconds: `2026-11-24T03:12:07Z`. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly count: number;
  readonly actors: readonly AlertActor[];
  readonly caller: Caller | null;
  readonly sourceIps: readonly string[];
  readonly targets: readonly string[];
  readonly changes: readonly AlertChange[];
  readonly attack: readonly Technique[];
  readonly published: readonly Technique[];
  readonly evidence: readonly AlertEvidence[];
  /** One sentence that stands alone. */
  readonly reason: string;
  /** Of the routine that it is part of. 32 hex digits. */
  readonly routine: string | null;
  /** Id of the first alert of its story; null: it shares its actors with no other. */
  readonly story: string | null;
  /** Id of a stronger alert of its story, that came with it or later; null: it is told by itself. */
  readonly inhibitedBy: string | null;
  /** Why its level is not the rule's, or is although it looks like a routine: a clause, `routine: 27 times since 2 Nov, ...`. */
  readonly levelReason: string | null;
}

export interface AlertActor {
  readonly id: string | null;
  readonly name: string | null;
  readonly type: string;
  readonly appId: string | null;
  readonly appName: string | null;
}

export interface AlertChange {
  readonly property: string;
  /** null: not known (then `effect` is `unknown_before`) or really null. */
  readonly before: Json;
  readonly after: Json;
  readonly effect: Effect;
  readonly exposure: Exposure | null;
}

export interface AlertEvidence {
  readonly id: string;
  readonly time: string;
  readonly family: Family;
  readonly action: string;
  readonly outcome: Outcome;
}

/** `value`: for people, so a name where there is one. */
export interface FirstTime {
  readonly kind: 'actor' | 'application' | 'address' | 'agent' | 'asn';
  readonly value: string;
  readonly days: number;
}

/** What the contract has no room for and people want to read: the story, `--explain` and the HTML report use it. */
export interface AlertDetail {
  readonly rule: RuleMeta;
  /** First three and last three facts, oldest first, no fact twice. */
  readonly facts: readonly Fact[];
  /** Every change with its time, at most 100 (first 50, last 50). */
  readonly changes: readonly { readonly time: Micros; readonly change: Change }[];
  /** Same order and length as the alert's `evidence`. */
  readonly positions: readonly Position[];
  readonly candidates: readonly string[];
  readonly userAgents: readonly string[];
  /** True if any action is only `accepted`. */
  readonly unconfirmed: boolean;
  /** Why the level: name of the selection or condition that decided and its line in the rule, null for the rule's own level. */
  readonly levelWhy: { readonly when: string; readonly line: number } | null;
  /** Which of the names hold that the rule's texts and ids are bound to. */
  readonly holds: readonly string[];
  /** value_count alerts: the distinct values, at most 100. */
  readonly values: readonly string[];
  /** no_logs: the last record before the silence, how it ended (null: not yet), and who touched logging. */
  readonly silence: {
    readonly last: Micros | null;
    readonly hours: number;
    readonly ended: 'logs_again' | 'account_deleted' | null;
    readonly touched: readonly Fact[];
  } | null;
  /** The account's ARM id as the logs spell it, for display and commands; null: no record tells. */
  readonly spelled: string | null;
  /** At the end of the clock what it tells of still is so: a state that stands, a condition that holds. An act is over with its last hit. */
  readonly isOngoing: boolean;
  /** Other accounts for which the same action raised this rule. */
  readonly otherAccounts: number;
  /** Its one caller had not raised this rule for this account before, as far as the logs go; null: nobody to say it of. */
  readonly isFirst: boolean | null;
  /** Who and what of it was there for the first time in so many days, as known when it was told. */
  readonly firsts: readonly FirstTime[];
  /** Logging was cut: names of the rules that can find nothing in the logs that are left; null: it was not. */
  readonly blinded: readonly string[] | null;
  /** Of the source of its newest fact. */
  readonly labels: Labels;
  /** Left out in alerts that were stored before it was worked out. */
  readonly callers?: Callers;
}

/** An alert before its sentence is written: what the engine and the fold produce. */
export interface Raised {
  readonly alert: Omit<Alert, 'reason'>;
  readonly detail: AlertDetail;
}
