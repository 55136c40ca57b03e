import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixedClock } from '../lib/clock.ts';
import { CEF_SEVERITIES } from '../report/cef.ts';
import { SILENT } from '../telemetry/log.ts';
import { selfSigned } from './certificate.test-support.ts';
import { HIDDEN, HOSTILE, hostileNews } from './naughty.test-support.ts';
import { floodMessage, TEST_MESSAGE } from './news.test-support.ts';
import { later, NINE, opened, storedOf, TOLD_AT, told } from './nine.test-support.ts';
import type { Delivery, Message } from './receiver.ts';
import { safeHttp } from './safeHttp.ts';
import { parseCef, parseLine, type SyslogServer, syslogServer } from './syslog.test-support.ts';
import { syslog } from './syslog.ts';

const certificate = selfSigned();
let server: SyslogServer;

beforeAll(async () => {
  server = await syslogServer(null);
});
afterAll(() => server.close());
beforeEach(() => {
  server.lines.length = 0;
  server.isDeaf = false;
});

function deliver(message: Message, more: object = {}, signal = new AbortController().signal): Promise<Delivery> {
  const config = syslog.schema.parse({
    type: 'syslog',
    url: `tcp://127.0.0.1:${server.port}`,
    hostname: 'cosmowatch.contoso.example',
    allow: ['127.0.0.1'],
    ...more,
  });
  const ports = { clock: fixedClock(TOLD_AT), random: () => 0.5, log: SILENT, http: safeHttp() };
  return syslog.create(config, ports).deliver(message, signal);
}

async function lineOf(message: Message, format: 'cef' | 'rfc5424') {
  expect(await deliver(message, { format })).toEqual({ kind: 'delivered', ref: null });
  const line = server.lines.at(-1)!;
  expect(Buffer.byteLength(line)).toBeLessThanOrEqual(8192);
  return parseLine(line);
}

describe('structured data', () => {
  it('the life of an alert', async () => {
    const first = opened('access_keys_viewed');
    const ended = later(first.stored, 'resolved');
    const lines = [await lineOf(told(first), 'rfc5424'), await lineOf(told(ended), 'rfc5424')];
    expect(lines.map(({ facility, severity, msgid }) => [facility, severity, msgid])).toEqual([
      [16, 4, 'opened'],
      [16, 6, 'resolved'],
    ]);
    expect(lines[0]!.params.get('actor')).toBe('ann@contoso.example');
    expect(lines[0]!.text).toMatch(
      /^\[medium\] orders-prod: access keys viewed\. The access keys of orders-prod were read at/,
    );
    expect(lines[1]!.params.get('resolution')).toBe('ended');
  });

  it('only a text beyond ASCII begins with the byte order mark', async () => {
    const { kind, stored, why } = opened('access_keys_viewed');
    const actors = [{ ...stored.alert.actors[0]!, name: 'jürgen@contoso.example' }];
    const line = await lineOf(
      told({ kind, why, stored: { ...stored, alert: { ...stored.alert, actors } } }),
      'rfc5424',
    );
    expect(line.text.startsWith('\ufeff[medium]')).toBe(true);
    expect((await lineOf(told({ kind, why, stored }), 'rfc5424')).text.startsWith('[medium]')).toBe(true);
  });
});

describe('CEF', () => {
  it.each(NINE)('%s', async (rule) => {
    const { stored } = opened(rule);
    const { header, values } = parseCef((await lineOf(told(opened(rule)), 'cef')).text);
    expect(header.slice(3)).toEqual([stored.alert.rule, stored.alert.title, `${CEF_SEVERITIES[stored.alert.level]}`]);
    expect(values.get('externalId')).toBe(stored.alert.id);
    expect(values.get('msg')).toContain(stored.alert.reason.slice(0, 40));
    expect(values.get('suser')).toBe(stored.alert.actors[0]?.name ?? undefined);
    expect(values.get('src')).toBe(stored.alert.sourceIps[0]);
    expect(values.get('cs1')).toBe(stored.alert.account);
  });
});

it('a flood and a test', async () => {
  const flood = parseCef((await lineOf(floodMessage(212), 'cef')).text);
  expect([flood.header[4], flood.values.get('cnt'), flood.values.get('act')]).toEqual([
    'Alerts held back',
    '212',
    'flood',
  ]);
  const test = await lineOf(TEST_MESSAGE, 'rfc5424');
  expect([test.msgid, test.severity, test.params.get('id')]).toEqual(['test', 6, 'test-1']);
});

describe('what a log wrote', () => {
  it.each(HOSTILE)('$name is one line, and makes no field of its own', async ({ text }) => {
    const news = hostileNews(later(storedOf('network_access_changed'), 'commented'), text);
    const cef = await lineOf(told(news), 'cef');
    const { header, values } = parseCef(cef.text);
    expect(header).toHaveLength(6);
    expect([header[0], header[5], values.get('act'), values.get('externalId')]).toEqual([
      'cosmowatch',
      '8',
      'commented',
      news.stored.alert.id,
    ]);
    const structured = await lineOf(told(news), 'rfc5424');
    expect([...structured.params.keys()].filter((name) => !PARAMS.has(name))).toEqual([]);
    expect(structured.params.get('id')).toBe(news.stored.alert.id);
    for (const line of server.lines) expect(HIDDEN.test(line.replace(' \ufeff', ' '))).toBe(false);
  });
});

const PARAMS: ReadonlySet<string> = new Set(
  'id revision rule level status resolution account caller actor src count firstSeen lastSeen technique url'.split(' '),
);

describe('the connection', () => {
  const message = told(opened('no_logs'));

  it('a server that ends it early: again', async () => {
    server.isDeaf = true;
    expect(await deliver(message)).toMatchObject({ kind: 'retry' });
  });

  it('nobody there: again', async () => {
    const gone = await syslogServer(null);
    await gone.close();
    expect(await deliver(message, { url: `tcp://127.0.0.1:${gone.port}` })).toMatchObject({ kind: 'retry' });
  });

  it('stopped: again', async () => {
    expect(await deliver(message, {}, AbortSignal.abort())).toMatchObject({ kind: 'retry' });
    expect(server.lines).toEqual([]);
  });

  it('plain TCP only to addresses in allow', async () => {
    expect(await deliver(message, { allow: [] })).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('allow'),
    });
  });
});

describe.skipIf(certificate === null)('over TLS', () => {
  let secure: SyslogServer;
  beforeAll(async () => {
    secure = await syslogServer(certificate);
  });
  afterAll(() => secure.close());

  it('to a server that is vouched for', async () => {
    const url = `tls://127.0.0.1:${secure.port}`;
    const told1 = await deliver(told(opened('no_logs')), { url, allow: [], tls: { ca: certificate!.cert } });
    expect(told1).toEqual({ kind: 'delivered', ref: null });
    expect(parseLine(secure.lines[0]!).msgid).toBe('opened');
  });

  it('not to one that nobody vouches for', async () => {
    const delivery = await deliver(told(opened('no_logs')), { url: `tls://127.0.0.1:${secure.port}` });
    expect(delivery).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('tls.ca') });
  });
});
