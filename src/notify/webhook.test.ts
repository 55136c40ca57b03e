import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixedClock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import { SILENT } from '../telemetry/log.ts';
import { CANARY, describeReceiver, NOW } from './conformance.test-support.ts';
import { floodMessage, messageOf, NAUGHTY, newsOf, poisoned, TEST_MESSAGE } from './news.test-support.ts';
import type { HttpRequest, Message } from './receiver.ts';
import { webhook } from './webhook.ts';

const SECRET = new Secret(`whsec_${Buffer.from(`${CANARY}-and-much-longer-than-24`).toString('base64')}`, 'env:HOOK');

describeReceiver({
  kind: webhook,
  config: (url) => ({
    type: 'webhook',
    url: new Secret(`${url}/hooks/${CANARY}`, 'env:URL'),
    secret: SECRET,
    headers: { Authorization: new Secret(`Bearer ${CANARY}`, 'env:TOKEN') },
    allow: ['127.0.0.1'],
  }),
  success: () => ({ status: 202, body: '' }),
  mostBytes: 65_536,
  check: ({ method, path, headers, body }) => {
    expect([method, path, headers['authorization']]).toEqual(['POST', `/hooks/${CANARY}`, `Bearer ${CANARY}`]);
    expect(JSON.parse(body)).toMatchObject({ specversion: '1.0', id: headers['webhook-id'] });
  },
});

describeReceiver({
  kind: webhook,
  config: (url) => ({
    type: 'webhook',
    url,
    template: '{"text": "{{ headline }}: {{ why }} {{ alert.actors.0.name }}", "all": {{ alert }}, "id": "{{ id }}"}',
    allow: ['127.0.0.0/8'],
  }),
  success: () => ({ status: 200, body: 'ok' }),
  mostBytes: 65_536,
  check: ({ body }) => expect(Object.keys(JSON.parse(body) as object)).toEqual(['text', 'all', 'id']),
});

/** What would be sent. */
async function sent(config: Readonly<Record<string, unknown>>, message: Message): Promise<HttpRequest> {
  const requests: HttpRequest[] = [];
  const http = {
    send: async (request: HttpRequest) => {
      requests.push(request);
      return { kind: 'answer', status: 200, headers: {}, body: '' } as const;
    },
  };
  const read = webhook.schema.parse({ type: 'webhook', url: 'https://hooks.contoso.example/x', ...config });
  const receiver = webhook.create(read, { clock: fixedClock(NOW), random: () => 0.5, log: SILENT, http });
  await receiver.deliver(message, new AbortController().signal);
  return requests[0]!;
}

describe('CloudEvents', () => {
  it('has the attributes that version 1.0 demands, and the alert by the contract', async () => {
    const news = newsOf('resolved', { revision: 5 });
    const { body, headers } = await sent({ source: 'https://cosmowatch.contoso.example/' }, messageOf(news));
    const { id } = news.stored.alert;
    const event = JSON.parse(body as string) as { readonly data: Readonly<Record<string, unknown>> };
    expect(event).toMatchObject({
      specversion: '1.0',
      id: `${id}-5`,
      source: 'https://cosmowatch.contoso.example/',
      type: 'cosmowatch.alert.resolved.v1',
      subject: id,
      time: '2026-11-24T12:00:00Z',
      datacontenttype: 'application/json',
      level: 'critical',
      revision: 5,
    });
    expect(event.data['alert']).toEqual(JSON.parse(JSON.stringify(news.stored.alert)));
    expect(headers['Content-Type']).toBe('application/cloudevents+json; charset=utf-8');
  });

  it('names of attributes are lower-case letters and digits', async () => {
    for (const message of [messageOf(newsOf('opened')), floodMessage(3), TEST_MESSAGE]) {
      const names = Object.keys(JSON.parse((await sent({}, message)).body as string) as object);
      expect(names.filter((name) => !/^[a-z0-9]{1,20}$/.test(name))).toEqual([]);
    }
  });

  it('a flood counts by rule, account and level', async () => {
    const { data } = JSON.parse((await sent({}, floodMessage(3))).body as string) as { data: Record<string, unknown> };
    expect(data['flood']).toMatchObject({
      held: 3,
      rules: [{ name: 'cosmosdb_network_access_changed', count: 3 }],
      levels: [{ name: 'medium', count: 3 }],
    });
  });

  it.each(NAUGHTY)('keeps the true value of $name', async ({ text }) => {
    const news = poisoned(newsOf('opened'), text);
    const { body } = await sent({}, messageOf(news));
    const event = JSON.parse(body as string) as { data: { alert: { actors: readonly { name: string }[] } } };
    expect(event.data.alert.actors[0]!.name).toBe(`ops-admin@contoso.example${text}`);
    expect(body).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });
});

