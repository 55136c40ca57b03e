import { z } from 'zod';
import type { AlertNews, StoredAlert } from '../alerts/stored.ts';
import { parseObject } from '../lib/json.ts';
import { secret } from '../lib/secretSchema.ts';
import { fitted, messageOf } from '../report/message.ts';
import { byteLength, failure, saidBy } from './answers.ts';
import { retryAfter } from './httpDelivery.ts';
import { httpSettings, httpUrl, requestTo } from './httpSettings.ts';
import type { Level } from './levels.ts';
import { floodDetails, floodNotice, noticeOf, testNotice } from './notice.ts';
import { alertEvent, changeEvent, dedupKey, noticeEvent, type PagerDutyEvent } from './pagerdutyEvents.ts';
import type { Delivery, HttpAnswer, Message, Receiver, ReceiverKind, ReceiverPorts } from './receiver.ts';

const schema = z.strictObject({
  type: z.literal('pagerduty'),
  ...httpSettings(),
  /** The integration key of a service or of an event orchestration (Events API v2). */
  routing_key: secret(),
  /** In the EU: https://events.eu.pagerduty.com. */
  url: httpUrl().default('https://events.pagerduty.com'),
});

type PagerDutyConfig = z.output<typeof schema>;

export const pagerduty: ReceiverKind<PagerDutyConfig> = {
  type: 'pagerduty',
  doc: 'PagerDuty, by its Events API v2: triggers, acknowledges and resolves one incident an alert',
  schema,
  create: (config, ports) => new PagerDuty(config, ports),
};

/** A key takes about 120 events a minute: https://developer.pagerduty.com/docs/events-api-v2-overview */
const PACE = 1000;

/** PagerDuty takes 512 KB; more than this nobody reads. */
const MOST = 100_000;

/** Where it names no time itself: "a few minutes". */
const BACK_OFF = 120_000;

/**
 * One alert is one incident. `ref` is what PagerDuty was told last: the level, and behind it `+` if a second incident is open, which a rise to
 * critical opens where the first is acknowledged and would wake nobody.
 */
class PagerDuty implements Receiver {
  readonly pace = PACE;
  readonly #config: PagerDutyConfig;
  readonly #ports: ReceiverPorts;

  constructor(config: PagerDutyConfig, ports: ReceiverPorts) {
    this.#config = config;
    this.#ports = ports;
  }

