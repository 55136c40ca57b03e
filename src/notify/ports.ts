import type { AlertNews, ChangeKind, StoredAlert } from '../alerts/stored.ts';
import type { Level } from './levels.ts';
import type { NoticeText } from './receiver.ts';

/** Milliseconds since 1970. */
type Millis = number;

/** What people are told of at once. The rest is in the next message about the alert. */
export const TOLD: ReadonlySet<ChangeKind> = new Set(['opened', 'amended', 'acknowledged', 'resolved', 'reopened']);

/** One receiver that news go to. */
export interface Addressee {
  /** Name and index in the configuration: `slack-security/0`. */
  readonly receiver: string;
  /** How long the first message about an alert waits for what may still be learnt; milliseconds. */
  readonly groupWait: number;
  /** Milliseconds; null: never. */
  readonly repeat: number | null;
  /** Told together with others; left out: by itself. */
  readonly grouping?: Grouping | null;
}

/** What is told in one message. */
export interface Grouping {
  /** The same for all of them; `DIGEST`: whatever is told with the next digest. */
  readonly key: string;
  /** When a digest is told; null: when the group has waited. */
  readonly due: Millis | null;
}

export const DIGEST = 'digest';

/**
 * A message to one receiver. `waiting` until it is `delivered`; `dead` if it was refused or could not be sent for too long; `summarised` if it is
 * only counted in the message about a flood; `grouped` if another one tells it too; `superseded` if a later one about its alert said what it
 * would have.
 */
export const OUTBOX_STATES = ['waiting', 'delivered', 'dead', 'summarised', 'grouped', 'superseded'] as const;
export type OutboxState = (typeof OUTBOX_STATES)[number];

/** A message that waits: what decides when it is sent. */
export interface WaitingRow {
  /** Ascending in the order of the news. */
  readonly id: number;
  /** Id of the alert; of a flood one of its own. */
  readonly alert: string;
  readonly receiver: string;
  readonly kind: ChangeKind | 'flood' | 'notice';
  readonly level: Level;
  readonly rule: string;
  /** 0, or how often the alert was told again because nobody acknowledged it. */
  readonly repetition: number;
  readonly attempts: number;
  readonly queuedAt: Millis;
  readonly due: Millis;
  /** The receiver asked not to come before; null: it did not. */
  readonly notBefore: Millis | null;
  /** What became of earlier messages about the alert to this receiver; null: there were none. */
  readonly earlier: 'told' | 'summarised' | null;
  /** What it is in order with: its alert, or that of a waiting row that tells of its alert too. */
  readonly lane: string;
  /** Null: it is told by itself. */
  readonly grouping: string | null;
  /** It tells of others too, and those rows are `grouped` already. */
  readonly leads: boolean;
}

/** A row that another one tells too. */
export interface Gathered {
  readonly id: number;
  readonly alert: string;
}

/** What a row says, read when it is sent. */
export interface Loaded {
  /** The same for every attempt: `{alert}-{revision}`. */
  readonly id: string;
  readonly form: 'alert' | 'flood' | 'group' | 'digest' | 'notice';
  readonly news: readonly AlertNews[];
  /** Of a notice. */
  readonly notice: NoticeText | null;
  /** What it tells of beside itself. */
  readonly gathered: readonly Gathered[];
  /** Rows of the same alert and receiver that this one tells too: what was learnt while it waited for that. */
  readonly also: readonly number[];
  /** What the last delivery about the alert to this receiver gave. */
  readonly ref: string | null;
  readonly repeat: number | null;
}

export type Settlement =
  | {
      readonly kind: 'delivered';
      readonly ref: string | null;
      /** Rows of the same alert and receiver that the message has told too. */
      readonly also: readonly number[];
      /** When it is told again; null: not. */
      readonly again: Millis | null;
    }
  | { readonly kind: 'retry'; readonly reason: string; readonly due: Millis; readonly notBefore: Millis | null }
  | { readonly kind: 'rejected'; readonly reason: string };

/** One try, for people. */
export interface AttemptEntry {
  readonly attempt: number;
  readonly at: Millis;
  readonly result: Settlement['kind'];
  readonly reason: string | null;
}

/** What became of one message. */
export interface DeliveryEntry {
  readonly id: number;
  readonly alert: string;
  readonly revision: number;
  readonly kind: ChangeKind | 'flood' | 'notice';
  readonly receiver: string;
  readonly state: OutboxState;
  readonly queuedAt: Millis;
  readonly due: Millis;
  /** Id of the flood's message that counts it. */
  readonly flood: number | null;
  /** Oldest first. */
  readonly attempts: readonly AttemptEntry[];
}

/** Of one receiver. */
export interface OutboxCounts {
  readonly receiver: string;
  readonly waiting: number;
  readonly dead: number;
  /** When the oldest that waits was queued. */
  readonly oldest: Millis | null;
}

/** Messages that must arrive, durable. A row is claimed in memory only: there is one worker, and what it had claimed when it died still waits. */
export interface Outbox {
  /** Runs in the caller's transaction. A row that there was is not made again. */
  enqueue(news: AlertNews, addressees: readonly Addressee[], now: Millis): void;
  /** Rows that wait and are newer than `after`, oldest first. */
  waiting(after: number, limit: number): readonly WaitingRow[];
  /** Null: it does not wait any more. */
  load(id: number): Loaded | null;
  settle(id: number, settlement: Settlement, now: Millis): void;
  /** One message about all of them, which become `summarised`. */
  summarise(ids: readonly number[], level: Level, now: Millis): void;
  /** They become `summarised` without a message: of their alert only a summary was told. */
  quiet(ids: readonly number[], now: Millis): void;
  /** After a start: what failed before is due at once, but not before the receiver said. */
  restart(now: Millis): void;
  /** Dead ones wait again, unless something newer of their alert has been delivered since. Gives those that do. */
  replay(ids: readonly number[], now: Millis): readonly WaitingRow[];
  /** Something that is about no alert, once under each name. Gives whether it is new. */
  notify(receiver: string, name: string, notice: NoticeText, now: Millis): boolean;
  /** The name of the newest notice whose name begins so; null: there was none. */
  lastNotice(prefix: string): string | null;
  /** Alerts that this receiver was told of and that are not resolved, as they were told last. */
  firing(receiver: string): readonly StoredAlert[];
}

/** What the API and the command line read of it. */
export interface DeliveryLog {
  ofAlert(alert: string): readonly DeliveryEntry[];
  /** Newest first. */
  dead(limit: number): readonly DeliveryEntry[];
  counts(): readonly OutboxCounts[];
}
