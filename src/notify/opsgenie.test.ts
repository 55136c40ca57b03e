import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixedClock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import { SILENT } from '../telemetry/log.ts';
import { CANARY, describeReceiver } from './conformance.test-support.ts';
import { type Behaviour, type Loopback, loopback, type Received } from './loopback.test-support.ts';
import { HIDDEN, HOSTILE, hostileNews, textsIn } from './naughty.test-support.ts';
import { noticeMessage } from './news.test-support.ts';
import { later, opened, TOLD_AT, told } from './nine.test-support.ts';
import { BODIES, createBody, KEY, opsgenieAccount } from './opsgenie.test-support.ts';
import { opsgenie } from './opsgenie.ts';
import type { Delivery, Message } from './receiver.ts';
import { safeHttp } from './safeHttp.ts';
import { ticketOf } from './ticket.ts';

const TAKEN = JSON.stringify({ result: 'Request will be processed', requestId: KEY });

describeReceiver({
  kind: opsgenie,
  config: (url) => ({ type: 'opsgenie', url, api_key: new Secret(`key-${CANARY}`, 'env:OG'), allow: ['127.0.0.1'] }),
  success: () => ({ status: 202, body: TAKEN }),
  // The answer names the request.
  others: { 204: 'retry' },
  mostBytes: 60_000,
  requests: requestsFor,
  check: bodyOf,
});

/** A create; of what goes on, the level (where it is not known what was told), title, description and a note. */
function requestsFor(message: Message): number {
  const { opens, state } = ticketOf(message, TOLD_AT);
  if (state === 'over') return opens ? 2 : 1;
  if (message.ref === null) return opens ? 1 : 4;
  return opens ? 4 : 3;
}

function bodyOf({ path, body }: Received): object {
  const what = /\/v2\/alerts\/[^/]+\/(\w+)\?/.exec(path)?.[1];
  const schema = what === undefined ? createBody : BODIES[what as keyof typeof BODIES];
  return schema.parse(JSON.parse(body));
}

let server: Loopback;
let account = opsgenieAccount();

beforeAll(async () => {
  server = await loopback((request) => account.answer(request));
});
afterAll(() => server.close());
beforeEach(() => {
  account = opsgenieAccount();
  server.ledger.length = 0;
});

function deliver(message: Message, key = KEY): Promise<Delivery> {
  const api_key = new Secret(key, 'env:OG');
  const config = opsgenie.schema.parse({ type: 'opsgenie', url: server.url, api_key, allow: ['127.0.0.1'] });
  const ports = { clock: fixedClock(TOLD_AT), random: () => 0.5, log: SILENT, http: safeHttp({ timeout: 2000 }) };
  return opsgenie.create(config, ports).deliver(message, new AbortController().signal);
}

async function delivered(message: Message): Promise<string | null> {
  const delivery = await deliver(message);
  if (delivery.kind !== 'delivered') throw new Error(delivery.reason);
  return delivery.ref;
}

describe('alerts', () => {
  it('one for an alias, acknowledged and closed; again after it was closed', async () => {
    const first = opened('access_keys_viewed');
    let ref = await delivered(told(first));
    let { stored } = first;
    const seen: string[] = [];
    for (const kind of ['amended', 'acknowledged', 'resolved', 'reopened'] as const) {
      const news = later(stored, kind);
      ref = await delivered(told(news, ref));
      ({ stored } = news);
      seen.push(account.alerts.map(({ status }) => status).join());
    }
    expect(seen).toEqual(['open', 'acknowledged', 'closed', 'closed,open']);
    expect(account.alerts[0]).toMatchObject({ count: 2, notes: { length: 3 } });
    expect(new Set(account.alerts.map(({ alias }) => alias))).toEqual(new Set([`cosmowatch-${stored.alert.id}`]));
  });

  it('a rise moves priority and message', async () => {
    const first = opened('access_keys_viewed');
    const ref = await delivered(told(first));
    const alert = { ...first.stored.alert, level: 'critical' as const };
    await delivered(told(later(first.stored, 'amended', { alert }), ref));
    expect(account.alerts).toMatchObject([
      { priority: 'P1', message: expect.stringMatching(/^\[critical\] /) as unknown },
    ]);
  });

  it('the answer lost: the same alias again, so one alert', async () => {
    const real = account;
    const lossy = (request: Received): Behaviour => {
      real.answer(request);
      return { kind: 'lost' };
    };
    account = { ...real, answer: lossy };
    expect(await deliver(told(opened('no_logs')))).toMatchObject({ kind: 'retry' });
    account = real;
    await delivered(told(opened('no_logs')));
    expect(account.alerts).toHaveLength(1);
  });

  it('a test and a notice open and close', async () => {
    const links = { console: null, portal: null };
    await delivered({ id: 'test-7', content: { kind: 'test', by: 'oncall@contoso.example' }, ref: null, links });
    await delivered(noticeMessage());
    await delivered(noticeMessage({ isOver: true }));
    expect(account.alerts.map(({ alias, status }) => [alias, status])).toEqual([
      ['cosmowatch-test-7', 'closed'],
      ['cosmowatch-receiver-pager-0', 'closed'],
    ]);
  });
});

it('a wrong key: never again, with its words', async () => {
  expect(await deliver(told(opened('no_logs')), 'wrong')).toEqual({
    kind: 'rejected',
    reason:
      'HTTP 403: You are not authorized to access this resource; check `api_key`, and `url`: the EU has another one',
  });
});

describe('what a log wrote', () => {
  it.each(HOSTILE)('$name is text, without HTML', async ({ text }) => {
    const first = opened('network_access_changed');
    await delivered(told(hostileNews(first, text)));
    await delivered(told(hostileNews(later(first.stored, 'amended'), text), 'high'));
    for (const request of server.ledger) {
      const texts = textsIn(bodyOf(request));
      expect(texts.filter((one) => HIDDEN.test(one.replaceAll('\n', '')) || /[<>]/.test(one))).toEqual([]);
    }
  });
});
