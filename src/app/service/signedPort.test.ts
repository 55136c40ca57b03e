import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AlertAction, AuditEntry } from '../../api/ports.ts';
import type { Config } from '../../config/config.ts';
import { fixedClock } from '../../lib/clock.ts';
import { Secret } from '../../lib/secret.ts';
import { storedOf } from '../../notify/nine.test-support.ts';
import { pagerduty } from '../../notify/pagerduty.ts';
import { teams } from '../../notify/teams.ts';
import { Db } from '../../store/db.ts';
import { SILENT } from '../../telemetry/log.ts';
import { signedPort } from './signedPort.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const SECRET = 'a-secret-of-the-webhook';
const ALERT = storedOf('access_keys_viewed').alert.id;

/** A body as PagerDuty's page shows it: https://developer.pagerduty.com/docs/webhooks-overview */
function bodyOf(
  changes: object = {},
  agent: object | null = { type: 'user_reference', id: 'PLH1HKV', summary: 'Ada' },
): Buffer {
  const event = {
    id: '5ac64822-4adc-4fda-ade0-410becf0de4f',
    event_type: 'incident.acknowledged',
    resource_type: 'incident',
    occurred_at: '2026-11-24T11:59:58.169Z',
    agent,
    client: { name: 'PagerDuty' },
    data: { id: 'PGR0VU2', type: 'incident', status: 'acknowledged', incident_key: `cosmowatch-${ALERT}` },
    ...changes,
  };
  return Buffer.from(JSON.stringify({ event }));
}

