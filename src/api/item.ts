import type { StoredAlert } from '../alerts/stored.ts';
import { isoOf } from '../lib/iso.ts';
import type { AlertItem } from './contract.ts';
import type { Scope } from './ports.ts';

/** A stored alert as the API gives it. */
export function itemOf({ alert, detail, assignee, verdict, comments, history, marks }: StoredAlert): AlertItem {
  return {
    ...alert,
    firsts: detail.firsts ?? [],
    assignee,
    verdict,
    comments: comments.map(({ at, by, text }) => ({ at: isoOf(at), by, text })),
    history: history.map(({ at, what, by, why }) => ({ at: isoOf(at), what, by, why })),
    exception: marks?.exception ?? null,
    silencedBy: marks?.silencedBy ?? null,
    silencedUntil: marks?.silencedUntil == null ? null : isoOf(marks.silencedUntil),
  };
}

/** May it be seen by who sees this much? An alert of no subscription, or of several, is only seen by those who see all. */
export function isSeen({ subscription, labels }: Pick<StoredAlert, 'subscription' | 'labels'>, scope: Scope): boolean {
  const { subscriptions } = scope;
  if (subscriptions !== null && (subscription === null || !subscriptions.includes(subscription))) return false;
  return Object.entries(scope.labels).every(([name, value]) => labels[name] === value);
}

/** The same of an account, by its lower-case ARM id. Labels are of alerts, so who sees some of them only sees no account whole. */
export function isAccountSeen(account: string, { subscriptions, labels }: Scope): boolean {
  if (Object.keys(labels).length > 0) return false;
  return subscriptions === null || subscriptions.some((id) => account.startsWith(`/subscriptions/${id}/`));
}
