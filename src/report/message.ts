import type { AlertEvidence } from '../alerts/alert.ts';
import type { AlertNews, ChangeKind } from '../alerts/stored.ts';
import type { Level } from '../ir/ir.ts';
import { unlinked, visibleCharacters } from '../lib/visible.ts';
import { followOf, headlineFor, statusOf, titleOf } from './messageWords.ts';
import { accountName, spanOf, whoOf } from './phrases.ts';
import { type FilledStep, stepsOf } from './steps.ts';
import { impactOf, storyOf } from './story.ts';
import { bounded, listText, numberText, timeText, visible } from './text.ts';
import { firstsText, levelReasonText } from './tuned.ts';
import { valueText } from './values.ts';

/**
 * An alert as people are told it, whatever carries it there: plain text in parts, without markup of any kind. Values of logs are visible, cut,
 * and hold no link that a client would make of them. `smaller` cuts it further.
 */
export interface AlertMessage {
  readonly kind: 'alert';
  readonly change: ChangeKind;
  readonly id: string;
  readonly revision: number;
  readonly rule: string;
  readonly level: Level;
  readonly status: 'open' | 'acknowledged' | 'resolved';
  /** `[critical] orders-prod: open to the internet`; at most 120 characters, no full stop. */
  readonly headline: string;
  /** The headline with who did it, as far as that is known; at most 150 characters. */
  readonly title: string;
  /** One sentence that stands alone: what, to which account, when, by whom, from where, how sure. */
  readonly reason: string;
  /** What happened since it was told before; null: it is told for the first time. */
  readonly follow: string | null;
  readonly fields: readonly Field[];
  readonly changes: Listed<ChangeLine>;
  readonly why: string;
  readonly stepsTitle: string;
  readonly steps: Listed<FilledStep>;
  readonly evidence: Listed<string>;
  readonly links: readonly Link[];
  readonly footer: string;
}

/** What is told and is no alert: many at once, a test, or something about cosmowatch itself. */
export interface Notice {
  readonly kind: 'flood' | 'test' | 'group' | 'digest' | 'week' | 'receiver';
  readonly level: Level | null;
  readonly title: string;
  readonly text: string;
  /** Stand below the text, one by one; empty: nothing does. */
  readonly lines: readonly string[];
  readonly links: readonly Link[];
  readonly footer: string;
}

export interface Field {
  readonly name: string;
  readonly value: string;
}

export interface ChangeLine {
  readonly property: string;
  readonly before: string;
  readonly after: string;
}

/** Of `items.length + more` the ones that are shown. */
export interface Listed<T> {
  readonly items: readonly T[];
  readonly more: number;
}

export interface Link {
  readonly text: string;
  readonly url: string;
}

/** Null: there is no such page to open. */
export interface Pages {
  readonly console: string | null;
  readonly portal: string | null;
}

export function messageOf({ kind, stored, why }: AlertNews, pages: Pages): AlertMessage {
  const { alert } = stored;
  const { title, steps } = stepsFor(stored);
  return {
    kind: 'alert',
    change: kind,
    id: alert.id,
    revision: stored.revision,
    rule: alert.rule,
    level: alert.level,
    status: alert.status,
    headline: headlineFor(stored),
    title: titleOf(stored),
    reason: unlinked(storyOf(stored).reason),
    follow: unlinkedOrNull(followOf({ kind, stored, why })),
    fields: fieldsOf(stored),
    changes: ends(alert.changes.map(changeLine), 2, 3),
    why: ruleText(impactOf(stored)),
    stepsTitle: title,
    steps: { items: steps, more: 0 },
    evidence: evidenceOf(stored),
    links: linksOf(pages),
    footer: unlinked(
      `cosmowatch, rule ${visible(alert.rule)}, alert ${alert.id.slice(0, 8)}, revision ${stored.revision}`,
    ),
  };
}

