import type { AlertNews } from '../alerts/stored.ts';
import { visibleCharacters } from '../lib/visible.ts';
import { cefLine, cefOf } from '../report/cef.ts';
import { type AlertMessage, messageOf, type Notice } from '../report/message.ts';
import { bounded } from '../report/text.ts';
import { countsOf } from './counts.ts';
import type { Level } from './levels.ts';
import { noticeOf } from './notice.ts';
import type { Message } from './receiver.ts';

/** Facility local0. https://www.rfc-editor.org/rfc/rfc5424 */
const FACILITY = 16 * 8;

const SEVERITIES: Readonly<Record<Level, number>> = { critical: 2, high: 3, medium: 4, low: 5, informational: 6 };
const INFORMATIONAL = 6;

/** Octets of a line: what receivers over TLS take. */
const MOST = 8192;

interface Settings {
  readonly format: 'cef' | 'rfc5424';
  readonly enterprise: number;
  readonly hostname: string;
}

/** @param now milliseconds */
export function syslogLine(message: Message, settings: Settings, now: number): string {
  const { content } = message;
  if (content.kind === 'alert') return alertLine(message, content.news, settings, now);
  const notice = noticeOf(message, content, now);
  const held = content.kind === 'flood' ? countsOf(content.news).alerts : null;
  return noticeLine(notice, message.id, held, settings, now);
}

function alertLine({ links }: Message, news: AlertNews, settings: Settings, now: number): string {
  const message = messageOf(news, links);
  const { status, level } = news.stored.alert;
  const severity = status === 'resolved' ? INFORMATIONAL : SEVERITIES[level];
  let line = '';
  for (const most of [4000, 1000, 300, 60]) {
    const body =
      settings.format === 'cef'
        ? `- ${cefOf(message, news.stored, now, most)}`
        : structured(message, news, settings, most);
    line = header(severity, news.kind, settings, now) + body;
    if (Buffer.byteLength(line) <= MOST) break;
  }
  return line;
}

function header(severity: number, msgid: string, { hostname }: Settings, now: number): string {
  const time = new Date(now).toISOString();
  return `<${FACILITY + severity}>1 ${time} ${hostname} cosmowatch - ${msgid} `;
}

function structured(message: AlertMessage, { stored }: AlertNews, { enterprise }: Settings, most: number): string {
  const { alert, revision } = stored;
  const values: readonly (readonly [string, string | number | null | undefined])[] = [
    ['id', alert.id],
    ['revision', revision],
    ['rule', alert.rule],
    ['level', alert.level],
    ['status', alert.status],
    ['resolution', alert.resolution],
    ['account', alert.account],
    ['caller', alert.caller],
    ['actor', alert.actors[0]?.name],
    ['src', alert.sourceIps[0]],
    ['count', alert.count],
    ['firstSeen', alert.firstSeen],
    ['lastSeen', alert.lastSeen],
    ['technique', alert.attack[0]?.technique],
    ['url', message.links[0]?.url],
  ];
  const text = bounded(`${message.headline}. ${message.follow ?? message.reason}`, most);
  return `${element(`alert@${enterprise}`, values, Math.min(most, 1000))} ${marked(text)}`;
}

function element(
  name: string,
  values: readonly (readonly [string, string | number | null | undefined])[],
  most: number,
): string {
  const known = values.flatMap(([key, value]) =>
    value === null || value === undefined || value === '' ? [] : [`${key}="${paramText(`${value}`, most)}"`],
  );
  return `[${[name, ...known].join(' ')}]`;
}

/** 6.3.3: `"`, `\` and `]` are escaped. */
function paramText(text: string, most: number): string {
  return bounded(visibleCharacters(text), most).replace(/["\\\]]/g, '\\$&');
}

/** 6.4: a text in UTF-8 begins with the byte order mark; one in ASCII needs none. */
function marked(text: string): string {
  return /^[ -~]*$/.test(text) ? text : `\ufeff${text}`;
}

const NAMES: Readonly<Record<Notice['kind'], string>> = {
  flood: 'Alerts held back',
  test: 'Test',
  group: 'Several alerts',
  digest: 'Digest',
  week: 'Weekly summary',
  receiver: 'Receiver',
};

function noticeLine(notice: Notice, id: string, held: number | null, settings: Settings, now: number): string {
  const level = notice.level ?? 'informational';
  const text = bounded(visibleCharacters([`${notice.title}. ${notice.text}`, ...notice.lines].join(' ')), 1000);
  const start = header(SEVERITIES[level], notice.kind, settings, now);
  if (settings.format === 'cef') {
    const values = [
      ['rt', now, 20],
      ['cnt', held, 20],
      ['act', notice.kind, 40],
      ['externalId', id, 120],
      ['msg', text, 1023],
    ] as const;
    return `${start}- ${cefLine(notice.kind, NAMES[notice.kind], level, values)}`;
  }
  const data = element(
    `${notice.kind}@${settings.enterprise}`,
    [
      ['id', id],
      ['held', held],
      ['level', notice.level],
    ],
    200,
  );
  return `${start}${data} ${marked(text)}`;
}
