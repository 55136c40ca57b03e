import { z } from 'zod';
import { type JsonObject, parseObject } from '../lib/json.ts';
import { secret } from '../lib/secretSchema.ts';
import { visible } from '../report/text.ts';
import { failure, saidBy } from './answers.ts';
import { httpSettings, httpUrl, requestTo } from './httpSettings.ts';
import type { Level } from './levels.ts';
import type { Delivery, HttpAnswer, HttpRequest, Message, Receiver, ReceiverKind, ReceiverPorts } from './receiver.ts';
import { fittedTicket, type Ticket, ticketOf } from './ticket.ts';
import { ticketText, ticketTitle } from './ticketText.ts';

const schema = z.strictObject({
  type: z.literal('opsgenie'),
  ...httpSettings(),
  url: httpUrl()
    .default('https://api.opsgenie.com')
    .describe(
      'In the EU https://api.eu.opsgenie.com; for Jira Service Management https://api.atlassian.com/jsm/ops/integration',
    ),
  api_key: secret().describe('Of an API integration that may create and change alerts'),
  tags: z.array(z.string().min(1).max(50)).max(10).default([]).describe('More tags of new alerts'),
});

type OpsgenieConfig = z.output<typeof schema>;

export const opsgenie: ReceiverKind<OpsgenieConfig> = {
  type: 'opsgenie',
  doc: 'Opsgenie, or alerts of Jira Service Management: one alert by its alias, acknowledged and closed with ours',
  schema,
  create: (config, ports) => new Opsgenie(config, ports),
};

const PACE = 250;
/** Documented: 15,000 characters of a description, 25,000 of a note. */
const DESCRIPTION = 12_000;

const CURE = '; check `api_key`, and `url`: the EU has another one';

const PRIORITIES: Readonly<Record<Level, string>> = {
  critical: 'P1',
  high: 'P2',
  medium: 'P3',
  low: 'P4',
  informational: 'P5',
};

/** https://docs.opsgenie.com/docs/alert-api and https://docs.opsgenie.com/docs/alert-api-continued */
interface Request {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly body: JsonObject;
}

/**
 * An open alias makes of a second create a count, which calls nobody. Everything is queued: an answer says only that it was taken. `ref` is the
 * level that was told last.
 */
class Opsgenie implements Receiver {
  readonly pace = PACE;
  readonly #config: OpsgenieConfig;
  readonly #ports: ReceiverPorts;

  constructor(config: OpsgenieConfig, ports: ReceiverPorts) {
    this.#config = config;
    this.#ports = ports;
  }

  async deliver(message: Message, signal: AbortSignal): Promise<Delivery> {
    const ticket = ticketOf(message, this.#ports.clock.now());
    for (const request of requestsOf(ticket, message.ref, this.#config)) {
      const told = await this.#send(request, signal);
      if (told.kind !== 'delivered') return told;
    }
    return { kind: 'delivered', ref: ticket.level };
  }

  async #send({ method, path, body }: Request, signal: AbortSignal): Promise<Delivery> {
    const key = this.#config.api_key.reveal();
    const headers = { 'Content-Type': 'application/json', Authorization: `GenieKey ${key}` };
    const request = requestTo(this.#config, { method, path, headers, body: JSON.stringify(body) });
    const answer = await this.#ports.http.send(request, signal);
    return deliveryOf(answer, this.#ports.clock.now(), key);
  }
}

function deliveryOf(answer: HttpAnswer, now: number, key: string): Delivery {
  if (answer.kind === 'failed') return failure(answer, now);
  const body = parseObject(answer.body);
  if (answer.status < 300) {
    if (typeof body?.['requestId'] === 'string') return { kind: 'delivered', ref: null };
    return { kind: 'retry', after: null, reason: 'what answered was not the API of Opsgenie' };
  }
  const told = body?.['message'];
  return failure(answer, now, saidBy(typeof told === 'string' ? told : '', [key]), CURE);
}

function requestsOf(ticket: Ticket, ref: string | null, config: OpsgenieConfig): readonly Request[] {
  const { state, opens, content } = ticket;
  const note = { source: 'cosmowatch', note: harmless(ticket.note ?? ticketTitle(ticket.content)) };
  const created = opens ? [create(ticket, config)] : [];
  if (state === 'over') return [...created, about(ticket, 'POST', 'close', note)];
  if (ref === null && opens) return created;
  const changed = [...created, ...changes(ticket, ref)];
  if (content.kind === 'alert' && content.change === 'acknowledged')
    return [...changed, about(ticket, 'POST', 'acknowledge', note)];
  return [...changed, about(ticket, 'POST', 'notes', note)];
}

/** A second create changes nothing of an open alert. */
function changes(ticket: Ticket, ref: string | null): readonly Request[] {
  const priority = about(ticket, 'PUT', 'priority', { priority: PRIORITIES[ticket.level] });
  return [
    ...(ref === ticket.level ? [] : [priority]),
    about(ticket, 'PUT', 'message', { message: harmless(ticketTitle(ticket.content)) }),
    about(ticket, 'PUT', 'description', { description: describe(ticket) }),
  ];
}

function create(ticket: Ticket, { tags }: OpsgenieConfig): Request {
  const { content, level, key, entity, rule } = ticket;
  const body = {
    message: harmless(ticketTitle(content)),
    alias: key,
    description: describe(ticket),
    entity: harmless(entity).slice(0, 500).toWellFormed(),
    source: 'cosmowatch',
    priority: PRIORITIES[level],
    tags: ['cosmowatch', harmless(visible(rule)).slice(0, 50).toWellFormed(), ...tags],
    details: detailsOf(ticket),
  };
  return { method: 'POST', path: '/v2/alerts', body };
}

function detailsOf({ content, level }: Ticket): JsonObject {
  if (content.kind !== 'alert') return { level };
  const fields = content.fields.map(({ name, value }) => [name.toLowerCase().replaceAll(' ', '_'), harmless(value)]);
  return { level, ...Object.fromEntries(fields) };
}

function about({ key }: Ticket, method: Request['method'], what: string, body: JsonObject): Request {
  return { method, path: `/v2/alerts/${encodeURIComponent(key)}/${what}?identifierType=alias`, body };
}

function describe(ticket: Ticket): string {
  return fittedTicket(
    ticket,
    (content) => harmless(ticketText(content)),
    (text) => text.length <= DESCRIPTION,
  );
}

/** Opsgenie takes HTML in texts. */
function harmless(text: string): string {
  return text.replaceAll('<', '\u2039').replaceAll('>', '\u203a');
}
