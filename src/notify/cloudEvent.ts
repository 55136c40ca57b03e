import type { Alert } from '../alerts/alert.ts';
import type { AlertNews } from '../alerts/stored.ts';
import type { Json } from '../lib/json.ts';
import { jsonText } from '../report/lines.ts';
import { headlineOf } from '../report/story.ts';
import { type Counted, countsOf, highestOf } from './counts.ts';
import { noticeLines } from './notice.ts';
import type { Message } from './receiver.ts';

/** What a message says, as data: the `data` of the CloudEvent, and what a template may name. */
export type View = Readonly<Record<string, Json>>;

/** Names that every view has, in their order on the wire. Those that a kind of message does not have are null. */
export const VIEW_NAMES = [
  'id',
  'time',
  'type',
  'change',
  'headline',
  'why',
  'level',
  'revision',
  'alert',
  'labels',
  'assignee',
  'verdict',
  'flood',
  'notice',
  'links',
  'truncated',
] as const;

/** @param now milliseconds */
export function viewOf(message: Message, now: number): View {
  const { content, id, links } = message;
  const known = { id, time: isoSeconds(now), links: { ...links }, truncated: false };
  switch (content.kind) {
    case 'alert':
      return completed({ ...known, ...ofAlert(content.news) });
    case 'flood':
      return completed({ ...known, ...ofFlood(content.news) });
    case 'notice': {
      const { kind, level, title, text, lines, about, isOver } = content.notice;
      const type = `cosmowatch.notice.${kind}.v1`;
      const notice = { about, is_over: isOver, text, lines: noticeLines(lines) };
      return completed({ ...known, type, change: kind, headline: title, why: text, level, notice });
    }
    case 'test':
      return completed({
        ...known,
        type: 'cosmowatch.test.v1',
        change: 'test',
        headline: '[test] cosmowatch can reach this receiver',
        why: `Sent by ${content.by}. Nothing happened; nothing to do.`,
      });
  }
}

function completed(view: View): View {
  return Object.fromEntries(VIEW_NAMES.map((name) => [name, view[name] ?? null]));
}

function ofAlert({ kind, stored, why }: AlertNews): View {
  const { alert, detail, revision, labels, assignee, verdict } = stored;
  return {
    type: `cosmowatch.alert.${kind}.v1`,
    change: kind,
    headline: headlineOf({ alert, detail }),
    why,
    level: alert.level,
    revision,
    alert: alert as unknown as Json,
    labels: { ...labels },
    assignee,
    verdict,
  };
}

/** At most this many rules and accounts are named. */
const MOST_NAMED = 20;

function ofFlood(news: readonly AlertNews[]): View {
  const { rules, accounts, levels, alerts } = countsOf(news);
  const highest = highestOf(levels.map(({ name }) => name));
  const named = (of: readonly Counted[]): Json => of.slice(0, MOST_NAMED).map(({ name, count }) => ({ name, count }));
  return {
    type: 'cosmowatch.flood.summary.v1',
    change: 'flood',
    headline: `[${highest}] ${alerts} alerts held back`,
    why: 'More alerts than one by one can be read. All are stored and listed; critical alerts are never held back.',
    level: highest,
    flood: { held: alerts, rules: named(rules), accounts: named(accounts), levels: named(levels) },
  };
}

function isoSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Structured mode of CloudEvents 1.0 (github.com/cloudevents/spec), at most `most` bytes. @param source who says it: an URL */
export function cloudEventText(view: View, source: string, most: number): string {
  const subject = (view['alert'] as { readonly id?: string } | null)?.id ?? view['id']!;
  return fitting(view, most, (fits) =>
    jsonText({
      specversion: '1.0',
      id: view['id'],
      source,
      type: view['type'],
      subject,
      time: view['time'],
      datacontenttype: 'application/json',
      ...(view['level'] === null ? {} : { level: view['level'] }),
      ...(view['revision'] === null ? {} : { revision: view['revision'] }),
      data: Object.fromEntries(
        Object.entries(fits).filter(([name]) => name !== 'id' && name !== 'time' && name !== 'type'),
      ),
    }),
  );
}

/** What is left out first where an alert is too long; values stay whole. */
const CUTS: readonly ((alert: Alert) => Partial<Alert>)[] = [
  ({ evidence }) => ({ evidence: ends(evidence, 1) }),
  () => ({ attack: [], published: [] }),
  ({ targets }) => ({ targets: targets.slice(0, 5) }),
  ({ actors, sourceIps }) => ({ actors: actors.slice(0, 5), sourceIps: sourceIps.slice(0, 5) }),
  ({ changes }) => ({ changes: ends(changes, 2) }),
  () => ({ evidence: [], targets: [], sourceIps: [], changes: [] }),
  () => ({ actors: [], caller: null, key: {} }),
];

function ends<T>(list: readonly T[], each: number): readonly T[] {
  return list.length <= 2 * each ? list : [...list.slice(0, each), ...list.slice(-each)];
}

/** What `print` makes of a view, with `truncated: true` and shorter lists where it would be longer than `most` bytes. */
export function fitting(view: View, most: number, print: (view: View) => string): string {
  let text = print(view);
  let alert = view['alert'] as unknown as Alert | null;
  for (const cut of CUTS) {
    if (Buffer.byteLength(text) <= most || alert === null) break;
    alert = { ...alert, ...cut(alert) };
    text = print({ ...view, alert: alert as unknown as Json, labels: {}, truncated: true });
  }
  return text;
}
