import { describe, expect, it } from 'vitest';
import { fixedClock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import { SILENT } from '../telemetry/log.ts';
import { alertmanager } from './alertmanager.ts';
import type { Firing } from './alertmanagerAlerts.ts';
import { CANARY, describeReceiver, NOW } from './conformance.test-support.ts';
import { floodMessage, messageOf, NAUGHTY, newsOf, poisoned, TEST_MESSAGE } from './news.test-support.ts';
import type { HttpAnswer, Pulse, Receiver } from './receiver.ts';

const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** What the API demands of a `postableAlert`: github.com/prometheus/alertmanager, api/v2/openapi.yaml. */
function checkAlerts(body: string): Firing[] {
  const alerts = JSON.parse(body) as Firing[];
  expect(alerts.length).toBeGreaterThan(0);
  for (const { labels, annotations, startsAt, endsAt, generatorURL } of alerts) {
    for (const [name, value] of [...Object.entries(labels), ...Object.entries(annotations)]) {
      expect(name).toMatch(LABEL);
      expect(value).toMatch(/\S/);
      expect(value).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}/u);
    }
    expect(labels['alertname']).toMatch(/\S/);
    expect(Date.parse(startsAt)).toBeLessThanOrEqual(Date.parse(endsAt));
    if (generatorURL !== undefined) expect(URL.canParse(generatorURL)).toBe(true);
  }
  return alerts;
}

describeReceiver({
  kind: alertmanager,
  config: (url) => ({
    type: 'alertmanager',
    url,
    headers: { Authorization: new Secret(`Basic ${CANARY}`, 'env:AM') },
    labels: { team: 'security' },
    allow: ['127.0.0.1'],
  }),
  success: () => ({ status: 200, body: '' }),
  mostBytes: 65_536,
  check: ({ path, body }) => {
    expect(path).toBe('/api/v2/alerts');
    for (const { labels } of checkAlerts(body)) expect(labels['team']).toBe('security');
  },
});

/** A receiver on a wire that keeps what was sent. */
function wired(answers: readonly number[] = []) {
  const sent: Firing[][] = [];
  const send = async ({ body }: { readonly body: string | Uint8Array | null }): Promise<HttpAnswer> => {
    sent.push(JSON.parse(body as string) as Firing[]);
    return { kind: 'answer', status: answers[sent.length - 1] ?? 200, headers: {}, body: '' };
  };
  const config = alertmanager.schema.parse({ type: 'alertmanager', url: 'https://alerts.contoso.example/am/' });
  const ports = { clock: fixedClock(NOW), random: () => 0.5, log: SILENT, http: { send } };
  return { sent, receiver: alertmanager.create(config, ports) };
}

const NEVER = new AbortController().signal;

function pulseOf(more: Partial<Pulse> = {}): Pulse {
  const alive = { accounts: 14, openAlerts: 2, readUpTo: Date.parse('2026-11-24T03:51:52Z') };
  return { alive, firing: () => [], links: () => ({ console: null, portal: null }), ...more };
}

async function beat(receiver: Receiver, pulse: Pulse): Promise<void> {
  await receiver.beat!(pulse, NEVER);
}