/** What a rule's author wrote, who need not be us. */
function ruleText(text: string): string {
  return unlinked(visibleCharacters(bounded(text.replace(/\s+/g, ' ').trim(), 1500)));
}

/** A command is pasted, so it is whole or not there. */
function ruleStep({ text, command, note }: FilledStep): FilledStep {
  const isLong = command !== null && command.length > 4000;
  return {
    text: ruleText(text),
    command: command === null || isLong ? null : visibleCharacters(command),
    note: isLong ? 'its command is too long to stand here' : note === null ? null : ruleText(note),
  };
}

function unlinkedOrNull(text: string | null): string | null {
  return text === null ? null : unlinked(text);
}

/** The first and the last, and how many are between. */
function ends<T>(all: readonly T[], first: number, last: number): Listed<T> {
  if (all.length <= first + last) return { items: all, more: 0 };
  return { items: [...all.slice(0, first), ...all.slice(-last)], more: all.length - first - last };
}

/** What a message begins with: what is new, then what it is about; no sentence twice. */
export function leadsOf({ follow, reason }: AlertMessage): string[] {
  if (follow === null) return [reason];
  return follow.endsWith(reason) ? [follow] : [follow, reason];
}

type Stored = AlertNews['stored'];

function fieldsOf(stored: Stored): Field[] {
  const { alert, detail } = stored;
  const actors = alert.actors.length > 0 || alert.caller === 'unknown' || detail.silence === null;
  const times = alert.firstSeen === alert.lastSeen ? '' : `, last ${timeText(alert.lastSeen, alert.firstSeen)}`;
  const all: readonly (readonly [string, string | null])[] = [
    ['Account', accountText(stored)],
    ['Who', actors ? whoField(stored) : null],
    ['From', actors ? fromField(alert.sourceIps) : null],
    ['When', `${timeText(alert.firstSeen, null)}${times}`],
    ['How often', storyOf(stored).amount],
    ['Level', levelReasonText(alert.levelReason)],
    ['New here', firstsText(detail.firsts ?? [])],
    ['Status', statusOf(stored)],
    ['Assigned to', stored.assignee === null ? null : visible(stored.assignee)],
  ];
  return all.flatMap(([name, value]) => (value === null ? [] : [{ name, value: unlinked(value) }]));
}

/** `orders-prod (rg-shop)`. */
function accountText({ alert, detail }: Stored): string {
  const id = detail.spelled ?? alert.account;
  const group = id === null ? undefined : /\/resourcegroups\/([^/]+)\//i.exec(id)?.[1];
  return group === undefined ? accountName(id) : `${accountName(id)} (${visible(group)})`;
}

function whoField(stored: Stored): string {
  const { name, unknown } = whoOf(stored);
  const text = name.replace(/^(probably )?(?:by|with) /, '$1');
  return text === '' ? unknown || 'nobody: a date was reached' : text;
}

function fromField(ips: readonly string[]): string {
  return ips.length === 0 ? 'the log gives no address' : listText(ips.map(visible), 5);
}

function changeLine({ property, before, after, effect }: Stored['alert']['changes'][number]): ChangeLine {
  return {
    property: unlinked(visible(property)),
    before: effect === 'unknown_before' ? 'not known' : unlinked(bounded(valueText(before), 600)),
    after: unlinked(bounded(valueText(after), 600)),
  };
}

/** What is left to do: of an alert that ended by itself all but putting it back, of one that a person closed nothing. */
function stepsFor(stored: Stored): { readonly title: string; readonly steps: readonly FilledStep[] } {
  const { alert } = stored;
  const steps = stepsOf(stored).map(ruleStep);
  if (alert.status !== 'resolved') return { title: 'What to do now', steps };
  if (alert.resolution !== 'ended') return { title: 'Still to do', steps: [] };
  const look = { text: `See what was done ${spanText(alert)}.`, command: null, note: null };
  return { title: 'Still to do', steps: [look, ...steps.slice(1)] };
}

