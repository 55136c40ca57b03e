import type { FastifyRequest } from 'fastify';
import { type Asked, bearerOf } from './access.ts';
import { checkEncoding, checkType } from './body.ts';
import type { ApiPorts, Bearer } from './ports.ts';
import { later, Refusal } from './problem.ts';
import type { PushedRoute, Route, StreamRoute, Tools } from './route.ts';

/** Who asks, and of a push: which source it is for. */
export type Admitted = { readonly by: Bearer; readonly source: string | null };

/** Everything that can be known before the body is read. @throws Refusal */
export function admit(route: Route, request: FastifyRequest, { ports, live }: Tools): Admitted {
  const inQuery = route.kind === 'push' && route.takesTokenInQuery ? queryToken(request) : null;
  const by = bearerOf(askedOf(request, inQuery), route.scope, route.isOpenOnLoopback === true, ports.tokens);
  switch (route.kind) {
    case 'stream':
      live.checkRoom();
      return { by, source: null };
    case 'call':
      if (hasBody(request)) checkType(request.headers['content-type'], ['application/json']);
      return { by, source: null };
    case 'push':
      return { by, source: admitPush(route, request, by, ports) };
  }
}

function admitPush(route: PushedRoute, request: FastifyRequest, bearer: Bearer, { logs }: ApiPorts): string {
  const source = logs.sourceAt(route.method, route.path, bearer.source);
  if (source === null) {
    const cure = 'Use a token of a source that takes records there, or name such a source in the configuration.';
    throw new Refusal('CW-6002', 'the token belongs to no source that takes records here', cure);
  }
  if (route.types.length > 0) checkType(request.headers['content-type'], route.types);
  checkEncoding(request.headers['content-encoding']);
  const length = Number(request.headers['content-length'] ?? 0);
  const wait = length > 0 ? logs.admit(source, length) : null;
  if (wait !== null) throw later('CW-6008', 'more records came than can be taken now', wait);
  return source;
}

/** Asked again while a stream is open: tokens end. */
export function mayStill(route: StreamRoute, request: FastifyRequest, { ports }: Tools): boolean {
  try {
    bearerOf(askedOf(request, null), route.scope, false, ports.tokens);
    return true;
  } catch {
    return false;
  }
}

export function askedOf({ headers, socket }: FastifyRequest, token: string | null): Asked {
  return { headers, remoteAddress: socket.remoteAddress, localAddress: socket.localAddress, queryToken: token };
}

function queryToken(request: FastifyRequest): string | null {
  const { token } = request.query as Record<string, unknown>;
  return typeof token === 'string' ? token : null;
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