  async deliver(message: Message, signal: AbortSignal): Promise<Delivery> {
    const { events, ref } = eventsOf(message, this.#ports.clock.now());
    for (const event of events) {
      const told = await this.#send(event, signal);
      if (told.kind !== 'delivered') return told;
    }
    return { kind: 'delivered', ref };
  }

  async #send({ path, body }: PagerDutyEvent, signal: AbortSignal): Promise<Delivery> {
    const routing_key = this.#config.routing_key.reveal();
    const headers = { 'Content-Type': 'application/json' };
    const text = JSON.stringify({ routing_key, ...body });
    const request = requestTo(this.#config, { method: 'POST', path, headers, body: text });
    return deliveryOf(await this.#ports.http.send(request, signal), this.#ports.clock.now(), routing_key);
  }
}

function deliveryOf(answer: HttpAnswer, now: number, key: string): Delivery {
  if (answer.kind === 'failed') return failure(answer, now);
  const body = parseObject(answer.body);
  if (answer.status === 202 || (answer.status < 300 && body?.['status'] === 'success'))
    return { kind: 'delivered', ref: null };
  if (answer.status < 300) return { kind: 'retry', after: null, reason: 'what answered was not PagerDuty' };
  if (answer.status === 429) {
    const after = Math.max(BACK_OFF, retryAfter(answer, now) ?? 0);
    return { kind: 'retry', after, reason: 'HTTP 429: PagerDuty takes no more for now' };
  }
  const errors = Array.isArray(body?.['errors']) ? body['errors'].map((one) => `${one}`) : [];
  const told = [`${body?.['message'] ?? ''}`, ...errors].filter(Boolean).join('; ');
  return failure(answer, now, saidBy(told, [key]), '; check `routing_key`');
}

interface Told {
  readonly events: readonly PagerDutyEvent[];
  readonly ref: string | null;
}

function eventsOf(message: Message, now: number): Told {
  const { content, id } = message;
  switch (content.kind) {
    case 'alert':
      return alertEvents(message, content.news);
    case 'flood': {
      const details = floodDetails(content.news);
      const event = noticeEvent(floodNotice(message, content.news), id, details.until, { ...details });
      return { events: [event], ref: null };
    }
    case 'notice':
      return noticeEvents(message, content, now);
    // Nobody is called for a test: it opens and closes.
    case 'test': {
      const event = noticeEvent(testNotice(content.by, now), id, new Date(now).toISOString(), {});
      return { events: [event, action('resolve', dedupKey(id))], ref: null };
    }
  }
}

/** An incident as long as what it is about. */
function noticeEvents(message: Message, content: Extract<Message['content'], { kind: 'notice' }>, now: number): Told {
  const { about, isOver } = content.notice;
  if (isOver) return { events: [action('resolve', dedupKey(about))], ref: null };
  const notice = noticeOf(message, content, now);
  return { events: [noticeEvent(notice, about, new Date(now).toISOString(), { lines: notice.lines })], ref: null };
}

function alertEvents({ ref, links }: Message, news: AlertNews): Told {
  const { stored, kind } = news;
  const key = dedupKey(stored.alert.id);
  const isSecondOpen = ref?.endsWith('+') === true;
  const keys = isSecondOpen ? [key, secondKey(key)] : [key];
  const told = isSecondOpen ? `${stored.alert.level}+` : stored.alert.level;
  if (isOnlyNarrowed(stored)) return { events: kind === 'opened' ? [narrowed(news, links)] : [], ref: told };
  switch (kind) {
    case 'acknowledged':
      return { events: keys.map((one) => action('acknowledge', one)), ref: told };
    case 'resolved': {
      const changes = lastIsNarrower(stored) ? [narrowed(news, links)] : [];
      return { events: [...keys.map((one) => action('resolve', one)), ...changes], ref: stored.alert.level };
    }
    // PagerDuty has no place for these, and a trigger after the end would open an incident.
    case 'assigned':
    case 'commented':
    case 'judged':
      return { events: [], ref: told };
    case 'opened':
    case 'reopened':
    case 'grown':
    case 'amended': {
      if (stored.alert.status === 'resolved') return { events: [], ref: told };
      const event = trigger(news, links, key);
      const isRise = ref !== null && stored.alert.status === 'acknowledged' && rose(ref, stored.alert.level);
      const again = isRise ? [trigger(news, links, secondKey(key))] : [];
      return { events: [event, ...again], ref: isRise ? `${stored.alert.level}+` : told };
    }
  }
}

function rose(ref: string, level: Level): boolean {
  return level === 'critical' && !ref.startsWith('critical');
}

function secondKey(key: string): string {
  return `${key}-critical`;
}

function trigger(news: AlertNews, links: Message['links'], key: string): PagerDutyEvent {
  return fitted(
    messageOf(news, links),
    (one) => alertEvent(one, news, key),
    ({ body }) => byteLength(body) <= MOST,
  );
}

function narrowed(news: AlertNews, links: Message['links']): PagerDutyEvent {
  return changeEvent(messageOf(news, links), news);
}

function action(event_action: 'acknowledge' | 'resolve', dedup_key: string): PagerDutyEvent {
  return { path: '/v2/enqueue', body: { event_action, dedup_key } };
}

/** Access that only became narrower is worth knowing beside an incident, and no incident itself. */
function isOnlyNarrowed({ alert: { changes } }: StoredAlert): boolean {
  return changes.length > 0 && changes.every(({ effect }) => effect === 'strengthened');
}

function lastIsNarrower({ alert }: StoredAlert): boolean {
  return alert.resolution === 'ended' && alert.changes.at(-1)?.effect === 'strengthened';
}
