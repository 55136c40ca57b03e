import type { AlertNews, StoredAlert } from '../alerts/stored.ts';
import { completeAlert } from '../report/story.ts';
import { NAUGHTY } from './news.test-support.ts';

/** What else a log value may be. */
const MORE: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'here, by Slack', text: '<!here>' },
  { name: 'everyone, by Slack', text: '<!everyone|x>' },
  { name: 'a user group', text: '<!subteam^S0123456789|@oncall>' },
  { name: 'a channel link', text: '<#C0123456789|general>' },
  { name: 'a date of Slack', text: '<!date^1392734382^{date}^https://evil.example/|x>' },
  { name: 'a mail link', text: '<mailto:all@contoso.example|write>' },
  { name: 'an emoji by name', text: ':rotating_light: :smile:' },
  { name: 'emoji', text: '😀👩‍👩‍👧‍👦🏳️‍🌈' },
  { name: 'combining marks', text: `Z${'\u0351'.repeat(40)}algo` },
  { name: 'letters that look Latin', text: '\u043erders-pr\u043ed' },
  { name: 'right to left', text: 'مرحبا بالعالم' },
  { name: 'isolates and overrides', text: '\u2066\u2067\u2068x\u2069\u202a\u202b\u202c\u202d' },
  { name: 'line and paragraph separators', text: 'a\u2028b\u2029c' },
  { name: 'tabs and form feeds', text: '\t\u000b\u000c' },
  { name: 'null bytes', text: 'a\u0000b\u0000' },
  { name: 'a byte order mark', text: '\ufeffx' },
  { name: 'private characters', text: '\ue000\u{f0000}' },
  { name: 'a CEF header', text: 'x|10|act=deleted msg=ok' },
  { name: 'CEF escapes', text: '\\|\\=\\n=\\\\' },
  { name: 'structured data', text: 'a"] [evil@1 x="' },
  { name: 'a second syslog line', text: '\n<0>1 2026-11-24T00:00:00Z evil - - - - owned' },
  { name: 'a shell', text: "'; rm -rf ~ #$(reboot)`reboot`" },
  { name: 'an encoded word', text: '=?utf-8?B?QmNj?= <all@contoso.example>' },
  { name: 'a folded header', text: '\r\n\tX-Evil: 1\r\n\r\n<h1>body</h1>' },
  { name: 'the end of a mail', text: '\r\n.\r\nQUIT\r\n' },
  { name: 'an attribute', text: '" onmouseover="alert(1)" x="' },
  { name: 'a style', text: '</style><style>*{display:none}</style>' },
  { name: 'a comment', text: '<!-- --><![CDATA[x]]>' },
  { name: 'a data URL', text: 'data:text/html;base64,PHNjcmlwdD4=' },
  { name: 'Markdown blocks', text: '# h\n> q\n- l\n| a | b |\n![x](https://evil.example/x.png)' },
  { name: 'BBCode', text: '[code]<b>x</b>[/code] {code} {panel}' },
  { name: 'a card template', text: '\u0024{if(true,"a","b")} {{DATE(2026-01-01T00:00:00Z,SHORT)}}' },
  { name: 'a query', text: "' OR 1=1; DROP TABLE alerts; --" },
  { name: 'twenty thousand wide letters', text: 'W'.repeat(20_000) },
  { name: 'a lone low surrogate', text: 'x\udc00y' },
];

export const HOSTILE = [...NAUGHTY, ...MORE];

/** The alert with this text behind everything that a log, a rule file or a person wrote: caller, resource, title, user agent, values. */
export function hostileNews({ kind, stored, why }: AlertNews, text: string): AlertNews {
  const { alert, detail } = stored;
  const add = (value: string) => value + text;
  const actors = [...alert.actors, ...(alert.actors.length === 0 ? [NOBODY] : [])].map((actor) => ({
    ...actor,
    id: actor.id === null ? null : add(actor.id),
    name: add(actor.name ?? ''),
    appName: add(actor.appName ?? ''),
  }));
  const changes = [
    ...alert.changes.map((change) => ({ ...change, property: add(change.property), after: [add('a'), text] })),
    { property: text, before: { [text]: text }, after: text, effect: 'weakened', exposure: null } as const,
  ];
  const poisoned: StoredAlert['alert'] = {
    ...alert,
    rule: add(alert.rule),
    title: add(alert.title),
    account: add(alert.account ?? ''),
    actors,
    caller: 'exact',
    sourceIps: [...alert.sourceIps, text],
    targets: alert.targets.map(add),
    changes,
    evidence: alert.evidence.map((one) => ({ ...one, action: add(one.action) })),
    key: { [text]: text },
  };
  const poisonedDetail: StoredAlert['detail'] = {
    ...detail,
    rule: { ...detail.rule, title: add(detail.rule.title), impact: [{ text: add('why ') }] },
    spelled: detail.spelled === null ? null : add(detail.spelled),
    userAgents: [text],
    candidates: [text],
    values: [text],
    positions: detail.positions.map((position) => ({ ...position, source: add(position.source) })),
    facts: detail.facts.map((fact) => ({
      ...fact,
      userAgent: text,
      target: fact.target === null ? null : add(fact.target),
    })),
  };
  const { reason } = completeAlert({ alert: poisoned, detail: poisonedDetail });
  return {
    kind,
    why: add(why),
    stored: {
      ...stored,
      alert: { ...poisoned, reason },
      detail: poisonedDetail,
      labels: { [text]: text },
      assignee: text,
      comments: [{ at: stored.updatedAt, by: text, text: add('said ') }],
      history: stored.history.map((entry) => ({ ...entry, by: text, why: add(entry.why) })),
    },
  };
}

const NOBODY = { id: 'x', name: 'x', type: 'user', appId: null, appName: null };

/** What no reader sees, or what turns the text around it. */
export const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u;

/** Every text in a body, and every name. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...textsIn(inner)]);
}
