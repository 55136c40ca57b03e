import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixedClock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import { SILENT } from '../telemetry/log.ts';
import { CANARY, describeReceiver } from './conformance.test-support.ts';
import { type Loopback, loopback } from './loopback.test-support.ts';
import { HIDDEN, HOSTILE, hostileNews, textsIn } from './naughty.test-support.ts';
import { noticeMessage } from './news.test-support.ts';
import { later, opened, TOLD_AT, told } from './nine.test-support.ts';
import type { Delivery, Message } from './receiver.ts';
import { safeHttp } from './safeHttp.ts';
import { changesBody, incidentBody, serviceNowInstance } from './servicenow.test-support.ts';
import { servicenow } from './servicenow.ts';
import { ticketOf } from './ticket.ts';

const EMPTY = JSON.stringify({ result: [] });

describeReceiver({
  kind: servicenow,
  config: (url) => ({
    type: 'servicenow',
    url,
    user: `user-${CANARY}`,
    password: new Secret(`password-${CANARY}`, 'env:SN'),
    allow: ['127.0.0.1'],
  }),
  success: ({ method }) => ({ status: method === 'GET' ? 200 : 201, body: EMPTY }),
  // A list is answered with 200, and only then it is one.
  others: { 202: 'retry', 204: 'retry' },
  mostBytes: 100_000,
  requests: (message) => (ticketOf(message, TOLD_AT).opens ? 2 : 1),
  check: ({ method, body }) => void (method === 'GET' || incidentBody.parse(JSON.parse(body))),
});

let server: Loopback;
let instance = serviceNowInstance();

beforeAll(async () => {
  server = await loopback((request) => instance.answer(request));
});
afterAll(() => server.close());
beforeEach(() => {
  instance = serviceNowInstance();
  server.ledger.length = 0;
});

function deliver(message: Message): Promise<Delivery> {
  const config = servicenow.schema.parse({
    type: 'servicenow',
    url: `${server.url}/`,
    user: 'cosmowatch',
    password: new Secret('x', 'env:SN'),
    fields: { assignment_group: 'Security Operations' },
    allow: ['127.0.0.1'],
  });
  const ports = { clock: fixedClock(TOLD_AT), random: () => 0.5, log: SILENT, http: safeHttp({ timeout: 2000 }) };
  return servicenow.create(config, ports).deliver(message, new AbortController().signal);
}

async function delivered(message: Message): Promise<void> {
  expect(await deliver(message)).toMatchObject({ kind: 'delivered' });
}

const states = () => instance.incidents.map(({ state }) => state).join();

describe('incidents', () => {
  it('one for an alert, whatever comes, with a note for each', async () => {
    const first = opened('access_keys_viewed');
    await delivered(told(first));
    let { stored } = first;
    const seen: string[] = [];
    for (const kind of ['amended', 'acknowledged', 'amended', 'resolved', 'reopened', 'resolved'] as const) {
      const news = later(stored, kind);
      await delivered(told(news));
      ({ stored } = news);
      seen.push(states());
    }
    expect(seen).toEqual(['1', '2', '2', '6', '2', '6']);
    expect(instance.incidents).toMatchObject([
      { correlation_id: `cosmowatch-${stored.alert.id}`, notes: { length: 6 } },
    ]);
  });

  it('one that somebody closed for good stays so: what is new of an open alert is another one, an end is none', async () => {
    const first = opened('access_keys_viewed');
    await delivered(told(first));
    instance.incidents[0]!.state = '7';
    const seen = later(first.stored, 'acknowledged');
    await delivered(told(seen));
    expect(states()).toBe('7');
    const ended = later(seen.stored, 'resolved');
    await delivered(told(ended));
    expect(states()).toBe('7');
    await delivered(told(later(ended.stored, 'reopened')));
    expect(states()).toBe('7,1');
  });

  it('a rise moves impact and title', async () => {
    const first = opened('access_keys_viewed');
    await delivered(told(first));
    const alert = { ...first.stored.alert, level: 'critical' as const };
    await delivered(told(later(first.stored, 'amended', { alert })));
    expect(instance.incidents).toMatchObject([
      { impact: '1', short_description: expect.stringMatching(/^\[critical\] /) as unknown },
    ]);
  });

  it('a test and a notice open and close', async () => {
    const links = { console: null, portal: null };
    await delivered({ id: 'test-7', content: { kind: 'test', by: 'oncall@contoso.example' }, ref: null, links });
    await delivered(noticeMessage());
    await delivered({ ...noticeMessage({ isOver: true }), id: 'over' });
    expect(instance.incidents.map(({ correlation_id, state }) => [correlation_id, state])).toEqual([
      ['cosmowatch-test-7', '6'],
      ['cosmowatch-receiver-pager-0', '6'],
    ]);
  });
});

describe('never twice', () => {
  it.each(['opened', 'amended', 'resolved'] as const)(
    'the answer to what was written of %s lost: no second one',
    async (kind) => {
      const first = opened('access_keys_viewed');
      if (kind !== 'opened') await delivered(told(first));
      const message = told(kind === 'opened' ? first : later(first.stored, kind));
      const real = instance;
      instance = {
        ...real,
        answer: (request) => {
          const answer = real.answer(request);
          return request.method === 'GET' ? answer : { kind: 'lost' };
        },
      };
      expect(await deliver(message)).toMatchObject({ kind: 'retry' });
      const before = structuredClone(real.incidents);
      instance = real;
      await delivered(message);
      expect(real.incidents).toEqual(before);
      expect(before).toHaveLength(1);
    },
  );
});

describe('what a log wrote', () => {
  it.each(HOSTILE)('$name is text', async ({ text }) => {
    await delivered(told(hostileNews(opened('network_access_changed'), text)));
    const sent = JSON.parse(server.ledger.at(-1)!.body) as object;
    expect(textsIn(sent).filter((one) => HIDDEN.test(one.replaceAll('\n', '')))).toEqual([]);
    expect(textsIn(sent).filter((one) => /\[\/?code/i.test(one))).toEqual([]);
  });

  it.each(HOSTILE)('$name in a note', async ({ text }) => {
    const first = opened('network_access_changed');
    await delivered(told(first));
    const news = hostileNews(later(first.stored, 'amended'), text);
    await delivered(
      told({ ...news, stored: { ...news.stored, alert: { ...news.stored.alert, id: first.stored.alert.id } } }),
    );
    changesBody.parse(JSON.parse(server.ledger.at(-1)!.body));
  });
});

it('a refusal is told with its words', async () => {
  instance = {
    ...instance,
    answer: () => ({ kind: 'answer', status: 401, body: '{"error":{"message":"User Not Authenticated"}}' }),
  };
  expect(await deliver(told(opened('no_logs')))).toEqual({
    kind: 'rejected',
    reason: 'HTTP 401: User Not Authenticated; check `url`, who signs in, and that they have the role itil',
  });
});

it('older releases answer 404 where nothing is found', async () => {
  const real = instance;
  const missing = { kind: 'answer', status: 404, body: '{"error":{"message":"No Record found"}}' } as const;
  instance = { ...real, answer: (request) => (request.method === 'GET' ? missing : real.answer(request)) };
  await delivered(told(opened('no_logs')));
  expect(real.incidents).toHaveLength(1);
});
