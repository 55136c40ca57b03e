import { z } from 'zod';
import { isObject, type JsonObject, objectIn, parseObject } from '../lib/json.ts';
import { secret } from '../lib/secretSchema.ts';
import { failure, saidBy } from './answers.ts';
import { httpSettings, httpUrl, requestTo, reveal, textOrSecret } from './httpSettings.ts';
import type { Level } from './levels.ts';
import type { Delivery, HttpAnswer, Message, Receiver, ReceiverKind, ReceiverPorts } from './receiver.ts';
import { fittedTicket, type Ticket, ticketOf } from './ticket.ts';
import { ticketText, ticketTitle } from './ticketText.ts';

const type = z.literal('servicenow');

const common = {
  type,
  ...httpSettings(),
  url: httpUrl().describe('Of the instance: https://NAME.service-now.com'),
  category: z.string().min(1).max(40).default('security').describe('Of new incidents'),
  close_code: z
    .string()
    .min(1)
    .max(80)
    .default('Solution provided')
    .describe('Resolution code of incidents that end; the list differs by instance'),
  fields: z
    .record(z.string().regex(/^[a-z][a-z0-9_]{0,79}$/, 'is no column: assignment_group'), z.string())
    .default({})
    .describe('More columns of new incidents: assignment_group, caller_id'),
};

const schema = z.union([
  z.strictObject({
    ...common,
    user: textOrSecret().describe('Whoever creates incidents, with the role itil'),
    password: secret().describe('Their password'),
  }),
  z.strictObject({ ...common, token: secret().describe('An OAuth access token, in place of user and password') }),
]);

type ServiceNowConfig = z.output<typeof schema>;

export const servicenow: ReceiverKind<ServiceNowConfig> = {
  type: 'servicenow',
  doc: 'ServiceNow, by its Table API: one incident an alert, found again by its correlation id',
  schema,
  create: (config, ports) => new ServiceNow(config, ports),
};

const PACE = 250;
const TABLE = '/api/now/table/incident';
/** Characters of a description; more nobody reads. */
const MOST = 20_000;

const CURE = '; check `url`, who signs in, and that they have the role itil';

/** https://www.servicenow.com/docs/bundle/zurich-api-reference/page/integrate/inbound-rest/concept/c_TableAPI.html */
const STATES = { acknowledged: '2', open: '2', over: '6' } as const;

/** Closed and cancelled: nobody can write there any more. */
const SHUT: ReadonlySet<string> = new Set(['7', '8']);

const RANKS: Readonly<Record<Level, readonly [impact: string, urgency: string]>> = {
  critical: ['1', '1'],
  high: ['2', '1'],
  medium: ['2', '2'],
  low: ['3', '2'],
  informational: ['3', '3'],
};

interface Found {
  readonly sysId: string;
  readonly state: string;
  /** What it was told last. */
  readonly told: string;
}

/**
 * Looks before it writes: the service knows no key that makes a second request harmless. `correlation_display` holds the id of the message that was
 * written last, in the same request as the note, so that a message whose answer was lost is not told again.
 */
class ServiceNow implements Receiver {
  readonly pace = PACE;
  readonly #config: ServiceNowConfig;
  readonly #ports: ReceiverPorts;

  constructor(config: ServiceNowConfig, ports: ReceiverPorts) {
    this.#config = config;
    this.#ports = ports;
  }

  async deliver(message: Message, signal: AbortSignal): Promise<Delivery> {
    const ticket = ticketOf(message, this.#ports.clock.now());
    const query = `correlation_id=${ticket.key}^ORDERBYDESCsys_created_on`;
    const asked = new URLSearchParams({
      sysparm_query: query,
      sysparm_fields: 'sys_id,state,correlation_display',
      sysparm_limit: '1',
    });
    const looked = await this.#send('GET', `${TABLE}?${asked}`, null, signal);
    const found = foundIn(looked);
    if (found === undefined) return unread(this.#delivery(looked));
    if (found?.told === message.id) return { kind: 'delivered', ref: null };
    if (found !== null && !SHUT.has(found.state)) {
      const path = `${TABLE}/${encodeURIComponent(found.sysId)}`;
      return this.#delivery(
        await this.#send('PATCH', path, changesOf(ticket, message.id, found, this.#config), signal),
      );
    }
    if (!ticket.opens) return { kind: 'delivered', ref: null };
    return this.#delivery(await this.#send('POST', TABLE, incidentOf(ticket, message.id, this.#config), signal));
  }

  #send(method: 'GET' | 'POST' | 'PATCH', path: string, body: JsonObject | null, signal: AbortSignal) {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json', ...this.#authorization() };
    const text = body === null ? null : JSON.stringify(body);
    return this.#ports.http.send(requestTo(this.#config, { method, path, headers, body: text }), signal);
  }

