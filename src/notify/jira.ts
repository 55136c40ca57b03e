import { z } from 'zod';
import { isObject, type JsonObject, objectIn, parseObject } from '../lib/json.ts';
import { secret } from '../lib/secretSchema.ts';
import { byteLength, failure, saidBy } from './answers.ts';
import { httpSettings, httpUrl, requestTo, reveal, textOrSecret } from './httpSettings.ts';
import { alertDocument, noteDocument } from './jiraText.ts';
import type { Level } from './levels.ts';
import type { Delivery, HttpAnswer, HttpRequest, Message, Receiver, ReceiverKind, ReceiverPorts } from './receiver.ts';
import { fittedTicket, type Ticket, ticketOf } from './ticket.ts';
import { ticketTitle } from './ticketText.ts';

const schema = z.strictObject({
  type: z.literal('jira'),
  ...httpSettings(),
  url: httpUrl().describe('Of the site: https://NAME.atlassian.net'),
  user: textOrSecret().describe('Mail address of who creates issues'),
  token: secret().describe('An API token of theirs'),
  project: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{1,99}$/, 'is no key of a project: SEC')
    .describe('Key of the project: SEC'),
  issue_type: z.string().min(1).max(60).default('Task').describe('Of new issues, as the project names it'),
  done: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .describe(
      'Name of the transition that ends an issue. Default: the first that leads to a status of the category Done',
    ),
  priority: z.boolean().default(true).describe('Set the priority: false where the project has no such field'),
  labels: z
    .array(z.string().regex(/^[^\s]{1,60}$/, 'is no label: it has no spaces'))
    .default([])
    .describe('More labels of new issues'),
});

type JiraConfig = z.output<typeof schema>;

export const jira: ReceiverKind<JiraConfig> = {
  type: 'jira',
  doc: 'Jira Cloud: one issue an alert, found again by its label, commented on and moved to Done',
  schema,
  create: (config, ports) => new Jira(config, ports),
};

const PACE = 500;
/** Bytes of a description; Jira refuses more than 32,767 characters. */
const MOST = 20_000;
/** An issue may be missing in searches for some seconds after it was made, and the answer to that may be lost. */
const INDEXED = 30_000;
/** Where we note, on the issue, what it was told last. */
const PROPERTY = 'cosmowatch.alert';

const CURE = '; check `url`, `user` and `token`, and that they may create and change issues in the project';

const PRIORITIES: Readonly<Record<Level, string>> = {
  critical: 'Highest',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  informational: 'Lowest',
};

interface Found {
  readonly id: string;
  readonly isDone: boolean;
  /** What it was told last. */
  readonly told: string;
}

/** A step that did not come to what it was for. */
interface Failed {
  readonly failed: Delivery;
}

/**
 * Looks before it writes: Jira makes two issues of two equal requests. The issue's own property holds the id of the message that was written last,
 * in the same request as the comment, so that a message whose answer was lost is not told again. `ref` is the id of the issue.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/
 */
class Jira implements Receiver {
  readonly pace = PACE;
  readonly #config: JiraConfig;
  readonly #ports: ReceiverPorts;

  constructor(config: JiraConfig, ports: ReceiverPorts) {
    this.#config = config;
    this.#ports = ports;
  }