type Verify = (headers: HttpRequest['headers'], body: HttpRequest['body'], key: Buffer) => boolean;

describe('signature', () => {
  it('is the one of Standard Webhooks, over id, seconds and body', async () => {
    const secret = new Secret('whsec_Y29zbW93YXRjaC1leGFtcGxlLWtleS1ub3Qtc2VjcmV0', 'env:HOOK');
    const { headers, body } = await sent({ secret }, messageOf(newsOf('opened', { id: 'a1' })));
    const told = createHmac('sha256', 'cosmowatch-example-key-not-secret')
      .update(`a1-1.${NOW / 1000}.${body as string}`)
      .digest('base64');
    expect(headers).toMatchObject({
      'webhook-id': 'a1-1',
      'webhook-timestamp': String(NOW / 1000),
      'webhook-signature': `v1,${told}`,
    });
  });

  it('is verified by what the documentation says', async () => {
    const page = readFileSync(new URL('../../docs/notifications.md', import.meta.url), 'utf8');
    const code = /```js\n(import [^\n]*\n)([\s\S]*?)```/.exec(page)![2]!;
    const names = ['createHmac', 'timingSafeEqual', 'Date', `${code}; return isOurs;`];
    const verify = Reflect.construct(Function, names) as (...given: unknown[]) => Verify;
    const isOurs = verify(createHmac, timingSafeEqual, { now: () => NOW });
    const secret = new Secret('a key of more than 24 bytes!', 'env:HOOK');
    const { headers, body } = await sent({ secret: [SECRET, secret] }, messageOf(newsOf('opened')));
    const key = Buffer.from(secret.reveal());
    expect(isOurs(headers, body, key)).toBe(true);
    expect(isOurs(headers, `${body as string} `, key)).toBe(false);
    expect(isOurs(headers, body, Buffer.from('another'))).toBe(false);
    expect(isOurs({ ...headers, 'webhook-timestamp': String(NOW / 1000 - 301) }, body, key)).toBe(false);
  });

  it('there are two while one key replaces the other', async () => {
    const secret = [SECRET, new Secret('another key of more than 24 bytes', 'env:NEXT')];
    const { headers } = await sent({ secret }, TEST_MESSAGE);
    expect(headers['webhook-signature']).toMatch(/^v1,[\w+/]{43}= v1,[\w+/]{43}=$/);
  });
});

describe('settings', () => {
  it.each([
    ['a key that is empty', { secret: new Secret('whsec_', 'env:X') }, /no key/],
    ['a URL that is none', { url: 'hooks.contoso.example' }, /no http or https URL/],
    ['a name in allow', { allow: ['localhost'] }, /no address and no range/],
    ['a header that HTTP sets', { headers: { Host: 'x' } }, /set by HTTP itself/],
    ['a header with a line end in its name', { headers: { 'X\r\nY': 'x' } }, /no name of a header/],
    ['a template with a path that is not known', { template: '{"a": "{{ alrt.id }}"}' }, /alrt\.id .* not known/],
    ['a template that is no JSON', { template: '{"a": {{ alert.id }}' }, /no JSON/],
    ['a setting that does not exist', { retries: 3 }, /retries/],
  ])('%s is refused', (_name, config, message) => {
    const read = webhook.schema.safeParse({ type: 'webhook', url: 'https://hooks.contoso.example/x', ...config });
    expect(read.error?.message).toMatch(message);
  });
});
