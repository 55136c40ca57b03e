import type { Alert, AlertDetail } from '../alerts/alert.ts';
import type { AlertNews, ChangeKind, StoredAlert } from '../alerts/stored.ts';
import { rulesFor } from '../app/rules.ts';
import { scanTexts } from '../app/scan.ts';
import type { Level } from '../ir/ir.ts';
import { completeAlert } from '../report/story.ts';
import { DEMO_DAY, simulate } from '../simulate/simulate.ts';
import type { Links, Message, NoticeText } from './receiver.ts';

/** Real alerts with their details, as the service would keep them, oldest first: those of the simulator's theft. */
export function realAlerts(): readonly StoredAlert[] {
  alerts ??= scanTheft();
  return alerts;
}

let alerts: readonly StoredAlert[] | null = null;

function scanTheft(): readonly StoredAlert[] {
  const { records } = simulate({
    scenario: 'theft',
    seed: '1',
    days: 1,
    start: DEMO_DAY,
    recordsPerDay: 40,
    variant: 'export',
  });
  const text = [...records].map(({ line }) => `${line}\n`).join('');
  const nowMs = Date.parse('2027-01-01T00:00:00Z');
  const request = {
    since: null,
    until: null,
    nowMs,
    expectAccounts: [],
    minLevel: 'informational',
    skim: true,
  } as const;
  const { told } = scanTexts([{ name: 'theft', chunks: [Buffer.from(text)] }], rulesFor([], [], new Map()), request);
  try {
    return [...told].map(({ alert, raised }) => ({
      alert: { ...alert, status: 'open' as const, resolution: null },
      detail: raised.detail,
      revision: 1,
      subscription: '00000000-0000-0000-0000-0000000000aa',
      labels: { environment: 'production', application: 'shop' },
      assignee: null,
      verdict: null,
      comments: [],
      history: [{ at: nowMs, what: 'opened' as const, by: null, why: 'a record matched' }],
      createdAt: nowMs,
      updatedAt: nowMs,
      marks: null,
    }));
  } finally {
    told.close();
  }
}

/** The highest of the real ones. */
export function realAlert(): StoredAlert {
  return realAlerts().find(({ alert }) => alert.level === 'critical') ?? realAlerts()[0]!;
}

export interface Wanted {
  readonly id?: string;
  readonly rule?: string;
  readonly level?: Level;
  readonly account?: string;
  readonly revision?: number;
}

/** News of an alert that is real but for what is wanted. */
export function newsOf(kind: ChangeKind, wanted: Wanted = {}): AlertNews {
  const stored = realAlert();
  const { revision = 1, ...changes } = wanted;
  const status =
    kind === 'resolved'
      ? 'resolved'
      : kind === 'acknowledged'
        ? 'acknowledged'
        : ('open' as StoredAlert['alert']['status']);
  const alert = { ...stored.alert, ...changes, status, resolution: kind === 'resolved' ? 'ended' : null };
  return { kind, stored: { ...stored, alert, revision }, why: `${kind} in a test` };
}

function linksTo(id: string): Links {
  return {
    console: `https://cosmowatch.contoso.example/alerts/${id}`,
    portal: 'https://portal.azure.com/#resource/subscriptions/1',
  };
}

export function messageOf(news: AlertNews, ref: string | null = null): Message {
  const id = `${news.stored.alert.id}-${news.stored.revision}`;
  return { id, content: { kind: 'alert', news }, ref, links: linksTo(news.stored.alert.id) };
}

export function floodMessage(count: number): Message {
  const news = Array.from({ length: count }, (_, at) =>
    newsOf('opened', { id: String(at).padStart(32, '0'), level: 'medium' }),
  );
  return { id: 'flood-1', content: { kind: 'flood', news }, ref: null, links: linksTo('') };
}

export const TEST_MESSAGE: Message = {
  id: 'test-1',
  content: { kind: 'test', by: 'oncall@contoso.example' },
  ref: null,
  links: linksTo(''),
};

export function noticeMessage(changes: Partial<NoticeText> = {}): Message {
  const notice: NoticeText = {
    kind: 'receiver',
    level: 'high',
    title: '[high] the receiver pager/0 cannot be reached',
    text: 'No message to pager/0 has arrived for 10 min: HTTP 503.',
    lines: ['3 messages wait', 'the oldest since 11:40 UTC'],
    about: 'receiver pager/0',
    isOver: false,
    ...changes,
  };
  return { id: 'receiver-pager-0-494000', content: { kind: 'notice', notice }, ref: null, links: linksTo('') };
}

/** What a log value may be. Each must arrive as text: it names no channel, opens no link, ends no line, is no format and no template. */
export const NAUGHTY: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'a channel mention', text: '<!channel> look' },
  { name: 'a user mention', text: '<@U0123456789>' },
  { name: 'mentions of others', text: '@everyone <at>all</at>' },
  { name: 'markup', text: '*bold* _it_ ~s~ ```code```' },
  { name: 'a Markdown link', text: '[click](https://evil.example)' },
  { name: 'a link in angle brackets', text: '<https://evil.example|Azure portal>' },
  { name: 'a script URL', text: 'javascript:alert(1)' },
  { name: 'a script', text: '"><script>alert(1)</script><img src=x onerror=y>' },
  { name: 'entities', text: '&amp;lt;b&amp;gt;' },
  { name: 'terminal escapes', text: '\u001b[31m\u001b]8;;https://evil.example\u0007' },
  { name: 'control characters', text: '\u0007\b\u007f\u0000\u009b' },
  { name: 'a header', text: '\r\nBcc: all@contoso.example' },
  { name: 'a reversed name', text: '\u202egpj.exe' },
  { name: 'invisible characters', text: 'ops\u200b-\ufeffad\u00admin' },
  { name: 'a lone surrogate', text: '\ud800' },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is one of somebody else's
  { name: 'templates', text: '{{ alert.id }} {{constructor.constructor}} ${jndi:ldap://x} %s%n' },
  { name: 'quotes and backslashes', text: '\\" \' \\u0022 "}],"x":[{' },
  { name: 'a formula', text: '=HYPERLINK("https://evil.example")' },
  { name: 'prototype', text: '__proto__' },
  { name: 'ten thousand letters', text: 'A'.repeat(10_000) },
  { name: 'nothing but spaces', text: '   ' },
];

/** What closed vocabularies and machines wrote; everything else may have been written by anybody. */
const OURS =
  /^(?:settledId|rule|ruleId|title|level|status|resolution|firstSeen|lastSeen|time|effect|exposure|type|kind|action|outcome|family|property|attack|published|holds|blinded|levelWhy|ended|story|inhibitedBy|routine)$/;

/** The alert with this text behind every value that a log may have brought: callers, addresses, targets, user agents, labels. */
export function poisoned(news: AlertNews, text: string): AlertNews {
  const { stored } = news;
  const alert = { ...(poison(stored.alert, text) as Alert), id: stored.alert.id };
  const detail = poison(stored.detail, text) as AlertDetail;
  const { reason } = completeAlert({ alert, detail });
  return { ...news, stored: { ...stored, alert: { ...alert, reason }, detail, labels: { environment: text } } };
}

function poison(value: unknown, text: string): unknown {
  if (typeof value === 'string') return value + text;
  if (Array.isArray(value)) return value.map((one) => poison(one, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, OURS.test(key) ? inner : poison(inner, text)]),
  );
}