  async deliver(message: Message, signal: AbortSignal): Promise<Delivery> {
    const ticket = ticketOf(message, this.#ports.clock.now());
    const found = await this.#find(ticket.key, message.ref, signal);
    if (found !== null && 'failed' in found) return found.failed;
    if (found?.told === message.id && (ticket.state !== 'over' || found.isDone)) return done(found);
    if (found === null) return ticket.opens ? this.#create(ticket, message.id, signal) : done(null);
    return this.#change(ticket, message.id, found, signal);
  }

  async #find(key: string, ref: string | null, signal: AbortSignal): Promise<Found | Failed | null> {
    const known = ref !== null && /^\d{1,15}$/.test(ref) ? { reconcileIssues: [Number(ref)] } : {};
    const answer = await this.#send('POST', '/rest/api/3/search/jql', signal, {
      jql: `project = "${this.#config.project}" AND labels = "${key}" ORDER BY created DESC`,
      fields: ['status'],
      properties: [PROPERTY],
      maxResults: 1,
      ...known,
    });
    const issues = answer.kind === 'answer' && answer.status === 200 ? parseObject(answer.body)?.['issues'] : null;
    if (!Array.isArray(issues)) return { failed: this.#delivery(answer, null) };
    const [issue] = issues as readonly unknown[];
    return isObject(issue) ? foundIn(issue) : null;
  }

  async #create(ticket: Ticket, id: string, signal: AbortSignal): Promise<Delivery> {
    const { project, issue_type, labels } = this.#config;
    const fields = {
      project: { key: project },
      issuetype: { name: issue_type },
      ...this.#fields(ticket),
      labels: ['cosmowatch', ticket.key, ...labels],
    };
    const properties = [propertyOf(id)];
    const answer = await this.#send('POST', '/rest/api/3/issue', signal, { fields, properties });
    const made = answer.kind === 'answer' && answer.status < 300 ? parseObject(answer.body)?.['id'] : null;
    if (typeof made !== 'string') return later(this.#delivery(answer, null));
    const found = { id: made, isDone: false, told: id };
    return ticket.state === 'over' ? this.#end(ticket, id, found, signal) : done(found);
  }

  async #change(ticket: Ticket, id: string, found: Found, signal: AbortSignal): Promise<Delivery> {
    if (ticket.state === 'over' && !found.isDone) return this.#end(ticket, id, found, signal);
    if (ticket.opens && found.isDone) return this.#reopen(ticket, id, found, signal);
    return this.#edit(ticket, id, found, signal);
  }

  async #edit(ticket: Ticket, id: string, found: Found, signal: AbortSignal): Promise<Delivery> {
    const body = { fields: this.#fields(ticket), ...noted(ticket, id) };
    return this.#delivery(await this.#send('PUT', `/rest/api/3/issue/${found.id}`, signal, body), found);
  }

  /** First what is said, then the end: a workflow's screen may have no place for a comment. */
  async #end(ticket: Ticket, id: string, found: Found, signal: AbortSignal): Promise<Delivery> {
    if (found.told !== id) {
      const told = await this.#edit(ticket, id, found, signal);
      if (told.kind !== 'delivered') return told;
    }
    const { done: name } = this.#config;
    const moved = await this.#move(found, (to) => (name === undefined ? to.isDone : to.name === name), signal);
    if (moved !== null) return moved;
    const wanted = name === undefined ? 'leads to a status of the category Done' : `is called ${name}`;
    this.#ports.log.warn({ receiver: 'jira', issue: found.id }, `no transition ${wanted}: the issue stays open`);
    return done(found);
  }

  /** Where the workflow leads nowhere back, an issue of its own. */
  async #reopen(ticket: Ticket, id: string, found: Found, signal: AbortSignal): Promise<Delivery> {
    const moved = await this.#move(found, (to) => !to.isDone, signal);
    if (moved === null) return this.#create(ticket, id, signal);
    return moved.kind === 'delivered' ? this.#edit(ticket, id, found, signal) : moved;
  }

  /** Null: the workflow has no such transition. */
  async #move(found: Found, isWanted: (to: Transition) => boolean, signal: AbortSignal): Promise<Delivery | null> {
    const path = `/rest/api/3/issue/${found.id}/transitions`;
    const answer = await this.#send('GET', path, signal, null);
    const listed = answer.kind === 'answer' && answer.status === 200 ? parseObject(answer.body)?.['transitions'] : null;
    if (!Array.isArray(listed)) return this.#delivery(answer, null);
    const wanted = (listed as readonly unknown[]).flatMap(transitionsIn).find(isWanted);
    if (wanted === undefined) return null;
    return this.#delivery(await this.#send('POST', path, signal, { transition: { id: wanted.id } }), found);
  }

  #fields({ content, ...ticket }: Ticket): JsonObject {
    const description = fittedTicket(
      { content, ...ticket },
      (one) => alertDocument(one),
      (made) => byteLength(made) <= MOST,
    );
    const priority = this.#config.priority ? { priority: { name: PRIORITIES[ticket.level] } } : {};
    return { summary: ticketTitle(content), description, ...priority };
  }

  #send(method: HttpRequest['method'], path: string, signal: AbortSignal, body: JsonObject | null) {
    const { user, token } = this.#config;
    const pair = Buffer.from(`${reveal(user)}:${token.reveal()}`).toString('base64');
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json', Authorization: `Basic ${pair}` };
    const text = body === null ? null : JSON.stringify(body);
    return this.#ports.http.send(requestTo(this.#config, { method, path, headers, body: text }), signal);
  }

  #delivery(answer: HttpAnswer, found: Found | null): Delivery {
    const now = this.#ports.clock.now();
    if (answer.kind === 'failed') return failure(answer, now);
    if (answer.status === 204 && found !== null) return done(found);
    if (answer.status < 300) return { kind: 'retry', after: null, reason: 'what answered was not the API of Jira' };
    const { user, token } = this.#config;
    return failure(answer, now, saidBy(errorsIn(answer.body), [token.reveal(), reveal(user)]), CURE);
  }
}

/** An issue that was perhaps made is looked for when searches know it. */
function later(delivery: Delivery): Delivery {
  if (delivery.kind !== 'retry') return delivery;
  return { ...delivery, after: Math.max(INDEXED, delivery.after ?? 0) };
}

function done(found: Found | null): Delivery {
  return { kind: 'delivered', ref: found?.id ?? null };
}

function foundIn(issue: JsonObject): Found | null {
  const { id } = issue;
  if (typeof id !== 'string' || !/^\d{1,15}$/.test(id)) return null;
  const status = objectIn(objectIn(issue, 'fields') ?? {}, 'status') ?? {};
  const told = objectIn(objectIn(issue, 'properties') ?? {}, PROPERTY)?.['message'];
  return { id, isDone: categoryOf(status) === 'done', told: typeof told === 'string' ? told : '' };
}

interface Transition {
  readonly id: string;
  readonly name: string;
  readonly isDone: boolean;
}

function transitionsIn(value: unknown): Transition[] {
  if (!isObject(value) || typeof value['id'] !== 'string') return [];
  const isDone = categoryOf(objectIn(value, 'to') ?? {}) === 'done';
  return [{ id: value['id'], name: `${value['name'] ?? ''}`, isDone }];
}

/** `new`, `indeterminate` or `done`, whatever a workflow calls its statuses. */
function categoryOf(status: JsonObject): unknown {
  return objectIn(status, 'statusCategory')?.['key'];
}

function propertyOf(id: string): JsonObject {
  return { key: PROPERTY, value: { message: id } };
}

/** What is new, and that it was told, in one request. */
function noted({ note, content }: Ticket, id: string): JsonObject {
  const properties = [propertyOf(id)];
  if (note === null) return { properties };
  return { properties, update: { comment: [{ add: { body: noteDocument(note, content.footer) } }] } };
}

function errorsIn(body: string): string {
  const read = parseObject(body);
  const general = Array.isArray(read?.['errorMessages']) ? read['errorMessages'].map((one) => `${one}`) : [];
  const fields = Object.entries(objectIn(read ?? {}, 'errors') ?? {}).map(([name, why]) => `${name}: ${why}`);
  return [...general, ...fields].join('; ');
}
