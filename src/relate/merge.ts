import { fillActor } from '../events/actor.ts';
import { comparePosition, type Event, VARIANTS } from '../events/event.ts';
import { compareText } from '../lib/compare.ts';
import { type JsonObject, objectIn } from '../lib/json.ts';

/**
 * Copies of one record (equal `recordId`) become one: field by field the first that is not empty, in the order REST, Log Analytics,
 * export, Event Grid. The order of arrival never matters: copies of one form are ordered by time and text.
 */
export function mergeCopies(copies: readonly Event[]): { readonly event: Event; readonly duplicates: number } {
  if (copies.length === 1) return { event: copies[0]!, duplicates: 0 };
  const texts = new Map(copies.map((copy) => [copy, JSON.stringify(copy.raw)]));
  const ordered = [...copies].sort(
    (a, b) =>
      VARIANTS.indexOf(a.variant) - VARIANTS.indexOf(b.variant) ||
      a.time - b.time ||
      compareText(texts.get(a)!, texts.get(b)!) ||
      comparePosition(a.position, b.position),
  );
  const distinct = new Set(copies.map((copy) => `${copy.variant}${texts.get(copy)}`));
  return { event: fill(ordered), duplicates: copies.length - distinct.size };
}

/** The first event, with what it lacks taken from those behind it, in their order. */
export function fill(events: readonly Event[]): Event {
  let merged = events[0]!;
  for (const other of events.slice(1)) merged = fillFrom(merged, other);
  return merged;
}

function fillFrom(event: Event, other: Event): Event {
  // A form that has names in small letters only must not hide how another spells them.
  const isSpelled = event.accountSpelled !== null || other.accountSpelled === null;
  const [names, otherNames] = isSpelled ? [event, other] : [other, event];
  return {
    ...event,
    correlationId: event.correlationId ?? other.correlationId,
    clientRequestId: event.clientRequestId ?? other.clientRequestId,
    method: event.method ?? other.method,
    status: event.status ?? other.status,
    actor: event.actor && other.actor ? fillActor(event.actor, other.actor) : (event.actor ?? other.actor),
    sourceIp: event.sourceIp ?? other.sourceIp,
    userAgent: event.userAgent ?? other.userAgent,
    account: event.account ?? other.account,
    api: event.api ?? other.api,
    auth: event.auth ?? other.auth,
    accountSpelled: names.accountSpelled,
    region: event.region ?? other.region,
    database: names.database ?? otherNames.database,
    container: names.container ?? otherNames.container,
    body: event.body ?? other.body,
    raw: inheritBody(event.raw, other.raw),
  };
}

/** Rules from SigmaHQ look for `properties.requestbody` beside the final status; Azure writes it on the Start record only. */
function inheritBody(raw: JsonObject, other: JsonObject): JsonObject {
  const properties = objectIn(raw, 'properties');
  const theirs = objectIn(other, 'properties');
  if (!properties || !theirs) return raw;
  const key = Object.keys(theirs).find((name) => name.toLowerCase() === 'requestbody');
  if (!key || Object.keys(properties).some((name) => name.toLowerCase() === 'requestbody')) return raw;
  return { ...raw, properties: { ...properties, [key]: theirs[key]! } };
}
