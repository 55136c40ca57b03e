import type { Alert, AlertDetail } from './alert.ts';

/** Milliseconds since 1970. */
type Millis = number;

/** An alert as the service keeps it: what a scan would print, and what became of it. */
export interface StoredAlert {
  /** Its `status` and `resolution` are the ones people see. */
  readonly alert: Alert;
  readonly detail: AlertDetail;
  /** Grows with every change that people are told of; with the id it names one message. */
  readonly revision: number;
  /** Lower case; null: it concerns none, or several. */
  readonly subscription: string | null;
  /** Of the source of its newest hit. */
  readonly labels: Readonly<Record<string, string>>;
  readonly assignee: string | null;
  readonly verdict: Verdict | null;
  readonly comments: readonly Comment[];
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
  /** When the service first had it, and when it last changed; by our clock. */
  readonly createdAt: Millis;
  readonly updatedAt: Millis;
  /** What was decided of it when it was read; null: nothing keeps it back. */
  readonly marks: Marks | null;
}

/** Why people are not told of an alert now. */
export interface Marks {
  /** Id of the exception that covers it. */
  readonly exception: string | null;
  /** Id of the silence, and until when. */
  readonly silencedBy: string | null;
  readonly silencedUntil: Millis | null;
}

export const VERDICTS = ['true', 'benign', 'false'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Comment {
  readonly at: Millis;
  readonly by: string;
  readonly text: string;
}

export interface HistoryEntry {
  readonly at: Millis;
  readonly what: ChangeKind;
  /** A person's or token's name; null: cosmowatch itself. */
  readonly by: string | null;
  /** One clause for people: `count grew from 3 to 12`. */
  readonly why: string;
}

/**
 * What can happen to an alert. `grown`: more of the same, which people are not told again at once; `amended`: a new actor, address, application,
 * a higher level or a caller that became known, which they are.
 */
export const CHANGE_KINDS = [
  'opened',
  'grown',
  'amended',
  'acknowledged',
  'resolved',
  'reopened',
  'assigned',
  'commented',
  'judged',
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface AlertNews {
  readonly kind: ChangeKind;
  readonly stored: StoredAlert;
  readonly why: string;
}
