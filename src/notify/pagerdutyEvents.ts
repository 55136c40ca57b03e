import type { AlertNews } from '../alerts/stored.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import { unlinked } from '../lib/visible.ts';
import type { AlertMessage, Link, Notice } from '../report/message.ts';
import { accountName, groupOf } from '../report/phrases.ts';
import { bounded, visible } from '../report/text.ts';
import type { Level } from './levels.ts';

/**
 * Bodies of PagerDuty's Events API v2, without the routing key.
 * https://developer.pagerduty.com/docs/send-alert-event and https://developer.pagerduty.com/docs/send-change-event
 */
export interface PagerDutyEvent {
  readonly path: '/v2/enqueue' | '/v2/change/enqueue';
  readonly body: JsonObject;
}

const SEVERITIES: Readonly<Record<Level, string>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
  informational: 'info',
};

/** Documented: 1,024. What is longer is not read on a phone. */
const SUMMARY = 300;

/** What PagerDuty knows an alert's incident by; at most 255 characters. */
export function dedupKey(id: string): string {
  return `cosmowatch-${id}`.slice(0, 255);
}

export function alertEvent(message: AlertMessage, { stored }: AlertNews, key: string): PagerDutyEvent {
  const { alert } = stored;
  const { id, name, group } = placeOf(stored);
  return {
    path: '/v2/enqueue',
    body: {
      event_action: 'trigger',
      dedup_key: key,
      ...client(message.links),
      payload: {
        summary: bounded(`${message.headline}. ${message.reason}`, SUMMARY),
        source: unlinked(visible(id)),
        severity: SEVERITIES[alert.level],
        timestamp: alert.firstSeen,
        component: name,
        ...(group === null ? {} : { group }),
        class: unlinked(visible(alert.rule)),
        custom_details: detailsOf(message, stored),
      },
      links: linksOf(message.links),
    },
  };
}

function placeOf({ alert, detail }: AlertNews['stored']) {
  const id = detail.spelled ?? alert.account ?? 'cosmowatch';
  const group = groupOf(id);
  return { id, name: accountName(id), group: group === null ? null : visible(group) };
}

function detailsOf(message: AlertMessage, { alert, revision }: AlertNews['stored']): JsonObject {
  const fields = Object.fromEntries(
    message.fields.map(({ name, value }) => [name.toLowerCase().replaceAll(' ', '_'), value]),
  );
  const { steps, changes, evidence } = message;
  return {
    ...(message.follow === null ? {} : { news: message.follow }),
    reason: message.reason,
    ...fields,
    level: alert.level,
    first_seen: alert.firstSeen,
    last_seen: alert.lastSeen,
    count: alert.count,
    caller: alert.caller,
    changes: changes.items.map((one) => ({ ...one })),
    ...(message.why === '' ? {} : { why: message.why }),
    what_to_do: steps.items.map(({ text, command, note }) => ({
      step: text,
      ...(command === null ? {} : { command }),
      ...(note === null ? {} : { note }),
    })),
    attack: alert.attack.map(({ tactic, technique }) => `${tactic} ${technique}`),
    evidence: [...evidence.items],
    ...leftOut({ changes: changes.more, steps: steps.more, evidence: evidence.more }),
    revision,
    alert_id: alert.id,
    settled_id: alert.settledId,
  };
}

function leftOut(counts: Readonly<Record<string, number>>): JsonObject {
  const cut = Object.entries(counts).filter(([, count]) => count > 0);
  return cut.length === 0 ? {} : { truncated: true, not_shown: Object.fromEntries(cut) };
}

export function noticeEvent(notice: Notice, id: string, iso: string, details: JsonObject): PagerDutyEvent {
  return {
    path: '/v2/enqueue',
    body: {
      event_action: 'trigger',
      dedup_key: dedupKey(id),
      ...client(notice.links),
      payload: {
        summary: bounded(`${notice.title}. ${notice.text}`, SUMMARY),
        source: 'cosmowatch',
        severity: notice.level === null ? 'info' : SEVERITIES[notice.level],
        timestamp: iso,
        class: notice.kind,
        custom_details: { text: notice.text, ...details },
      },
      links: linksOf(notice.links),
    },
  };
}

/** Stands beside incidents and calls nobody. */
export function changeEvent(message: AlertMessage, { stored }: AlertNews): PagerDutyEvent {
  const { alert } = stored;
  const last = message.changes.items.at(-1);
  const who = message.fields.find(({ name }) => name === 'Who')?.value ?? null;
  const details: Record<string, Json> = { ...last, reason: message.reason, who, alert_id: alert.id };
  return {
    path: '/v2/change/enqueue',
    body: {
      payload: {
        summary: bounded(`${message.headline}. ${message.reason}`, SUMMARY),
        source: unlinked(visible(placeOf(stored).id)),
        timestamp: alert.lastSeen,
        custom_details: details,
      },
      links: linksOf(message.links),
    },
  };
}

function client(links: readonly Link[]): JsonObject {
  const page = links[0];
  return page === undefined ? { client: 'cosmowatch' } : { client: 'cosmowatch', client_url: page.url };
}

function linksOf(links: readonly Link[]): Json {
  return links.map(({ text, url }) => ({ href: url, text }));
}
