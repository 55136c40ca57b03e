import { createHmac, timingSafeEqual } from 'node:crypto';
import { isObject, objectIn, parseObject } from '../lib/json.ts';

/** What somebody did in PagerDuty. */
export interface PagerDutyAct {
  /** Of the event: the same when it is sent again. */
  readonly event: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: 'acknowledge' | 'resolve';
  /** Id of the alert. */
  readonly alert: string;
  /** Their name over there. */
  readonly by: string;
}

/**
 * Is a body signed with one of the secrets? `v1=HEX`, several with commas between while a secret is changed; compared in constant time.
 * https://developer.pagerduty.com/docs/verifying-webhook-signatures
 */
export function isSigned(secrets: readonly string[], header: string, body: Uint8Array): boolean {
  const given = header
    .slice(0, 2000)
    .split(',')
    .flatMap((one) => /^v1=([0-9a-f]{64})$/.exec(one.trim())?.[1] ?? [])
    .map((hex) => Buffer.from(hex, 'hex'));
  const wanted = secrets.map((secret) => createHmac('sha256', secret).update(body).digest());
  // None is left out, so that the time says nothing of which one fits.
  return wanted.flatMap((one) => given.map((other) => timingSafeEqual(one, other))).includes(true);
}

const KEY = /^cosmowatch-([0-9a-f]{32})(?:-critical)?$/;
const KINDS = { 'incident.acknowledged': 'acknowledge', 'incident.resolved': 'resolve' } as const;

/**
 * What a body tells, or why it is nothing for us. Only what a person did counts: what our own events did comes back too, and must not go round.
 * https://developer.pagerduty.com/docs/webhooks-overview
 */
export function actIn(body: Uint8Array): PagerDutyAct | string {
  const event = objectIn(parseObject(Buffer.from(body).toString()) ?? {}, 'event');
  if (event === null) return 'no event';
  const kind = KINDS[`${event['event_type']}` as keyof typeof KINDS] as PagerDutyAct['kind'] | undefined;
  if (kind === undefined) return 'nothing that is taken over';
  const agent = event['agent'];
  if (!isObject(agent) || agent['type'] !== 'user_reference') return 'not done by a person';
  const alert = KEY.exec(`${objectIn(event, 'data')?.['incident_key'] ?? ''}`)?.[1];
  if (alert === undefined) return 'an incident of somebody else';
  const { id, occurred_at } = event;
  const at = Date.parse(`${occurred_at}`);
  if (typeof id !== 'string' || !/^[\w-]{1,100}$/.test(id) || Number.isNaN(at)) return 'no id or no time';
  return { event: id, at, kind, alert, by: nameIn(agent['summary'] ?? agent['id']) };
}

/** Of a person, as they call themselves. */
function nameIn(value: unknown): string {
  const name = typeof value === 'string' ? value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu, '').trim() : '';
  return name === '' ? 'somebody' : [...name].slice(0, 80).join('');
}

/** Who did what comes from there, in the history and the audit log. */
export const BY_PAGERDUTY = 'pagerduty: ';
