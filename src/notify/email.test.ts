import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixedClock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import { messageOf } from '../report/message.ts';
import { SILENT } from '../telemetry/log.ts';
import { selfSigned } from './certificate.test-support.ts';
import { CANARY } from './conformance.test-support.ts';
import { email } from './email.ts';
import { type MailServer, mailServer, type SmtpRefusal, USER } from './mailServer.test-support.ts';
import { HIDDEN, HOSTILE, hostileNews } from './naughty.test-support.ts';
import { floodMessage, TEST_MESSAGE } from './news.test-support.ts';
import { later, NINE, opened, storedOf, TOLD_AT, told } from './nine.test-support.ts';
import type { Delivery, Message } from './receiver.ts';
import { safeHttp } from './safeHttp.ts';

const certificate = selfSigned();
const PASSWORD = `pass-${CANARY}`;
const NEVER = new AbortController().signal;

interface Settings {
  readonly port: number;
  readonly [name: string]: unknown;
}

function deliver(message: Message, { port, ...more }: Settings, signal = NEVER): Promise<Delivery> {
  const config = email.schema.parse({
    type: 'email',
    url: `smtp://127.0.0.1:${port}`,
    from: 'cosmowatch <cosmowatch@contoso.example>',
    to: ['oncall@contoso.example', 'Security Team <security@contoso.example>'],
    allow: ['127.0.0.1'],
    ...more,
  });
  const ports = { clock: fixedClock(TOLD_AT), random: () => 0.5, log: SILENT, http: safeHttp() };
  return email.create(config, ports).deliver(message, signal);
}

/** Header lines put together again, by their name in small letters, and the two parts decoded. */
function read(raw: string) {
  const [head = ''] = raw.split('\r\n\r\n', 1);
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const named = lines.map(
    (line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)] as const,
  );
  const headers = new Map(named);
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')![1]!;
  const [, text = '', html = ''] = raw.slice(head.length).split(`--${boundary}`);
  return { headers, names: named.map(([name]) => name), text: contentOf(text), html: contentOf(html) };
}

function contentOf(part: string): string {
  return unquoted(part.slice(part.indexOf('\r\n\r\n') + 4));
}