  #authorization(): { readonly Authorization: string } {
    const config = this.#config;
    if ('token' in config) return { Authorization: `Bearer ${config.token.reveal()}` };
    const pair = Buffer.from(`${reveal(config.user)}:${config.password.reveal()}`).toString('base64');
    return { Authorization: `Basic ${pair}` };
  }

  #delivery(answer: HttpAnswer): Delivery {
    const now = this.#ports.clock.now();
    if (answer.kind === 'failed') return failure(answer, now);
    const body = parseObject(answer.body);
    if (answer.status < 300) {
      if (body !== null && 'result' in body) return { kind: 'delivered', ref: null };
      return NOT_SERVICENOW;
    }
    const told = objectIn(body ?? {}, 'error')?.['message'];
    const config = this.#config;
    const secrets = 'token' in config ? [config.token.reveal()] : [config.password.reveal(), reveal(config.user)];
    return failure(answer, now, saidBy(typeof told === 'string' ? told : '', secrets), CURE);
  }
}

/** An answer that no list could be read of is no delivery. */
function unread(delivery: Delivery): Delivery {
  return delivery.kind === 'delivered' ? NOT_SERVICENOW : delivery;
}

const NOT_SERVICENOW: Delivery = {
  kind: 'retry',
  after: null,
  reason: 'what answered was not the Table API of ServiceNow',
};

/** Null: there is none. undefined: it was no answer to that. */
function foundIn(answer: HttpAnswer): Found | null | undefined {
  if (answer.kind === 'failed') return undefined;
  const body = parseObject(answer.body);
  // Older releases say so where nothing is found.
  if (answer.status === 404 && objectIn(body ?? {}, 'error')?.['message'] === 'No Record found') return null;
  const rows = body?.['result'];
  if (answer.status !== 200 || !Array.isArray(rows)) return undefined;
  const [row] = rows as readonly unknown[];
  if (row === undefined) return null;
  if (!isObject(row) || typeof row['sys_id'] !== 'string') return undefined;
  return { sysId: row['sys_id'], state: `${row['state'] ?? ''}`, told: `${row['correlation_display'] ?? ''}` };
}

function incidentOf(ticket: Ticket, id: string, config: ServiceNowConfig): JsonObject {
  const [impact, urgency] = RANKS[ticket.level];
  const note = 'Nothing happened; nothing to do.';
  return {
    ...config.fields,
    short_description: harmless(ticketTitle(ticket.content)),
    description: describe(ticket),
    impact,
    urgency,
    category: config.category,
    correlation_id: ticket.key,
    correlation_display: id.slice(0, 100),
    ...(ticket.state === 'over' ? closing(note, config) : {}),
  };
}

function changesOf(ticket: Ticket, id: string, { state }: Found, config: ServiceNowConfig): JsonObject {
  const [impact, urgency] = RANKS[ticket.level];
  const note = harmless(ticket.note ?? ticketTitle(ticket.content));
  return {
    short_description: harmless(ticketTitle(ticket.content)),
    description: describe(ticket),
    impact,
    urgency,
    correlation_display: id.slice(0, 100),
    ...(ticket.state === 'over' ? closing(note, config) : { work_notes: note, ...stateAfter(ticket, state) }),
  };
}

/** New until somebody looks at it; what was resolved and has news is in work again. */
function stateAfter({ state, opens }: Ticket, before: string): JsonObject {
  if (state === 'acknowledged' && before === '1') return { state: STATES.acknowledged };
  return opens && before === STATES.over ? { state: STATES.open } : {};
}

function closing(note: string, { close_code }: ServiceNowConfig): JsonObject {
  return { state: STATES.over, close_code, close_notes: note };
}

function describe(ticket: Ticket): string {
  return fittedTicket(
    ticket,
    (content) => harmless(ticketText(content)),
    (text) => text.length <= MOST,
  );
}

/** Journals read `[code]` as HTML. */
function harmless(text: string): string {
  return text.replace(/\[(?=\/?code)/gi, '(');
}
