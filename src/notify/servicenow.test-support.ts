import { z } from 'zod';
import { parseObject } from '../lib/json.ts';
import type { Behaviour, Received } from './loopback.test-support.ts';

/*
 * The columns of an incident that we write, with the lengths of their dictionary, and the Table API's answers:
 * https://www.servicenow.com/docs/bundle/zurich-api-reference/page/integrate/inbound-rest/concept/c_TableAPI.html
 */

const digit = z.enum(['1', '2', '3']);
const columns = {
  short_description: z.string().min(1).max(160),
  description: z.string().min(1).max(60_000),
  impact: digit,
  urgency: digit,
  correlation_display: z.string().min(1).max(100),
};
const closing = {
  state: z.literal('6').optional(),
  close_code: z.string().optional(),
  close_notes: z.string().max(4000).optional(),
};

export const incidentBody = z
  .strictObject({
    ...columns,
    category: z.string().min(1).max(40),
    correlation_id: z.string().regex(/^[\w.-]{1,100}$/),
    assignment_group: z.string().optional(),
    ...closing,
  })
  .refine(isClosedWhole, 'an end has a code and notes');

export const changesBody = z
  .strictObject({
    ...columns,
    ...closing,
    state: z.enum(['2', '6']).optional(),
    work_notes: z.string().min(1).optional(),
  })
  .refine(isClosedWhole, 'an end has a code and notes');

function isClosedWhole(of: {
  state?: string | undefined;
  close_code?: string | undefined;
  close_notes?: string | undefined;
}) {
  return (of.state === '6') === (of.close_code !== undefined && of.close_notes !== undefined);
}

export interface Incident {
  readonly sys_id: string;
  readonly correlation_id: string;
  correlation_display: string;
  state: string;
  impact: string;
  short_description: string;
  readonly notes: string[];
}

/** An instance: it keeps incidents, and makes two of two equal requests. */
export interface Instance {
  readonly incidents: Incident[];
  answer(request: Received): Behaviour;
}

const ROWS = /^\/api\/now\/table\/incident\?/;
const ROW = /^\/api\/now\/table\/incident\/(\w+)$/;

export function serviceNowInstance(): Instance {
  const incidents: Incident[] = [];
  return { incidents, answer };

  function answer({ method, path, body }: Received): Behaviour {
    if (method === 'GET' && ROWS.test(path)) return listed(new URL(path, 'http://x').searchParams);
    if (method === 'POST' && path === '/api/now/table/incident') return created(body);
    const id = ROW.exec(path)?.[1];
    const incident = incidents.find(({ sys_id }) => sys_id === id);
    if (method !== 'PATCH' || incident === undefined) return refused(404, 'No Record found');
    return changed(incident, body);
  }

  function listed(asked: URLSearchParams): Behaviour {
    const key = /^correlation_id=([\w.-]+)\^ORDERBYDESCsys_created_on$/.exec(asked.get('sysparm_query') ?? '')?.[1];
    const found = incidents.filter(({ correlation_id }) => correlation_id === key).toReversed();
    return told(200, found.slice(0, Number(asked.get('sysparm_limit'))));
  }

  function created(body: string): Behaviour {
    const read = incidentBody.safeParse(parseObject(body));
    if (!read.success) return refused(400, z.prettifyError(read.error));
    const { correlation_id, correlation_display, state = '1', impact, short_description } = read.data;
    const sys_id = String(incidents.length + 1).padStart(32, '0');
    const incident = { sys_id, correlation_id, correlation_display, state, impact, short_description, notes: [] };
    incidents.push(incident);
    return told(201, incident);
  }

  function changed(incident: Incident, body: string): Behaviour {
    const read = changesBody.safeParse(parseObject(body));
    if (!read.success) return refused(400, z.prettifyError(read.error));
    if (incident.state === '7') return refused(403, 'Operation Failed');
    const {
      work_notes,
      close_notes,
      state = incident.state,
      correlation_display,
      impact,
      short_description,
    } = read.data;
    Object.assign(incident, { state, correlation_display, impact, short_description });
    incident.notes.push(...[work_notes, close_notes].filter((note) => note !== undefined));
    return told(200, incident);
  }
}

function told(status: number, result: unknown): Behaviour {
  return { kind: 'answer', status, body: JSON.stringify({ result }) };
}

function refused(status: number, message: string): Behaviour {
  return { kind: 'answer', status, body: JSON.stringify({ error: { message, detail: null }, status: 'failure' }) };
}
