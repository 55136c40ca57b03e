import type { FastifyReply, FastifyRequest } from 'fastify';
import { UserError } from '../lib/errors.ts';
import type { Who } from './access.ts';
import { type AdmittedPush, askForRoom, busy } from './admit.ts';
import { checked, expanded, jsonBody } from './body.ts';
import { SECURITY_HEADERS } from './headers.ts';
import type { Bearer, PushedAnswer } from './ports.ts';
import { asRefusal, later } from './problem.ts';
import { shown } from './refused.ts';
import type { Answer, Call, CallRoute, PushedRoute, Tools } from './route.ts';
import type { LiveStream } from './stream.ts';
import { visitOf } from './visit.ts';

/** What happens to a request that was let in, for each kind of route. */

const NO_BODY = new Uint8Array();

/** @throws Refusal */
export async function runCall(
  route: CallRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  tools: Tools & Who,
): Promise<void> {
  const params = request.params as Readonly<Record<string, string>>;
  const query = route.query === null ? null : checked({ ...(request.query as object) }, route.query, 'query');
  const bytes = (request.body as Uint8Array | undefined) ?? NO_BODY;
  const body = route.body === null ? null : jsonBody(bytes, route.body);
  const {
    status,
    headers = {},
    body: answer,
    type,
  } = await audited(route, {
    ...tools,
    visit: visitOf(request, tools.externalUrl, tools.proxies()),
    params,
    query,
    body,
  });
  for (const [name, value] of Object.entries(headers)) void reply.header(name, value);
  void reply.code(status);
  if (type !== undefined) void reply.header('content-type', type);
  await reply.send(answer);
}

/** A change is written down before it is made, and again if it was not. */
async function audited(route: CallRoute, call: Call): Promise<Answer> {
  if (route.audit === null || route.isAuditedInside) return route.handle(call);
  const detail = (call.body ?? {}) as Readonly<Record<string, unknown>>;
  const entry = { by: call.by.name, action: route.audit, target: call.params['id'] ?? null, detail };
  await call.ports.audit.record({ ...entry, outcome: 'asked' });
  try {
    return await route.handle(call);
  } catch (error) {
    const why = error instanceof UserError ? error.code : 'CW-9001';
    await call.ports.audit.record({ ...entry, outcome: 'failed', detail: { why } });
    throw error;
  }
}

/** Seconds after which a sender tries again when nothing could be stored. */
const RETRY_AFTER = 5;

/** @throws Refusal */
export async function runPush(
  route: PushedRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  tools: Tools & { readonly by: Bearer },
  { source, hold }: AdmittedPush,
): Promise<void> {
  const { ports, limits, log } = tools;
  const sent = (request.body as Uint8Array | undefined) ?? NO_BODY;
  const body = await expanded(sent, request.headers['content-encoding'], limits);
  if (!hold.resize(body.length)) throw busy(1);
  if (body.length > sent.length || request.headers['content-length'] === undefined)
    askForRoom(ports.logs, source, body.length);
  const pushed = {
    query: queryOf(request),
    headers: headersOf(request),
    body,
    speaksFor: tools.by.speaksFor,
  };
  let answer: PushedAnswer;
  try {
    answer = await ports.logs.push(source, route.method, route.path, pushed);
  } catch (error) {
    const refusal = asRefusal(error);
    if (refusal !== null) throw refusal;
    log.error({ source, route: route.path, error: shown(error) }, 'pushed records could not be stored');
    throw later('CW-6009', 'the records could not be stored', RETRY_AFTER);
  }
  void reply.code(answer.status).headers(answer.headers ?? {});
  await reply.send(answer.body instanceof Uint8Array ? Buffer.from(answer.body) : answer.body);
}

function queryOf(request: FastifyRequest): ReadonlyMap<string, string> {
  const entries = Object.entries(request.query as Record<string, unknown>);
  return new Map(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[0] !== 'token'),
  );
}

const TELLS_TOKEN = new Set(['authorization', 'cookie', 'proxy-authorization']);

function headersOf(request: FastifyRequest): Record<string, string | undefined> {
  const entries = Object.entries(request.headers).filter(([name]) => !TELLS_TOKEN.has(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
}

interface Streamed {
  readonly live: LiveStream;
  readonly by: Bearer;
  isAllowed(): boolean;
}

export function runStream(request: FastifyRequest, reply: FastifyReply, { live, by, isAllowed }: Streamed): void {
  const lastId = request.headers['last-event-id'];
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...SECURITY_HEADERS,
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  });
  const outlet = {
    write: (text: string) => void raw.write(text),
    waiting: () => raw.writableLength,
    end: () => void raw.end(),
    drop: () => void raw.destroy(),
  };
  const close = live.open(outlet, by.sees, typeof lastId === 'string' ? lastId : null, isAllowed);
  raw.on('close', close);
  raw.on('error', close);
}
