import { isObject, type Json, type JsonObject } from '../lib/json.ts';
import { notTaken, type PushConfig, pushedBatch, pushSchema, pushSource } from './push.ts';
import type { PushAnswer, PushRequest, SourceContext, SourceKind } from './source.ts';

/*
 * Event Grid delivers to a webhook only if the webhook agrees: in its own schema it sends an event with a code that must come back
 * (https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema), for CloudEvents it asks with OPTIONS
 * (https://learn.microsoft.com/azure/event-grid/end-point-validation-cloud-events-schema). Only who has a token of ours is agreed to.
 */

const PATH = '/api/v1/event-grid';

const VALIDATION = 'microsoft.eventgrid.subscriptionvalidationevent';
const DELETION = 'microsoft.eventgrid.subscriptiondeletedevent';

export const eventGridKind: SourceKind<PushConfig> = {
  type: 'event_grid',
  doc: 'Takes events of Azure Event Grid at /api/v1/event-grid, in its own schema or as CloudEvents.',
  schema: pushSchema,
  create: (config) =>
    pushSource(config, [
      { method: 'POST', path: PATH, answer: takeEvents },
      { method: 'OPTIONS', path: PATH, answer: async (request) => agree(request) },
    ]),
};

async function takeEvents(request: PushRequest, context: SourceContext): Promise<PushAnswer> {
  const events = eventsIn(request.body);
  if (events === null)
    return notTaken('the body is no list of events', 'Send what Event Grid sends: an array, or one CloudEvent.');
  const validation = events.find((event) => typeOf(event) === VALIDATION);
  if (validation !== undefined) return validated(validation);
  if (events.every((event) => typeOf(event) === DELETION)) return { status: 200, body: { accepted: 0, rejected: [] } };
  return { status: 200, body: await context.emit(pushedBatch([request.body], 'pushed by Event Grid', request)) };
}

function eventsIn(body: Uint8Array): readonly JsonObject[] | null {
  let value: Json;
  try {
    value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')) as Json;
  } catch {
    return null;
  }
  const list = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return list.every(isObject) ? list : null;
}

function typeOf(event: JsonObject): string {
  const type = event['eventType'] ?? event['type'];
  return typeof type === 'string' ? type.toLowerCase() : '';
}

function validated({ data }: JsonObject): PushAnswer {
  const code = isObject(data) ? data['validationCode'] : null;
  if (typeof code === 'string' && code.length > 0 && code.length <= 500)
    return { status: 200, body: { validationResponse: code } };
  return notTaken('the validation event has no code', 'Create the event subscription again.');
}

/** A host or domain, as RFC 1034 has it. */
const ORIGIN = /^[a-z0-9.*-]{1,253}$/i;

function agree({ headers }: PushRequest): PushAnswer {
  const origin = headers['webhook-request-origin'];
  if (origin === undefined || !ORIGIN.test(origin))
    return notTaken('the request does not say who asks', 'Send the header WebHook-Request-Origin.');
  const rate: Record<string, string> =
    headers['webhook-request-rate'] === undefined ? {} : { 'webhook-allowed-rate': '*' };
  return { status: 200, headers: { allow: 'POST, OPTIONS', 'webhook-allowed-origin': origin, ...rate } };
}
