import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixedClock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import { SILENT } from '../telemetry/log.ts';
import { CANARY, describeReceiver } from './conformance.test-support.ts';
import { type Behaviour, type Loopback, loopback } from './loopback.test-support.ts';
import { HOSTILE, hostileNews, textsIn } from './naughty.test-support.ts';
import { later, opened, TOLD_AT, told } from './nine.test-support.ts';
import type { Delivery, Message } from './receiver.ts';
import { safeHttp } from './safeHttp.ts';
import { hecBody } from './splunkHec.test-support.ts';
import { splunkHec } from './splunkHec.ts';

const SUCCESS = '{"text":"Success","code":0}';

describeReceiver({
  kind: splunkHec,
  config: (url) => ({
    type: 'splunk_hec',
    url,
    token: new Secret(`token-${CANARY}`, 'env:HEC_TOKEN'),
    allow: ['127.0.0.1'],
  }),
  success: () => ({ status: 200, body: SUCCESS }),
  // The code in the body says whether it took the event.
  others: { 204: 'retry' },
  mostBytes: 256 * 1024,
  check: ({ path, body }) => {
    if (path !== '/services/collector/event') throw new Error(`the collector has no ${path}`);
    hecBody.parse(JSON.parse(body));
  },
});

let server: Loopback;
let answer: Behaviour = { kind: 'answer', status: 200, body: SUCCESS };

beforeAll(async () => {
  server = await loopback(() => answer);
});
afterAll(() => server.close());

function deliver(message: Message): Promise<Delivery> {
  const token = new Secret('00000000-0000-0000-0000-000000000000', 'env:HEC_TOKEN');
  const config = splunkHec.schema.parse({
    type: 'splunk_hec',
    url: server.url,
    token,
    index: 'security',
    allow: ['127.0.0.1'],
  });
  const ports = { clock: fixedClock(TOLD_AT), random: () => 0.5, log: SILENT, http: safeHttp({ timeout: 2000 }) };
  return splunkHec.create(config, ports).deliver(message, new AbortController().signal);
}

async function sent(message: Message) {
  answer = { kind: 'answer', status: 200, body: SUCCESS };
  expect(await deliver(message)).toEqual({ kind: 'delivered', ref: null });
  return hecBody.parse(JSON.parse(server.ledger.at(-1)!.body));
}

it('a revision is an event: created, updated, closed', async () => {
  const first = opened('access_keys_viewed');
  const seen = later(first.stored, 'acknowledged');
  const ended = later(seen.stored, 'resolved');
  const events = [await sent(told(first)), await sent(told(seen)), await sent(told(ended))];
  expect(
    events.map(({ event }) => [event.type_uid, event.status_id, event.is_alert, event.metadata.uid.slice(-2)]),
  ).toEqual([
    [200401, 1, true, '-1'],
    [200402, 2, true, '-2'],
    [200403, 4, false, '-3'],
  ]);
  expect(new Set(events.map(({ event }) => event.finding_info.uid)).size).toBe(1);
  expect(events[0]).toMatchObject({
    index: 'security',
    time: TOLD_AT / 1000,
    fields: { alert_revision: '1', level: 'medium' },
  });
});

it('who did it and from where stands with the record that tells it', async () => {
  const { event } = await sent(told(opened('access_keys_viewed')));
  expect(event.evidences).toEqual([
    expect.objectContaining({
      actor: {
        user: { uid: '30000000-0000-0000-0000-000000000001', name: 'ann@contoso.example', type_id: 1, type: 'User' },
      },
      src_endpoint: { ip: '198.51.100.23' },
    }),
  ]);
  expect(event.finding_info.attacks).toEqual([
    { tactic: { uid: 'TA0006' }, technique: { uid: 'T1555' }, sub_technique: { uid: 'T1555.006' }, version: '19' },
  ]);
});

it('what is too large is left out whole, and the event says so', async () => {
  const { kind, stored, why } = opened('network_access_changed');
  const wide = { ...stored.alert.changes[0]!, after: 'x'.repeat(300_000) };
  const { event } = await sent(told({ kind, why, stored: { ...stored, alert: { ...stored.alert, changes: [wide] } } }));
  expect(event['unmapped']).toMatchObject({ truncated: true });
  expect(event).not.toHaveProperty('evidences');
});

describe('what a log wrote', () => {
  it.each(HOSTILE.filter(({ text }) => text.length < 2000))(
    '$name is kept as it is, and hidden in no line',
    async ({ text }) => {
      const { event } = await sent(told(hostileNews(opened('network_access_changed'), text)));
      const { body } = server.ledger.at(-1)!;
      expect(body).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(textsIn(event['unmapped'])).toContain(
        text.toWellFormed() === text ? text : (JSON.parse(JSON.stringify(text)) as string),
      );
    },
  );
});

it.each<[number, number, Delivery['kind'], string]>([
  [403, 4, 'rejected', 'set `token`'],
  [403, 1, 'rejected', 'enable it in Splunk'],
  [401, 2, 'rejected', 'set `token`'],
  [400, 7, 'rejected', 'check `index`'],
  [400, 10, 'rejected', 'acknowledgement'],
  [400, 6, 'rejected', 'code 6'],
  [500, 8, 'retry', 'code 8'],
  [503, 9, 'retry', 'code 9'],
  [200, 5, 'retry', 'not an HTTP Event Collector'],
])('HTTP %i with code %i: %s', async (status, code, kind, text) => {
  answer = { kind: 'answer', status, body: JSON.stringify({ text: 'no', code }) };
  expect(await deliver(told(opened('no_logs')))).toMatchObject({ kind, reason: expect.stringContaining(text) });
});
