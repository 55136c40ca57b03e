import { z } from 'zod';
import { parseObject } from '../lib/json.ts';
import type { Behaviour, Received } from './loopback.test-support.ts';

/*
 * What PagerDuty documents of events, as schemas: https://developer.pagerduty.com/docs/send-alert-event and
 * https://developer.pagerduty.com/docs/send-change-event
 */

const routing_key = z.string().length(32);
const dedup_key = z.string().min(1).max(255);
const time = z.iso.datetime();
const links = z.array(z.strictObject({ href: z.url({ protocol: /^https?$/ }), text: z.string().min(1) }));
const summary = z.string().min(1).max(1024);

const trigger = z.strictObject({
  routing_key,
  event_action: z.literal('trigger'),
  dedup_key,
  client: z.string(),
  client_url: z.url().optional(),
  payload: z.strictObject({
    summary,
    source: z.string().min(1),
    severity: z.enum(['critical', 'error', 'warning', 'info']),
    timestamp: time,
    component: z.string().optional(),
    group: z.string().optional(),
    class: z.string(),
    custom_details: z.record(z.string(), z.json()),
  }),
  links,
});

export const alertBody = z.union([
  trigger,
  z.strictObject({ routing_key, event_action: z.enum(['acknowledge', 'resolve']), dedup_key }),
]);

export const changeBody = z.strictObject({
  routing_key,
  payload: z.strictObject({
    summary,
    source: z.string().min(1),
    timestamp: time,
    custom_details: z.record(z.string(), z.json()),
  }),
  links,
});

export const MOST_BYTES = 512 * 1024;

/** One service of PagerDuty: it knows incidents by their key, as documented, and refuses what is wrong. */
export interface PagerDutyService {
  /** All that ever were, with the keys of which they are. `pages`: how often somebody was called. */
  readonly incidents: {
    readonly key: string;
    state: 'triggered' | 'acknowledged' | 'resolved';
    pages: number;
    severity: string;
  }[];
  readonly changes: string[];
  answer(request: Received): Behaviour;
}

export const ROUTING_KEY = '0123456789abcdef0123456789abcdef';

export function pagerDutyService(): PagerDutyService {
  const service: PagerDutyService = { incidents: [], changes: [], answer };
  return service;

  function answer({ path, body }: Received): Behaviour {
    if (Buffer.byteLength(body) > MOST_BYTES) return invalid(413, 'too large');
    const schema = path === '/v2/change/enqueue' ? changeBody : alertBody;
    const read = schema.safeParse(parseObject(body));
    if (!read.success) return invalid(400, z.prettifyError(read.error));
    if (read.data.routing_key !== ROUTING_KEY) return invalid(400, "'routing_key' is invalid");
    if ('event_action' in read.data) act(read.data);
    else service.changes.push(read.data.payload.summary);
    return { kind: 'answer', status: 202, body: JSON.stringify({ status: 'success', message: 'Event processed' }) };
  }

  function act(event: z.output<typeof alertBody>): void {
    const open = service.incidents.find(({ key, state }) => key === event.dedup_key && state !== 'resolved');
    if (event.event_action !== 'trigger') {
      if (open !== undefined) open.state = event.event_action === 'resolve' ? 'resolved' : 'acknowledged';
      return;
    }
    const { severity } = event.payload;
    if (open === undefined) service.incidents.push({ key: event.dedup_key, state: 'triggered', pages: 1, severity });
    else open.severity = severity;
  }
}

function invalid(status: number, error: string): Behaviour {
  const body = JSON.stringify({ status: 'invalid event', message: 'Event object is invalid', errors: [error] });
  return { kind: 'answer', status, body };
}
