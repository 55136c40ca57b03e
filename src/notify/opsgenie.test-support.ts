import { z } from 'zod';
import { parseObject } from '../lib/json.ts';
import type { Behaviour, Received } from './loopback.test-support.ts';

/*
 * Bodies of the Alert API with their documented lengths: https://docs.opsgenie.com/docs/alert-api and
 * https://docs.opsgenie.com/docs/alert-api-continued
 */

const message = z.string().min(1).max(130);
const description = z.string().min(1).max(15_000);
const priority = z.enum(['P1', 'P2', 'P3', 'P4', 'P5']);
const noteBody = z.strictObject({ source: z.string().max(100), note: z.string().min(1).max(25_000) });

export const createBody = z.strictObject({
  message,
  alias: z.string().regex(/^[\w.-]{1,512}$/),
  description,
  entity: z.string().min(1).max(512),
  source: z.string().max(100),
  priority,
  tags: z.array(z.string().min(1).max(50)).max(20),
  details: z.record(z.string(), z.string()),
});

export const BODIES = {
  priority: z.strictObject({ priority }),
  message: z.strictObject({ message }),
  description: z.strictObject({ description }),
  notes: noteBody,
  acknowledge: noteBody,
  close: noteBody,
} as const;

export interface OpsgenieAlert {
  readonly alias: string;
  status: 'open' | 'acknowledged' | 'closed';
  priority: string;
  message: string;
  count: number;
  readonly notes: string[];
}

export interface Account {
  readonly alerts: OpsgenieAlert[];
  answer(request: Received): Behaviour;
}

export const KEY = '00000000-1111-2222-3333-444444444444';

/** An account: an open alias is one alert. What it takes is done later over there, so it answers 202 to whatever has the right form. */
export function opsgenieAccount(): Account {
  const alerts: OpsgenieAlert[] = [];
  return { alerts, answer };

  function answer({ method, path, headers, body }: Received): Behaviour {
    if (headers['authorization'] !== `GenieKey ${KEY}`)
      return refused(403, 'You are not authorized to access this resource');
    if (method === 'POST' && path === '/v2/alerts') return create(body);
    const [, alias, what] = /^\/v2\/alerts\/([\w.-]+)\/(\w+)\?identifierType=alias$/.exec(path) ?? [];
    const schema = BODIES[what as keyof typeof BODIES] as (typeof BODIES)[keyof typeof BODIES] | undefined;
    const isPut = ['priority', 'message', 'description'].includes(what ?? '');
    if (schema === undefined || method !== (isPut ? 'PUT' : 'POST')) return refused(405, 'Method Not Allowed');
    const read = schema.safeParse(parseObject(body));
    if (!read.success) return refused(422, z.prettifyError(read.error));
    const open = alerts.find((one) => one.alias === alias && one.status !== 'closed');
    if (open !== undefined) change(open, what!, read.data as Partial<OpsgenieAlert> & { note?: string });
    return taken();
  }

  function create(body: string): Behaviour {
    const read = createBody.safeParse(parseObject(body));
    if (!read.success) return refused(422, z.prettifyError(read.error));
    const { alias, priority: rank, message: title } = read.data;
    const open = alerts.find((one) => one.alias === alias && one.status !== 'closed');
    if (open === undefined) alerts.push({ alias, status: 'open', priority: rank, message: title, count: 1, notes: [] });
    else open.count++;
    return taken();
  }
}

function change(
  alert: OpsgenieAlert,
  what: string,
  { note, ...changes }: Partial<OpsgenieAlert> & { note?: string },
): void {
  const { source: _, description: __, ...own } = changes as Record<string, string>;
  Object.assign(alert, own);
  if (note !== undefined) alert.notes.push(note);
  if (what === 'acknowledge') alert.status = 'acknowledged';
  if (what === 'close') alert.status = 'closed';
}

function taken(): Behaviour {
  const body = JSON.stringify({ result: 'Request will be processed', took: 0.1, requestId: KEY });
  return { kind: 'answer', status: 202, body };
}

function refused(status: number, words: string): Behaviour {
  return { kind: 'answer', status, body: JSON.stringify({ message: words, took: 0.0, requestId: KEY }) };
}
