import type { AlertNews, HistoryEntry, StoredAlert } from '../alerts/stored.ts';
import { unlinked } from '../lib/visible.ts';
import { actorName, nameOf } from './phrases.ts';
import { storyOf } from './story.ts';
import { capital, cutMiddle, plural, timeText, visible } from './text.ts';

/** What a message begins with, and what follow-ups say. */

const HEADLINE = 120;

/** `critical`, `critical, acknowledged`, `resolved, was critical`, `taken back, was high`. */
function stateText({ alert }: StoredAlert): string {
  if (alert.status === 'acknowledged') return `${alert.level}, acknowledged`;
  if (alert.status === 'open') return alert.level;
  return `${resolutionWord(alert.resolution)}, was ${alert.level}`;
}

function resolutionWord(resolution: string | null): string {
  if (resolution === 'retracted') return 'taken back';
  return resolution?.startsWith('merged:') ? 'joined with another' : 'resolved';
}

/** `[critical] orders-prod: open to the internet`: what a lock screen shows first. */
export function headlineFor(stored: StoredAlert): string {
  const head = `[${stateText(stored)}] ${unlinkedName(stored)}: ${storyOf(stored).what}`;
  return cutEnd(head, HEADLINE);
}

function unlinkedName(stored: StoredAlert): string {
  return cutMiddle(unlinked(nameOf(stored)), 24);
}

function cutEnd(text: string, most: number): string {
  const characters = [...unlinked(text)];
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 3).join('')}...`;
}

/** The headline, and who did it; of what is over it is not said, for it need not be who ended it. */
export function titleOf(stored: StoredAlert): string {
  const who = stored.alert.status === 'resolved' ? '' : whoShort(stored);
  return cutEnd(`${headlineFor(stored)}${who}`, HEADLINE + 30);
}

function whoShort(stored: StoredAlert): string {
  const { actors, caller } = stored.alert;
  const comma = storyOf(stored).what.includes(',') ? ',' : '';
  const [first] = actors;
  if (first === undefined) return caller === 'unknown' ? ', caller not known' : '';
  if (actors.length > 1) return `${comma} by ${plural(actors.length, 'caller')}`;
  const name = cutMiddle(actorName(first), 48);
  if (first.type === 'key') return `${comma} with the ${name}`;
  return `${comma}${caller === 'likely' ? ' probably' : ''} by ${name}`;
}

export function statusOf({ alert, history }: StoredAlert): string {
  const last = history.findLast(({ what }) => what === alert.status);
  const by = last?.by ? ` by ${visible(last.by)}` : '';
  const at = last === undefined ? '' : ` at ${timeOf(last.at, alert.firstSeen)}`;
  switch (alert.status) {
    case 'open':
      return 'open';
    case 'acknowledged':
      return `acknowledged${by}${at}`;
    case 'resolved':
      return `${resolutionText(alert.resolution)}${by}${at}`;
  }
}

function resolutionText(resolution: string | null): string {
  if (resolution === 'ended') return 'resolved (ended)';
  return resolutionWord(resolution);
}

function timeOf(ms: number, day: string): string {
  return timeText(new Date(ms).toISOString(), day);
}

/** What happened since it was told before, beginning with the word of what happened; null: it is told for the first time. */
export function followOf({ kind, stored, why }: AlertNews): string | null {
  const { alert, history } = stored;
  const entry = history.findLast(({ what }) => what === kind) ?? null;
  const reason = visible(why);
  switch (kind) {
    case 'opened':
      return null;
    case 'grown':
      return `Now ${storyOf(stored).amount}: ${reason}.`;
    case 'amended':
      return `${capital(reason)}.`;
    case 'acknowledged':
      return `Acknowledged${byText(entry, alert.firstSeen)}${saidText(stored, entry)}.`;
    case 'resolved':
      return resolvedText(stored, entry, reason);
    case 'reopened':
      return `Again${byText(entry, alert.firstSeen)}: ${reason}.`;
    case 'assigned':
      return `${stored.assignee === null ? 'Assigned to nobody' : `Assigned to ${visible(stored.assignee)}`}${byText(entry, alert.firstSeen)}.`;
    case 'commented':
      return commentText(stored) ?? `${capital(reason)}.`;
    case 'linked':
      return `${capital(reason)}.`;
    case 'judged':
      return `Judged ${VERDICT_WORDS[stored.verdict ?? 'none']}${byText(entry, alert.firstSeen)}.`;
  }
}

const VERDICT_WORDS = {
  true: 'a true alert',
  benign: 'true and harmless',
  false: 'a false alert',
  none: 'anew: no verdict',
} as const;

function byText(entry: HistoryEntry | null, day: string): string {
  if (entry === null) return '';
  return `${entry.by === null ? '' : ` by ${visible(entry.by)}`} at ${timeOf(entry.at, day)}`;
}

/** What the person who did it wrote with it: a comment of the same moment. */
function saidText({ comments }: StoredAlert, entry: HistoryEntry | null): string {
  const said = comments.findLast(({ at, by }) => entry !== null && at === entry.at && by === entry.by);
  return said === undefined ? '' : `: "${visible(said.text)}"`;
}

function commentText({ comments, alert }: StoredAlert): string | null {
  const last = comments.at(-1);
  return last === undefined
    ? null
    : `${visible(last.by)} at ${timeOf(last.at, alert.firstSeen)}: "${visible(last.text)}"`;
}

function resolvedText(stored: StoredAlert, entry: HistoryEntry | null, reason: string): string {
  const { resolution, firstSeen } = stored.alert;
  if (resolution === 'ended') return `Ended: ${storyOf(stored).reason}`;
  if (resolution === 'retracted') return `Taken back: ${reason}.`;
  if (resolution?.startsWith('merged:'))
    return `Joined with ${visible(resolution.slice('merged:'.length, 'merged:'.length + 8))}: go on there.`;
  const said = saidText(stored, entry);
  return `Resolved${byText(entry, firstSeen)}${said}. It opens again if it happens again.`;
}