describe('an alert', () => {
  it('has its identity in labels that no log can write, and the rest in annotations', async () => {
    const { sent, receiver } = wired();
    await receiver.deliver(messageOf(newsOf('opened')), NEVER);
    const [alert] = sent[0]!;
    expect(alert!.labels).toEqual({
      alertname: 'cosmosdb_network_access_changed',
      severity: 'critical',
      account: 'orders-prod',
      resource_group: 'rg-shop',
      subscription: '00000000-0000-0000-0000-0000000000aa',
      alert_id: 'e1e5f1f6168e58891a630d30a1810c5c',
    });
    expect(alert).toMatchObject({
      startsAt: '2026-11-24T03:12:07.000Z',
      endsAt: '2026-11-24T13:00:00.000Z',
      annotations: {
        summary: '[critical] orders-prod: open to the internet',
        who: 'ops-admin@contoso.example with Azure CLI',
        source_ip: '198.51.100.23',
        count: '2',
        status: 'open',
        todo: expect.stringMatching(/^1\. .* az cosmosdb update /),
      },
    });
  });

  it('is over when it is resolved', async () => {
    const { sent, receiver } = wired();
    await receiver.deliver(messageOf(newsOf('resolved')), NEVER);
    expect(sent[0]![0]).toMatchObject({
      endsAt: '2026-11-24T12:00:00.000Z',
      annotations: { status: 'resolved (ended)' },
    });
  });

  it('of another level is another: the one before ends', async () => {
    const { sent, receiver } = wired();
    const first = await receiver.deliver(messageOf(newsOf('opened', { level: 'high' })), NEVER);
    expect(first).toEqual({ kind: 'delivered', ref: 'high' });
    await receiver.deliver(messageOf(newsOf('amended', { revision: 2 }), 'high'), NEVER);
    expect(sent[1]!.map(({ labels, endsAt }) => [labels['severity'], endsAt])).toEqual([
      ['high', '2026-11-24T12:00:00.000Z'],
      ['critical', '2026-11-24T13:00:00.000Z'],
    ]);
  });

  it('of no account has no label for one', async () => {
    const { sent, receiver } = wired();
    const news = newsOf('opened');
    const stored = { ...news.stored, subscription: null, alert: { ...news.stored.alert, account: null } };
    await receiver.deliver(messageOf({ ...news, stored }), NEVER);
    expect(Object.keys(sent[0]![0]!.labels)).toEqual(['alertname', 'severity', 'alert_id']);
  });

  it.each(NAUGHTY)('keeps its labels with $name in every value', async ({ text }) => {
    const { sent, receiver } = wired();
    const news = newsOf('opened');
    const { account } = news.stored.alert;
    const bad = poisoned(news, text);
    const stored = {
      ...bad.stored,
      alert: { ...bad.stored.alert, account },
      detail: { ...bad.stored.detail, spelled: null },
    };
    await receiver.deliver(messageOf({ ...bad, stored }), NEVER);
    await receiver.deliver(messageOf(news), NEVER);
    expect(sent[0]![0]!.labels).toEqual(sent[1]![0]!.labels);
  });

  it('a flood and a test have names of their own', async () => {
    const { sent, receiver } = wired();
    await receiver.deliver(floodMessage(3), NEVER);
    await receiver.deliver(TEST_MESSAGE, NEVER);
    expect(sent.flat().map(({ labels }) => labels)).toEqual([
      { alertname: 'cosmowatch_flood', severity: 'medium', flood: 'flood-1' },
      { alertname: 'cosmowatch_test', severity: 'none', test: 'test-1' },
    ]);
    expect(sent[0]![0]!.annotations['description']).toMatch(/^cosmosdb_network_access_changed 3; orders-prod 3\. /);
  });
});

describe('a beat', () => {
  it('sends what is open again, and that we live', async () => {
    const { sent, receiver } = wired();
    const open = newsOf('opened').stored;
    await beat(receiver, pulseOf({ firing: () => [open] }));
    expect(sent[0]!.map(({ labels, endsAt }) => [labels['alertname'], endsAt])).toEqual([
      ['cosmosdb_network_access_changed', '2026-11-24T13:00:00.000Z'],
      ['cosmowatch_heartbeat', '2026-11-24T12:15:00.000Z'],
    ]);
    expect(sent[0]![1]!.annotations['description']).toBe(
      '14 accounts watched, 2 alerts open, logs read up to 03:51:52 UTC.',
    );
  });

  it('does not say that we live when we read nothing, but what is open stays so', async () => {
    const { sent, receiver } = wired();
    await beat(receiver, pulseOf({ alive: null, firing: () => [newsOf('opened').stored] }));
    await beat(receiver, pulseOf({ alive: null }));
    expect(sent.map((alerts) => alerts.map(({ labels }) => labels['alertname']))).toEqual([
      ['cosmosdb_network_access_changed'],
    ]);
  });

  it('does not bring back what ended while it was made up', async () => {
    const { sent, receiver } = wired();
    const open = newsOf('opened').stored;
    await Promise.all([
      receiver.deliver(messageOf(newsOf('resolved', { revision: 2 })), NEVER),
      beat(receiver, pulseOf({ alive: null, firing: () => [open] })),
    ]);
    expect(sent).toHaveLength(1);
    await receiver.deliver(messageOf(newsOf('reopened', { revision: 3 })), NEVER);
    await beat(receiver, pulseOf({ alive: null, firing: () => [open] }));
    expect(sent).toHaveLength(3);
  });

  it('does not send a level again that is not the alert’s any more', async () => {
    const { sent, receiver } = wired();
    await receiver.deliver(messageOf(newsOf('amended', { revision: 2 }), 'high'), NEVER);
    await beat(receiver, pulseOf({ alive: null, firing: () => [newsOf('opened', { level: 'high' }).stored] }));
    expect(sent).toHaveLength(1);
  });

  it('of many alerts is several requests, and ends where one is not taken', async () => {
    const { sent, receiver } = wired([200, 503]);
    const many = Array.from({ length: 500 }, (_, at) => newsOf('opened', { id: `${at}` }).stored);
    const delivery = await receiver.beat!(pulseOf({ firing: () => many }), NEVER);
    expect([sent.map(({ length }) => length), delivery]).toEqual([
      [200, 200],
      { kind: 'retry', after: null, reason: 'HTTP 503' },
    ]);
  });
});