/** Quoted-printable. */
function unquoted(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

describe('to a server in allow, without TLS', () => {
  let server: MailServer;
  beforeAll(async () => {
    server = await mailServer({ disabledCommands: ['AUTH', 'STARTTLS'] }, null);
  });
  afterAll(() => server.close());
  beforeEach(() => {
    server.ledger.length = 0;
    server.refuse = null;
  });

  async function mailed(message: Message, more: object = {}) {
    const delivery = await deliver(message, { port: server.port, ...more });
    if (delivery.kind !== 'delivered') throw new Error(delivery.reason);
    return { ...read(server.ledger.at(-1)!.raw), raw: server.ledger.at(-1)!.raw, ref: delivery.ref };
  }

  it('the mails of an alert are one thread', async () => {
    const first = opened('access_keys_viewed');
    const { id } = first.stored.alert;
    const mail1 = await mailed(told(first));
    expect(mail1.ref).toBe('1');
    expect([...mail1.headers]).toEqual(
      expect.arrayContaining([
        ['subject', '[medium] orders-prod: access keys viewed by ann@contoso.example'],
        ['message-id', `<${id}.1@contoso.example>`],
        ['date', 'Tue, 24 Nov 2026 09:00:00 +0000'],
        ['auto-submitted', 'auto-generated'],
        ['x-auto-response-suppress', 'All'],
        ['list-id', 'cosmowatch alerts <alerts.contoso.example>'],
        ['x-cosmowatch-alert', id],
        ['x-cosmowatch-revision', '1'],
        ['x-cosmowatch-level', 'medium'],
      ]),
    );
    expect(mail1.headers.has('references')).toBe(false);
    const seen = later(first.stored, 'acknowledged');
    const mail2 = await mailed(told(seen, mail1.ref));
    const mail3 = await mailed(told(later(seen.stored, 'commented'), mail2.ref));
    expect(mail3.ref).toBe('1,2,3');
    expect(mail3.headers.get('in-reply-to')).toBe(`<${id}.1@contoso.example>`);
    expect(mail3.headers.get('references')).toBe(`<${id}.1@contoso.example> <${id}.2@contoso.example>`);
    expect(server.ledger.map(({ to }) => to)).toEqual(
      Array.from({ length: 3 }, () => ['oncall@contoso.example', 'security@contoso.example']),
    );
  });

  it('the same mail with every attempt', async () => {
    const [one, two] = [await mailed(told(opened('no_logs'))), await mailed(told(opened('no_logs')))];
    expect(one.headers.get('message-id')).toBe(two.headers.get('message-id'));
    expect([one.text, one.html]).toEqual([two.text, two.html]);
  });

  it('a subject can stay the same', async () => {
    const news = later(storedOf('no_logs'), 'resolved');
    const { headers } = await mailed(told(news), { subject: 'stable' });
    expect(headers.get('subject')).toBe('orders-prod: No logs of an account (alert 16cd1358)');
  });

  it('only what is critical is marked important', async () => {
    const { kind, stored, why } = opened('no_logs');
    const critical = { ...stored, alert: { ...stored.alert, level: 'critical' as const } };
    expect((await mailed(told({ kind, stored, why }))).headers.has('importance')).toBe(false);
    expect((await mailed(told({ kind, stored: critical, why }))).headers.get('importance')).toBe('high');
  });

  it.each(NINE)('%s in both parts', async (rule) => {
    const news = opened(rule);
    const { text, html, raw } = await mailed(told(news));
    const { steps } = messageOf(news, { console: null, portal: null });
    for (const part of [text.replace(/\s+/g, ' '), html]) {
      expect(part).toContain('Why it matters');
      expect(part).toContain(steps.items[0]!.text);
      expect(part).toContain('https://cosmowatch.contoso.example/alerts/');
    }
    expect(text.replace(/\s+/g, ' ')).toContain(news.stored.alert.reason.slice(0, 60));
    expect(raw.split('\r\n').filter((line) => Buffer.byteLength(line) > 998)).toEqual([]);
    // Only commands, ids, evidence and addresses of pages are wider.
    expect(text.split('\r\n').filter((line) => line.length > 78 && !/https:|az |^20/.test(line))).toEqual([]);
  });

  it('many at once, and a test', async () => {
    const flood = await mailed(floodMessage(212));
    expect(flood.headers.get('subject')).toBe('[medium] 212 alerts held back: orders-prod 212');
    expect(flood.text).toContain('All are stored and listed');
    const test = await mailed(TEST_MESSAGE);
    expect(test.headers.get('subject')).toBe('[test] cosmowatch can reach this channel');
    expect(test.ref).toBeNull();
  });

  describe('what a log wrote', () => {
    it.each(HOSTILE)('$name makes no header, no element and no link', async ({ text: hostile }) => {
      const news = hostileNews(later(storedOf('network_access_changed'), 'commented'), hostile);
      for (const subject of /[\r\n]/.test(hostile) ? ['live', 'stable'] : ['live']) {
        const { names, text, html, headers, raw } = await mailed(told(news, '1'), { subject });
        expect(new Set(names).size).toBe(names.length);
        expect(names.filter((name) => !HEADERS.has(name))).toEqual([]);
        expect(headers.get('to')).toBe('oncall@contoso.example, Security Team <security@contoso.example>');
        expect(raw.length).toBeLessThan(300_000);
        expect(HIDDEN.test(text.replace(/[\r\n]/g, '') + html.replace(/[\r\n]/g, ''))).toBe(false);
        expect(text.replace(/https:\/\/(?:cosmowatch\.contoso\.example|portal\.azure\.com)\/\S*/g, '')).not.toContain(
          '://',
        );
        const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url);
        expect(links[0]).toMatch(/^https:\/\/cosmowatch\.contoso\.example\/alerts\/[0-9a-f]{32}$/);
        expect(
          html
            .replace(/<style>[\s\S]*?<\/style>/, '')
            .match(
              /<(?!\/?(?:html|head|body|meta|title|div|p|table|tr|th|td|bdi|b|br|span|h2|ol|ul|li|pre|a|!doctype)\b)[^>]*>/g,
            ),
        ).toBeNull();
        expect(html).not.toMatch(/\son[a-z]+="|="javascript:/i);
      }
    });
  });

  it.each<[string, SmtpRefusal, 'MAIL' | 'RCPT' | 'DATA', Delivery['kind'], string]>([
    ['greylisting', { code: 451, text: '4.7.1 try again later' }, 'RCPT', 'retry', 'try again later'],
    ['a mailbox that is busy', { code: 450, text: 'busy' }, 'RCPT', 'retry', 'SMTP 450'],
    ['too many connections', { code: 421, text: 'too many' }, 'MAIL', 'retry', 'SMTP 421'],
    ['no such mailbox', { code: 550, text: '5.1.1 no such user' }, 'RCPT', 'rejected', 'check `to`'],
    ['a sender that is refused', { code: 553, text: 'no' }, 'MAIL', 'rejected', 'check `from`'],
    ['a mail that is refused', { code: 554, text: '5.7.1 spam' }, 'DATA', 'rejected', 'spam'],
    ['a full disk over there', { code: 452, text: 'full' }, 'DATA', 'retry', 'SMTP 452'],
  ])('%s: %o to %s', async (_name, refusal, where, kind, text) => {
    server.refuse = (command) => (command === where ? refusal : null);
    const delivery = await deliver(told(opened('no_logs')), { port: server.port });
    expect(delivery).toMatchObject({ kind, reason: expect.stringContaining(text) });
    expect(server.ledger).toEqual([]);
  });

  it('of two recipients one is refused: the other has it', async () => {
    server.refuse = (command, address) =>
      command === 'RCPT' && address.startsWith('oncall') ? { code: 550, text: 'no such user' } : null;
    expect(await deliver(told(opened('no_logs')), { port: server.port })).toMatchObject({ kind: 'delivered' });
    expect(server.ledger.map(({ to }) => to)).toEqual([['security@contoso.example']]);
  });

  it('the connection dropped: again', async () => {
    server.refuse = (command) => (command === 'DATA' ? 'drop' : null);
    expect(await deliver(told(opened('no_logs')), { port: server.port })).toMatchObject({ kind: 'retry' });
  });

  it('stopped: again', async () => {
    const stopped = AbortSignal.abort();
    expect(await deliver(told(opened('no_logs')), { port: server.port }, stopped)).toMatchObject({ kind: 'retry' });
    expect(server.ledger).toEqual([]);
  });

  it('nobody there: again', async () => {
    const gone = await mailServer({}, null);
    await gone.close();
    const delivery = await deliver(told(opened('no_logs')), { port: gone.port });
    expect(delivery).toMatchObject({ kind: 'retry', reason: expect.stringContaining('cannot be reached') });
  });

  it('a server outside allow must have TLS', async () => {
    const delivery = await deliver(told(opened('no_logs')), { port: server.port, allow: [] });
    expect(delivery).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('no STARTTLS') });
    expect(server.ledger).toEqual([]);
  });
});

