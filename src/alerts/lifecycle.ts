import { subscriptionOf } from '../events/resource.ts';
import { type Level, levelRank } from '../ir/ir.ts';
import type { Alert, AlertDetail } from './alert.ts';
import { type AlertNews, type ChangeKind, type StoredAlert, VERDICTS, type Verdict } from './stored.ts';

/*
 * The life of an alert. It is *open*, *acknowledged* or *resolved*; a resolved one says why: it ended by itself, a person said so
 * (`manual`), it is not told any more (`retracted`), or another one holds what it held (`merged:<id>`). What is told anew wins: more of
 * the same reopens what a person resolved, and what was retracted comes back if it is told again. The level is the highest that it ever
 * had. Everything here is a pure function; nothing is ever forgotten but the middle of a row of like entries of the history.
 */

/** Milliseconds since 1970. */
type Millis = number;

/** An alert as it is worked out now, with its sentence. */
export interface Now {
  readonly alert: Alert;
  readonly detail: AlertDetail;
}

/** What becomes of a stored alert. Without news nobody is told, but it is kept. */
export interface Outcome {
  readonly stored: StoredAlert;
  readonly news: AlertNews | null;
}

export const ALERT_ACTIONS = ['acknowledge', 'resolve', 'reopen', 'assign', 'comment', 'judge'] as const;
export type AlertAction = (typeof ALERT_ACTIONS)[number];

/** `text`: of a comment, or why it is resolved or reopened. `assignee`, `verdict`: null takes it back. */
export interface ActDetail {
  readonly text?: string;
  readonly assignee?: string | null;
  readonly verdict?: Verdict | null;
}

export interface Refusal {
  readonly kind: 'refused';
  readonly why: string;
}

/** @param note what else its history should say */
export function openAlert({ alert, detail }: Now, id: string, at: Millis, note: string | null = null): AlertNews {
  const first = { at, what: 'opened', by: null, why: alert.reason } as const;
  const stored: StoredAlert = {
    alert: { ...alert, id },
    detail,
    revision: 1,
    subscription: subscriptionOf(alert.account ?? ''),
    labels: detail.labels,
    assignee: null,
    verdict: null,
    comments: [],
    history: note === null ? [first] : [first, { ...first, why: note }],
    createdAt: at,
    updatedAt: at,
    marks: null,
  };
  return { kind: 'opened', stored, why: alert.reason };
}

/** A stored alert is told again, perhaps otherwise than before. */
export function retell(stored: StoredAlert, now: Now, at: Millis): Outcome {
  const { status, resolution, change } = statusOf(stored.alert, now);
  const isLower = levelRank(now.alert.level) < levelRank(stored.alert.level);
  const alert: Alert = {
    ...now.alert,
    id: stored.alert.id,
    level: isLower ? stored.alert.level : now.alert.level,
    status,
    resolution,
  };
  const levelWhy = isLower ? stored.detail.levelWhy : now.detail.levelWhy;
  const next: StoredAlert = {
    ...stored,
    alert,
    detail: { ...now.detail, levelWhy },
    labels: now.detail.labels,
    subscription: subscriptionOf(alert.account ?? ''),
    updatedAt: at,
  };
  const what = change ?? growth(stored, next);
  return what === null ? { stored: next, news: null } : told(next, what.kind, { at, by: null, why: what.why });
}

/** An alert that goes on when what it began with is forgotten: it has still begun then, and counts no less. */
export function goOn({ alert: before, detail: earlier }: StoredAlert, { alert, detail }: Now): Now {
  const both = <T>(first: readonly T[], then: readonly T[]): T[] => [
    ...new Map([...first, ...then].map((one) => [JSON.stringify(one), one])).values(),
  ];
  const { settledId, firstSeen, changes } = before;
  return {
    alert: {
      ...alert,
      settledId,
      firstSeen,
      count: Math.max(before.count, alert.count),
      actors: both(before.actors, alert.actors).slice(0, 100),
      sourceIps: both(before.sourceIps, alert.sourceIps).slice(0, 100),
      targets: both(before.targets, alert.targets).slice(0, 100),
      changes: both(changes, alert.changes).slice(0, 100),
    },
    detail: { ...detail, callers: goneOn(earlier.callers, detail.callers, both) },
  };
}

