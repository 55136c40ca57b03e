import type { FastifyRequest } from 'fastify';
import { type Asked, type Who, whoAsks } from './access.ts';
import { checkEncoding, checkType } from './body.ts';
import { checkOrigin } from './csrf.ts';
import type { Bearer, LogsPort } from './ports.ts';
import { later, Refusal } from './problem.ts';
import type { Hold } from './room.ts';
import type { PushedRoute, Route, StreamRoute, Tools } from './route.ts';
import { sessionCookie } from './visit.ts';

/** Who asks, and of a push: which source it is for, and the room that its body has. */
export interface Admitted extends Who {
  readonly push: AdmittedPush | null;
}

export interface AdmittedPush {
  readonly source: string;
  readonly hold: Hold;
}

/** Everything that can be known before the body is read. @throws Refusal */
export function admit(route: Route, request: FastifyRequest, tools: Tools): Admitted {
  const { ports, live } = tools;
  const inQuery = route.kind === 'push' && route.takesTokenInQuery ? queryToken(request) : null;
  const who = whoAsks(askedOf(request, inQuery), route, ports, route.kind !== 'stream');
  checkOrigin(route, request.headers, who.session);
  switch (route.kind) {
    case 'stream':
      live.checkRoom();
      return { ...who, push: null };
    case 'call':
      if (hasBody(request)) checkType(request.headers['content-type'], ['application/json']);
      return { ...who, push: null };
    case 'push':
      return { ...who, push: admitPush(route, request, who.by, tools) };
  }
}

function admitPush(route: PushedRoute, request: FastifyRequest, by: Bearer, tools: Tools): AdmittedPush {
  const { ports, room, limits } = tools;
  const source = ports.logs.sourceAt(route.method, route.path, by.source);
  if (source === null) {
    const cure = 'Use a token of a source that takes records there, or name such a source in the configuration.';
    throw new Refusal('CW-6002', 'the token belongs to no source that takes records here', cure);
  }
  const { 'content-type': type, 'content-encoding': encoding, 'content-length': told } = request.headers;
  if (route.types.length > 0) checkType(type, route.types);
  checkEncoding(encoding);
  if (told !== undefined) askForRoom(ports.logs, source, Number(told));
  // A body of untold length may be as long as any.
  const hold = room.hold(Math.min(told === undefined ? limits.sent : Number(told), limits.sent));
  if (hold === null) throw busy(1);
  return { source, hold };
}

/** @throws Refusal if there is none for so many bytes */
export function askForRoom(logs: LogsPort, source: string, bytes: number): void {
  const wait = bytes > 0 ? logs.admit(source, bytes) : null;
  if (wait !== null) throw busy(wait);
}

export function busy(seconds: number): Refusal {
  return later('CW-6008', 'more records came than can be taken now', seconds);
}

/** Asked again while a stream is open: tokens end, and so do sessions, which looking on does not keep. */
export function mayStill(route: StreamRoute, request: FastifyRequest, { ports }: Tools): boolean {
  try {
    whoAsks(askedOf(request, null), route, ports, false);
    return true;
  } catch {
    return false;
  }
}

export function askedOf({ headers, socket }: FastifyRequest, token: string | null): Asked {
  const { remoteAddress, localAddress } = socket;
  return { headers, remoteAddress, localAddress, queryToken: token, cookie: sessionCookie(headers) };
}

function queryToken(request: FastifyRequest): string | null {
  const { token } = request.query as Record<string, unknown>;
  return typeof token === 'string' ? token : null;
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