function spanText(alert: Stored['alert']): string {
  return alert.firstSeen === alert.lastSeen ? `since ${timeText(alert.firstSeen, null)}` : spanOf(alert);
}

function evidenceOf({ alert, detail }: Stored): Listed<string> {
  const lines = alert.evidence.map((one, at) => evidenceLine(one, detail.positions[at]));
  const { items } = ends(lines, 3, 2);
  // An alert keeps the first and the last of its records.
  return { items, more: lines.length === 0 ? 0 : Math.max(lines.length, alert.count) - items.length };
}

function evidenceLine(
  { time, family, action, outcome }: AlertEvidence,
  position?: { readonly source: string },
): string {
  const from = position === undefined || position.source === '' ? '' : `, from ${visible(position.source)}`;
  return unlinked(`${timeText(time, null)}  ${family}  ${visible(action)}, ${outcome}${from}`);
}

function linksOf(pages: Pages): Link[] {
  const links: Link[] = [];
  if (pages.console !== null) links.push({ text: 'Open the alert', url: pages.console });
  if (pages.portal !== null) links.push({ text: 'Open the account in Azure', url: pages.portal });
  return links.filter(({ url }) => isPage(url));
}

/** A link is to a page, whatever a setting says. */
export function isPage(url: string): boolean {
  return url.length <= 2000 && /^https?:\/\/[!-~]+$/.test(url) && !/[<>"'|\\^`{}]/.test(url);
}

/** `and 14 more`; empty if nothing is left out. */
export function moreText({ more }: Listed<unknown>): string {
  return more === 0 ? '' : `and ${numberText(more)} more`;
}

/** The lines, and how many more there are; none if none is shown. */
export function linesOf(listed: Listed<string>): readonly string[] {
  return listed.items.length === 0 || listed.more === 0 ? listed.items : [...listed.items, moreText(listed)];
}

/** `1. Put it back. (the name has unusual characters; use the portal)`. @param at from 0 */
export function stepText({ text, note }: FilledStep, at: number): string {
  return `${at + 1}. ${text}${note === null ? '' : ` (${note})`}`;
}

const MORE_STEPS = 'and more: see the alert in the console, or the rule';

/**
 * The same message, ever smaller: evidence goes first, then why it matters, steps after the first, changes, long texts. Headline, account, first
 * step and links stay. The last one is given for good.
 */
export function* smaller(message: AlertMessage): Generator<AlertMessage> {
  yield message;
  const { evidence, changes, steps } = message;
  let now: AlertMessage = { ...message, evidence: { items: [], more: evidence.items.length + evidence.more } };
  yield now;
  now = { ...now, changes: shorter(changes, 1) };
  yield now;
  now = { ...now, why: '' };
  yield now;
  now = { ...now, steps: { items: steps.items.slice(0, 1), more: Math.max(0, steps.items.length - 1) } };
  yield now;
  for (const most of [1000, 300, 100]) {
    now = {
      ...now,
      reason: bounded(message.reason, most),
      follow: message.follow === null ? null : bounded(message.follow, most),
      fields: message.fields.map(({ name, value }) => ({ name, value: bounded(value, most) })),
      changes: most > 300 ? now.changes : shorter(changes, 0),
    };
    yield now;
  }
}

function shorter<T>({ items, more }: Listed<T>, most: number): Listed<T> {
  return {
    items: items.slice(items.length - Math.min(most, items.length)),
    more: more + Math.max(0, items.length - most),
  };
}

/** The largest that fits; if none does, the smallest. */
export function fitted<T>(message: AlertMessage, make: (message: AlertMessage) => T, fits: (made: T) => boolean): T {
  let made: T | undefined;
  for (const one of smaller(message)) {
    made = make(one);
    if (fits(made)) return made;
  }
  return made!;
}

/** Of steps that were left out. */
export function moreSteps({ more }: Listed<FilledStep>): string {
  return more === 0 ? '' : MORE_STEPS;
}