/** What is whole of both is whole, as long as no list is full. */
function goneOn(
  before: AlertDetail['callers'],
  now: AlertDetail['callers'],
  both: <T>(first: readonly T[], then: readonly T[]) => T[],
): NonNullable<AlertDetail['callers']> {
  const isBoth = (name: 'actors' | 'applications' | 'addresses'): boolean =>
    (before?.isWhole[name] ?? false) && (now?.isWhole[name] ?? false);
  const applications = both(before?.applications ?? [], now?.applications ?? []).slice(0, 100);
  return {
    applications,
    isWhole: {
      actors: isBoth('actors'),
      applications: isBoth('applications') && applications.length < 100,
      addresses: isBoth('addresses'),
    },
  };
}

/** It is not told any more. @param into the alert that holds now what it held */
export function withdraw(stored: StoredAlert, why: string, into: string | null, at: Millis): AlertNews {
  const resolution = into === null ? 'retracted' : `merged:${into}`;
  const next: StoredAlert = {
    ...stored,
    alert: { ...stored.alert, status: 'resolved', resolution },
    detail: { ...stored.detail, isOngoing: false },
    updatedAt: at,
  };
  return told(next, 'resolved', { at, by: null, why: `${into === null ? 'retracted' : 'merged'}: ${why}` }).news;
}

/** People are told late: nothing of it changed. */
export function tellAgain(stored: StoredAlert, kind: 'opened' | 'amended', why: string, at: Millis): AlertNews {
  return told({ ...stored, updatedAt: at }, kind, { at, by: null, why }).news;
}

export function isWithdrawn({ resolution }: Pick<Alert, 'resolution'>): boolean {
  return resolution === 'retracted' || (resolution?.startsWith('merged:') ?? false);
}

/** Somebody does something with it. */
export function act(
  stored: StoredAlert,
  action: AlertAction,
  { by, at, detail }: { readonly by: string; readonly at: Millis; readonly detail: ActDetail },
): AlertNews | Refusal {
  const { alert } = stored;
  const text = detail.text?.trim() ?? '';
  const because = text === '' ? '' : `: ${text}`;
  const become = (what: ChangeKind, change: Partial<StoredAlert>, why: string): AlertNews =>
    told({ ...stored, ...change, updatedAt: at }, what, { at, by, why }).news;
  switch (action) {
    case 'acknowledge':
      if (alert.status !== 'open') return refused(`it is ${alert.status}`);
      return become('acknowledged', { alert: { ...alert, status: 'acknowledged' } }, `acknowledged${because}`);
    case 'resolve':
      if (alert.status === 'resolved') return refused(`it is resolved already: ${alert.resolution}`);
      return become(
        'resolved',
        { alert: { ...alert, status: 'resolved', resolution: 'manual' } },
        `resolved by hand${because}`,
      );
    case 'reopen':
      if (alert.status !== 'resolved') return refused(`it is ${alert.status}`);
      if (isWithdrawn(alert)) return refused(`there is nothing to it any more: ${alert.resolution}`);
      return become(
        'reopened',
        { alert: { ...alert, status: 'open', resolution: null } },
        `reopened by hand${because}`,
      );
    case 'assign':
      if (detail.assignee === undefined) return refused('nobody is named');
      return become(
        'assigned',
        { assignee: detail.assignee },
        detail.assignee === null ? 'assigned to nobody' : `assigned to ${detail.assignee}`,
      );
    case 'comment':
      if (text === '') return refused('the comment is empty');
      return become('commented', { comments: [...stored.comments, { at, by, text }] }, text);
    case 'judge': {
      const { verdict } = detail;
      if (verdict === undefined || (verdict !== null && !VERDICTS.includes(verdict)))
        return refused(`a verdict is one of ${VERDICTS.join(', ')}`);
      return become('judged', { verdict }, verdict === null ? 'no verdict' : `judged ${verdict}${because}`);
    }
  }
}

function refused(why: string): Refusal {
  return { kind: 'refused', why };
}

