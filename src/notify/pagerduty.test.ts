import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AlertChange } from '../alerts/alert.ts';
import type { StoredAlert } from '../alerts/stored.ts';
import { fixedClock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import { SILENT } from '../telemetry/log.ts';
import { CANARY, describeReceiver } from './conformance.test-support.ts';
import { type Loopback, loopback } from './loopback.test-support.ts';
import { HIDDEN, HOSTILE, hostileNews, textsIn } from './naughty.test-support.ts';
import { later, opened, TOLD_AT, told } from './nine.test-support.ts';
import { alertBody, changeBody, MOST_BYTES, pagerDutyService, ROUTING_KEY } from './pagerduty.test-support.ts';
import { pagerduty } from './pagerduty.ts';
import type { Message } from './receiver.ts';
import { safeHttp } from './safeHttp.ts';

const KEY = `${CANARY}${'0'.repeat(32 - CANARY.length)}`;

describeReceiver({
  kind: pagerduty,
  config: (url) => ({ type: 'pagerduty', routing_key: new Secret(KEY, 'env:PD_KEY'), url, allow: ['127.0.0.1'] }),
  success: () => ({ status: 202, body: '{"status":"success","message":"Event processed"}' }),
  // It answers 202, or says "success".
  others: { 204: 'retry' },
  mostBytes: MOST_BYTES,
  requests: requestsFor,
  check: ({ path, body }) => void (path === '/v2/enqueue' ? alertBody : changeBody).parse(JSON.parse(body)),
});

/** Nothing for what PagerDuty has no place for; a test opens and closes. */
function requestsFor({ content }: Message): number {
  if (content.kind !== 'alert') return content.kind === 'test' ? 2 : 1;
  return ['assigned', 'commented', 'judged', 'linked'].includes(content.news.kind) ? 0 : 1;
}

let server: Loopback;
let service = pagerDutyService();

beforeAll(async () => {
  server = await loopback((request) => service.answer(request));
});
afterAll(() => server.close());
beforeEach(() => {
  service = pagerDutyService();
  server.ledger.length = 0;
});

function receiver(key = ROUTING_KEY) {
  const config = {
    type: 'pagerduty',
    routing_key: new Secret(key, 'env:PD_KEY'),
    url: `${server.url}/`,
    allow: ['127.0.0.1'],
  };
  const ports = { clock: fixedClock(TOLD_AT), random: () => 0.5, log: SILENT, http: safeHttp({ timeout: 2000 }) };
  return pagerduty.create(pagerduty.schema.parse(config), ports);
}

async function delivered(message: Message): Promise<string | null> {
  const delivery = await receiver().deliver(message, new AbortController().signal);
  if (delivery.kind !== 'delivered') throw new Error(delivery.reason);
  return delivery.ref;
}

function at(level: StoredAlert['alert']['level'], stored: StoredAlert, changes?: readonly AlertChange[]) {
  return { alert: { ...stored.alert, level, ...(changes === undefined ? {} : { changes }) } };
}

const NARROWED: AlertChange = {
  property: 'ipRules',
  before: ['0.0.0.0'],
  after: ['203.0.113.0/24'],
  effect: 'strengthened',
  exposure: 'ranges',
};

describe('incidents', () => {
  it('one for an alert, whatever comes; again after it was resolved', async () => {
    const first = opened('access_keys_viewed');
    let ref = await delivered(told(first));
    let { stored } = first;
    const states: string[] = [];
    for (const kind of [
      'grown',
      'amended',
      'commented',
      'acknowledged',
      'amended',
      'resolved',
      'commented',
      'reopened',
    ] as const) {
      const news = later(stored, kind);
      ref = await delivered(told(news, ref));
      ({ stored } = news);
      states.push(service.incidents.map(({ state }) => state).join());
    }
    expect(states).toEqual([
      'triggered',
      'triggered',
      'triggered',
      'acknowledged',
      'acknowledged',
      'resolved',
      'resolved',
      'resolved,triggered',
    ]);
    expect(new Set(service.incidents.map(({ key }) => key))).toEqual(new Set([`cosmowatch-${stored.alert.id}`]));
  });

  it('a rise to critical on an acknowledged one calls again, and both end together', async () => {
    const first = opened('access_keys_viewed');
    let ref = await delivered(told(first));
    const seen = later(first.stored, 'acknowledged');
    ref = await delivered(told(seen, ref));
    const worse = later(seen.stored, 'amended', at('critical', seen.stored));
    ref = await delivered(told(worse, ref));
    expect(service.incidents.map(({ state, severity }) => [state, severity])).toEqual([
      ['acknowledged', 'critical'],
      ['triggered', 'critical'],
    ]);
    ref = await delivered(told(later(worse.stored, 'amended'), ref));
    expect(service.incidents).toHaveLength(2);
    await delivered(told(later(worse.stored, 'resolved'), ref));
    expect(service.incidents.map(({ state }) => state)).toEqual(['resolved', 'resolved']);
  });

  it('access that was closed again ends the incident and stands as a change', async () => {
    const first = opened('network_access_changed');
    const ref = await delivered(told(first));
    const ended = later(first.stored, 'resolved', at('high', first.stored, [...first.stored.alert.changes, NARROWED]));
    await delivered(told(ended, ref));
    expect(service.incidents.map(({ state }) => state)).toEqual(['resolved']);
    expect(service.changes).toEqual([expect.stringMatching(/^\[resolved, was high\] orders-prod: /)]);
  });

  it('access that only became narrower calls nobody', async () => {
    const { kind, stored, why } = opened('network_access_changed');
    const news = { kind, why, stored: { ...stored, ...at('low', stored, [NARROWED]) } };
    const ref = await delivered(told(news));
    await delivered(told(later(news.stored, 'resolved'), ref));
    expect(service.incidents).toEqual([]);
    expect(service.changes).toHaveLength(1);
  });

  it('a test opens and closes', async () => {
    const links = { console: null, portal: null };
    await delivered({ id: 'test-7', content: { kind: 'test', by: 'oncall@contoso.example' }, ref: null, links });
    expect(service.incidents).toEqual([{ key: 'cosmowatch-test-7', state: 'resolved', pages: 1, severity: 'info' }]);
  });
});

describe('what it answers', () => {
  const message = told(opened('no_logs'));
  const deliver = (key?: string) => receiver(key).deliver(message, new AbortController().signal);

  it('a wrong key: never again, with its words', async () => {
    const wrong = 'f'.repeat(32);
    const delivery = await deliver(wrong);
    expect(delivery).toEqual({
      kind: 'rejected',
      reason: "HTTP 400: Event object is invalid; 'routing_key' is invalid; check `routing_key`",
    });
  });

  it.each([
    [undefined, 120_000],
    ['5', 120_000],
    ['600', 600_000],
  ])('429 with Retry-After %s waits minutes', async (after, wait) => {
    const headers: Record<string, string> = after === undefined ? {} : { 'retry-after': after };
    service = { ...service, answer: () => ({ kind: 'answer', status: 429, headers, body: '' }) };
    expect(await deliver()).toMatchObject({ kind: 'retry', after: wait });
  });

  it('the answer to an accepted event lost: the same key again, so one incident', async () => {
    const real = service;
    const lossy = {
      ...service,
      answer: (request: Parameters<typeof real.answer>[0]) => {
        real.answer(request);
        return { kind: 'lost' } as const;
      },
    };
    service = lossy;
    expect(await deliver()).toMatchObject({ kind: 'retry' });
    service = real;
    expect(await deliver()).toMatchObject({ kind: 'delivered' });
    expect(service.incidents).toHaveLength(1);
  });
});

describe('what a log wrote', () => {
  it.each(HOSTILE)('$name is text, and the event small enough to read', async ({ text }) => {
    const news = hostileNews(opened('network_access_changed'), text);
    await delivered(told(news));
    const { body } = server.ledger[0]!;
    expect(body.length).toBeLessThan(100_000);
    expect(textsIn(JSON.parse(body)).filter((one) => HIDDEN.test(one))).toEqual([]);
  });
});

it('what does not fit is cut, and the event says so', async () => {
  const { kind, stored, why } = opened('network_access_changed');
  const wide = { ...stored.alert.changes[0]!, after: Array.from({ length: 3000 }, (_, n) => `198.51.100.${n}/32`) };
  const many = { ...stored, alert: { ...stored.alert, changes: Array.from({ length: 40 }, () => wide) } };
  await delivered(told({ kind, stored: many, why }));
  const { payload } = JSON.parse(server.ledger[0]!.body) as { payload: { custom_details: object } };
  expect(payload.custom_details).toMatchObject({ truncated: true, not_shown: { changes: 35 } });
});