function signed(body: Uint8Array, secret = SECRET): string {
  return `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

function open(webhook: object = { webhook_secret: new Secret(SECRET, 'env:PD') }) {
  let stored = storedOf('access_keys_viewed');
  const acts: string[] = [];
  const entries: AuditEntry[] = [];
  const receivers = new Map([
    ['pager', [{ kind: pagerduty, config: { type: 'pagerduty', ...webhook } }]],
    ['chat', [{ kind: teams, config: { webhook_secret: new Secret(SECRET, 'env:PD') } }]],
  ]) as unknown as Config['receivers'];
  const port = signedPort({
    db: new Db(':memory:'),
    clock: fixedClock(NOW),
    log: SILENT,
    receivers: () => receivers,
    alerts: {
      get: async (id) => (id === ALERT ? stored : null),
      act: async (id, action: AlertAction, by) => {
        acts.push(`${id === ALERT} ${action.kind} ${by}`);
        const status = action.kind === 'resolve' ? 'resolved' : 'acknowledged';
        stored = { ...stored, alert: { ...stored.alert, status } };
        return { kind: 'done', stored };
      },
    },
    audit: { record: async (entry) => void entries.push(entry) },
  });
  const reopen = (at: number): void => {
    const history = [...stored.history, { at, what: 'reopened' as const, by: null, why: '' }];
    stored = { ...stored, history, alert: { ...stored.alert, status: 'open' } };
  };
  return { port, acts, entries, reopen };
}

describe('what PagerDuty tells back', () => {
  it('is done here by whoever did it there, audited, and once', async () => {
    const { port, acts, entries } = open();
    const body = bodyOf();
    expect(await port.pagerduty('pager', signed(body), body)).toEqual({ taken: true, why: 'acknowledged' });
    expect(await port.pagerduty('pager', signed(body), body)).toEqual({ taken: false, why: 'taken before' });
    const ended = bodyOf({ id: 'e2', event_type: 'incident.resolved' });
    expect(await port.pagerduty('pager', signed(ended), ended)).toEqual({ taken: true, why: 'resolved' });
    expect(acts).toEqual(['true acknowledge pagerduty: Ada', 'true resolve pagerduty: Ada']);
    expect(entries).toMatchObject([
      { by: 'pagerduty: Ada', action: 'alerts.acknowledge', target: ALERT, outcome: 'asked' },
      { by: 'pagerduty: Ada', action: 'alerts.resolve', target: ALERT, outcome: 'asked' },
    ]);
  });

  it('an event that is sent again after the alert was reopened changes nothing', async () => {
    const { port, acts, reopen } = open();
    const body = bodyOf({ event_type: 'incident.resolved' });
    await port.pagerduty('pager', signed(body), body);
    reopen(NOW);
    expect(await port.pagerduty('pager', signed(body), body)).toEqual({ taken: false, why: 'taken before' });
    const other = bodyOf({ id: 'e3', event_type: 'incident.resolved' });
    expect(await port.pagerduty('pager', signed(other), other)).toEqual({
      taken: false,
      why: 'the alert was reopened since',
    });
    expect(acts).toHaveLength(1);
  });

  it.each([
    ['no event', Buffer.from('[]')],
    ['nothing that is taken over', bodyOf({ event_type: 'incident.annotated' })],
    ['not done by a person', bodyOf({}, null)],
    ['not done by a person', bodyOf({}, { type: 'service_reference', summary: 'cosmowatch' })],
    ['an incident of somebody else', bodyOf({ data: { incident_key: 'd3640fbd41094207a1c11e58e46b1662' } })],
    ['an incident of somebody else', bodyOf({ data: { incident_key: `cosmowatch-${ALERT}-critical-x` } })],
    ['no such alert', bodyOf({ data: { incident_key: `cosmowatch-${'0'.repeat(32)}` } })],
    ['too old, or of the future', bodyOf({ occurred_at: '2026-11-20T00:00:00Z' })],
    ['too old, or of the future', bodyOf({ occurred_at: '2026-11-24T13:00:00Z' })],
    ['no id or no time', bodyOf({ id: '../x' })],
    ['no id or no time', bodyOf({ occurred_at: 'yesterday' })],
  ])('%s', async (why, body) => {
    const { port, acts } = open();
    expect(await port.pagerduty('pager', signed(body), body)).toEqual({ taken: false, why });
    expect(acts).toEqual([]);
  });

  it('the second incident of an alert counts as well', async () => {
    const { port } = open();
    const body = bodyOf({ data: { incident_key: `cosmowatch-${ALERT}-critical` } });
    expect(await port.pagerduty('pager', signed(body), body)).toMatchObject({ taken: true });
  });

  it('a name is a line of text', async () => {
    const { port, acts } = open();
    const body = bodyOf({}, { type: 'user_reference', summary: `Ada\n\u202e${'x'.repeat(200)}` });
    await port.pagerduty('pager', signed(body), body);
    expect(acts[0]).toBe(`true acknowledge pagerduty: Ada${'x'.repeat(77)}`);
  });
});

describe('signatures', () => {
  it.each([
    ['none', ''],
    ['of another secret', signed(bodyOf(), 'another')],
    ['of another body', signed(Buffer.from('{}'))],
    ['cut', signed(bodyOf()).slice(0, -1)],
    ['in capitals', signed(bodyOf()).toUpperCase()],
    ['of another version', signed(bodyOf()).replace('v1', 'v0')],
    ['of another shape', 'v1=é'],
  ])('%s: nobody', async (_name, signature) => {
    const { port, acts } = open();
    expect(await port.pagerduty('pager', signature, bodyOf())).toBeNull();
    expect(acts).toEqual([]);
  });

  it('one of several is enough, and two secrets are known while one replaces the other', async () => {
    const body = bodyOf();
    const { port } = open({ webhook_secret: [new Secret('new', 'env:A'), new Secret(SECRET, 'env:B')] });
    const header = `${signed(body, 'old')},${signed(body)}`;
    expect(await port.pagerduty('pager', header, body)).toMatchObject({ taken: true });
  });

  it.each([
    ['a receiver that there is not', 'none', {}],
    ['one without a secret', 'pager', {}],
    ['one of another kind', 'chat', {}],
  ])('%s: nobody', async (_name, name, webhook) => {
    const { port } = open(webhook);
    expect(await port.pagerduty(name, signed(bodyOf()), bodyOf())).toBeNull();
    expect(await port.pagerduty(name, signed(bodyOf(), ''), bodyOf())).toBeNull();
  });
});