interface Change {
  readonly kind: ChangeKind;
  readonly why: string;
}

type Standing = Pick<Alert, 'status' | 'resolution'> & { readonly change: Change | null };

function statusOf(before: Alert, { alert: now }: Now): Standing {
  const isEnded = now.status === 'resolved';
  if (isWithdrawn(before)) {
    const why = 'it is told again';
    return isEnded
      ? { status: 'resolved', resolution: 'ended', change: { kind: 'amended', why } }
      : { status: 'open', resolution: null, change: { kind: 'reopened', why } };
  }
  if (before.status !== 'resolved')
    return isEnded
      ? { status: 'resolved', resolution: 'ended', change: { kind: 'resolved', why: 'what it tells of has ended' } }
      : { status: before.status, resolution: null, change: null };
  const isMore = now.count > before.count || now.lastSeen > before.lastSeen;
  const isBack = before.resolution === 'manual' ? isMore && !isEnded : !isEnded;
  if (!isBack) return { status: 'resolved', resolution: before.resolution, change: null };
  const why = isMore ? `more of it: ${counted(before, now)}` : 'it stands as it did again';
  return { status: 'open', resolution: null, change: { kind: 'reopened', why } };
}

/** What people would want to hear of the difference; null: nothing. */
function growth({ alert: before }: StoredAlert, { alert: now }: StoredAlert): Change | null {
  const amended = [
    ...(levelRank(now.level) > levelRank(before.level) ? [`level ${before.level} became ${now.level}`] : []),
    ...newNames('actor', before.actors.map(nameOf), now.actors.map(nameOf)),
    ...newNames('application', before.actors.map(appOf), now.actors.map(appOf)),
    ...newNames('address', before.sourceIps, now.sourceIps),
    ...(isKnown(before.caller) || !isKnown(now.caller) ? [] : ['the caller became known']),
  ];
  if (amended.length > 0) return { kind: 'amended', why: amended.join('; ') };
  if (now.count !== before.count) return { kind: 'grown', why: counted(before, now) };
  if (now.lastSeen > before.lastSeen) return { kind: 'grown', why: `goes on until ${now.lastSeen}` };
  if (now.changes.length !== before.changes.length)
    return { kind: 'grown', why: `changes ${before.changes.length} became ${now.changes.length}` };
  return null;
}

function counted(before: Alert, now: Alert): string {
  if (now.count === before.count) return `seen again at ${now.lastSeen}`;
  return now.count > before.count
    ? `count grew from ${before.count} to ${now.count}`
    : `count corrected from ${before.count} to ${now.count}`;
}

function isKnown(caller: Alert['caller']): boolean {
  return caller === 'exact' || caller === 'likely' || caller === null;
}

function newNames(what: string, before: readonly (string | null)[], now: readonly (string | null)[]): string[] {
  const known = new Set(before);
  const added = [...new Set(now)].filter((name) => name !== null && !known.has(name));
  if (added.length === 0) return [];
  return [`new ${what} ${added.slice(0, 3).join(', ')}${added.length > 3 ? ` and ${added.length - 3} more` : ''}`];
}

function nameOf({ id, name }: Alert['actors'][number]): string | null {
  return name ?? id;
}

function appOf({ appName, appId }: Alert['actors'][number]): string | null {
  return appName ?? appId;
}

/** With its entry in the history. What cosmowatch says several times in a row of growth is one entry, with the newest words. */
function told(
  stored: StoredAlert,
  kind: ChangeKind,
  { at, by, why }: { readonly at: Millis; readonly by: string | null; readonly why: string },
): { readonly stored: StoredAlert; readonly news: AlertNews } {
  const last = stored.history.at(-1);
  const isSame = kind === 'grown' && last?.what === 'grown' && last.by === null && by === null;
  const before = isSame ? stored.history.slice(0, -1) : stored.history;
  const next = {
    ...stored,
    revision: stored.revision + 1,
    history: [...before, { at, what: kind, by, why }],
  };
  return { stored: next, news: { kind, stored: next, why } };
}

/** How high a level is, for those who do not see `ir`. */
export function rankOf(level: Level): number {
  return levelRank(level);
}