const HEADERS: ReadonlySet<string> = new Set([
  'from',
  'to',
  'subject',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'list-id',
  'auto-submitted',
  'x-auto-response-suppress',
  'x-cosmowatch-alert',
  'x-cosmowatch-revision',
  'x-cosmowatch-level',
  'mime-version',
  'content-type',
]);

describe.skipIf(certificate === null)('over TLS, with a login', () => {
  let starttls: MailServer;
  let implicit: MailServer;
  beforeAll(async () => {
    starttls = await mailServer({ ...certificate }, PASSWORD);
    implicit = await mailServer({ ...certificate, secure: true }, PASSWORD);
  });
  afterAll(() => Promise.all([starttls.close(), implicit.close()]));

  const login = (password = PASSWORD) => ({ user: USER, password: new Secret(password, 'env:SMTP_PASSWORD') });
  const trusted = { tls: { ca: certificate?.cert }, allow: [] };
  const message = told(opened('no_logs'));

  it('STARTTLS', async () => {
    expect(await deliver(message, { port: starttls.port, ...login(), ...trusted })).toMatchObject({
      kind: 'delivered',
    });
    expect(starttls.ledger.at(-1)).toMatchObject({ secure: true, user: USER });
  });

  it('TLS from the start', async () => {
    const settings = { port: implicit.port, url: `smtps://127.0.0.1:${implicit.port}`, ...login(), ...trusted };
    expect(await deliver(message, settings)).toMatchObject({ kind: 'delivered' });
    expect(implicit.ledger.at(-1)).toMatchObject({ secure: true, user: USER });
  });

  it.each(['smtp', 'smtps'])(
    '%s: a certificate that nobody vouches for is refused, even of a server in allow',
    async (protocol) => {
      const { port } = protocol === 'smtp' ? starttls : implicit;
      const delivery = await deliver(message, { port, url: `${protocol}://127.0.0.1:${port}`, ...login() });
      expect(delivery).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('tls.ca') });
    },
  );

  it('a wrong password is told without it', async () => {
    const delivery = await deliver(message, { port: starttls.port, ...login(`wrong-${CANARY}`), ...trusted });
    expect(delivery).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('check `user` and `password`'),
    });
    const text = JSON.stringify(delivery);
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain(Buffer.from(CANARY).toString('base64').slice(0, 10));
  });

  it('no login where one is wanted', async () => {
    const delivery = await deliver(message, { port: starttls.port, ...trusted });
    expect(delivery).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('set `user`') });
  });
});

it.each([
  ['no URL of mail', { url: 'https://mail.contoso.example' }],
  ['a password in the URL', { url: 'smtp://user:pass@mail.contoso.example' }],
  ['a line end in the sender', { from: 'a@contoso.example\r\nBcc: all@contoso.example' }],
  ['two recipients in one', { to: ['a@contoso.example, b@contoso.example'] }],
  ['no recipient', { to: [] }],
])('%s is refused when the configuration is read', (_name, wrong) => {
  const config = {
    type: 'email',
    url: 'smtp://mail.contoso.example',
    from: 'a@contoso.example',
    to: ['b@contoso.example'],
  };
  expect(email.schema.safeParse(config).success).toBe(true);
  expect(email.schema.safeParse({ ...config, ...wrong }).success).toBe(false);
});
