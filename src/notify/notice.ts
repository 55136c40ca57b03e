import type { AlertNews, StoredAlert } from '../alerts/stored.ts';
import { unlinked, visibleCharacters } from '../lib/visible.ts';
import { isPage, type Notice } from '../report/message.ts';
import { accountName, nameOf } from '../report/phrases.ts';
import { bounded, cutMiddle, numberText, plural, timeText, visible } from '../report/text.ts';
import { countsOf, highestOf } from './counts.ts';
import type { Message, NoticeText } from './receiver.ts';

type NoticeContent = Exclude<Message['content'], { readonly kind: 'alert' }>;

/** What a flood was, for who reads it by program. */
export interface FloodDetails {
  readonly held: number;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly until: string;
  readonly by_level: Readonly<Record<string, number>>;
  readonly by_rule: Readonly<Record<string, number>>;
  readonly by_account: Readonly<Record<string, number>>;
}

/** Names that people are told; the others are counted. */
const SHOWN = 5;
/** And programs. */
const LISTED = 20;

/** What a message says that is about no single alert. @param now milliseconds */
export function noticeOf(message: Message, content: NoticeContent, now: number): Notice {
  switch (content.kind) {
    case 'flood':
      return floodNotice(message, content.news);
    case 'test':
      return testNotice(content.by, now);
    case 'notice':
      return ownNotice(message, content.notice);
  }
}

function ownNotice({ links }: Message, { kind, level, title, text, lines }: NoticeText): Notice {
  const footer = `cosmowatch, ${FOOTERS[kind]}`;
  return { kind, level, title, text, lines: noticeLines(lines), links: listLinks(links), footer };
}

/** What every receiver takes. */
const MOST_LINES = 40;
const LONGEST_LINE = 160;

export function noticeLines(lines: readonly string[]): readonly string[] {
  const shownLines = lines.slice(0, MOST_LINES).map((line) => bounded(unlinked(visibleCharacters(line)), LONGEST_LINE));
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...shownLines, `and ${numberText(more)} more`] : shownLines;
}

const FOOTERS: Readonly<Record<NoticeText['kind'], string>> = {
  group: 'several alerts in one message',
  digest: 'digest',
  week: 'weekly summary',
  receiver: 'about a receiver',
};

function listLinks({ console }: Message['links']): Notice['links'] {
  return console !== null && isPage(console) ? [{ text: 'Open the list', url: console }] : [];
}

/** A message that says of itself that it is none. */
export function testNotice(by: string, atMs: number): Notice {
  const at = timeText(isoOf(atMs), null);
  return {
    kind: 'test',
    level: null,
    title: '[test] cosmowatch can reach this channel',
    text: unlinked(`Sent by ${visible(by)} at ${at}. Nothing happened; nothing to do.`),
    lines: [],
    links: [],
    footer: 'cosmowatch, test',
  };
}

/** Many alerts as one message: how many of what, on which accounts. */
export function floodNotice({ id, links }: Message, news: readonly AlertNews[]): Notice {
  const level = highestOf(news.map(({ stored }) => stored.alert.level)) ?? 'informational';
  const counts = countsOf(news);
  const names = new Map(news.map(({ stored }) => [stored.alert.account, cutMiddle(nameOf(stored), 24)]));
  const accounts = counts.accounts.map(({ name, count }) => `${names.get(name)} ${numberText(count)}`);
  const [from, to] = spanOf(news).map(minuteText);
  const between = from === to ? `At ${from} UTC.` : `Between ${from} and ${to} UTC.`;
  const what = `[${level}] ${plural(counts.alerts, 'alert')} held back`;
  return {
    kind: 'flood',
    level,
    title: unlinked(accounts.length === 0 ? what : `${what}: ${shown(accounts, ', ')}`),
    text: unlinked(
      `${between} ${shown(groupTexts(news), '. ')}. All are stored and listed; critical alerts are never held back.`,
    ),
    lines: [],
    links: listLinks(links),
    footer: `cosmowatch, flood summary ${visible(id).slice(0, 40)}`,
  };
}

export function floodDetails(news: readonly AlertNews[]): FloodDetails {
  const [since, until] = spanOf(news);
  const { rules, accounts, levels, alerts } = countsOf(news);
  const record = (of: typeof rules) =>
    Object.fromEntries(of.slice(0, LISTED).map(({ name, count }) => [visible(name), count]));
  return {
    held: alerts,
    since,
    until,
    by_level: record(levels),
    by_rule: record(rules),
    by_account: record(accounts),
  };
}

/** The first and the last time, in ISO 8601. */
function spanOf(news: readonly AlertNews[]): readonly [since: string, until: string] {
  const times = news.map(({ stored }) => stored.updatedAt);
  const since = times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return [isoOf(since), isoOf(times.reduce((a, b) => Math.max(a, b), 0))];
}

function isoOf(ms: number): string {
  return new Date(Number.isFinite(ms) ? ms : 0).toISOString().replace(/\.\d+Z$/, 'Z');
}

function minuteText(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

/** `Items of a container deleted: 208 on orders-prod (medium)`, most first. */
function groupTexts(news: readonly AlertNews[]): string[] {
  const groups = new Map<string, { readonly stored: StoredAlert; readonly ids: Set<string> }>();
  for (const { stored } of news) {
    const { rule, account, level, id } = stored.alert;
    const key = JSON.stringify([rule, account, level]);
    const group = groups.get(key) ?? { stored, ids: new Set() };
    groups.set(key, group);
    group.ids.add(id);
  }
  return [...groups.values()]
    .sort((a, b) => b.ids.size - a.ids.size)
    .map(({ stored: { alert, detail }, ids }) => {
      const place = accountName(detail.spelled ?? alert.account);
      return `${visible(alert.title)}: ${numberText(ids.size)} on ${place} (${alert.level})`;
    });
}

function shown(texts: readonly string[], between: string): string {
  const more = texts.length - SHOWN;
  return `${texts.slice(0, SHOWN).join(between)}${more > 0 ? ` and ${numberText(more)} more` : ''}`;
}
