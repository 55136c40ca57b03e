import type { FastifyReply, FastifyRequest } from 'fastify';
import { UserError } from '../lib/errors.ts';
import { visibleCharacters } from '../lib/visible.ts';
import type { Log } from '../telemetry/log.ts';
import { tooLarge } from './body.ts';
import { asRefusal, INTERNAL, problemOf, Refusal } from './problem.ts';
import type { Route } from './route.ts';

export async function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
): Promise<void> {
  const refusal = refusalOf(error);
  const route = request.routeOptions.url ?? '';
  if (refusal === null) {
    log.error({ route, method: request.method, error: shown(error) }, 'a request failed');
    return void reply.code(500).send(INTERNAL);
  }
  if ([401, 403, 421].includes(refusal.status)) {
    const from = request.socket.remoteAddress ?? '';
    log.warn({ route, method: request.method, from, code: refusal.code }, 'a request was refused');
  }
  void reply.headers(refusal.headers).code(refusal.status).send(problemOf(refusal));
}

export function shown(error: unknown): string {
  return visibleCharacters(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

function refusalOf(error: unknown): Refusal | null {
  const refusal = asRefusal(error);
  if (refusal !== null) return refusal;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge('the body is larger than is taken at once');
  const isClientFault = code.startsWith('FST_ERR_CTP_') || code === 'FST_ERR_BAD_URL';
  return isClientFault ? new Refusal('CW-6005', 'the request is not valid HTTP', 'Send it as HTTP/1.1.') : null;
}

/** Nothing is at a path; 405 where only the method is wrong. */
export function notFound(method: string, path: string, routes: readonly Route[]): Refusal {
  const methods = routes.filter((route) => patternOf(route.path).test(path)).flatMap(methodsOf);
  if (methods.length === 0) return new Refusal('CW-6003', 'nothing is here', '/api/v1/openapi.json lists what is.');
  const allow = methods.join(', ');
  return new Refusal('CW-6004', `${method} is not answered here`, `Use one of: ${allow}.`, { allow });
}

/** HEAD is answered where GET is; a stream has no end, so no head without it. */
export function methodsOf({ method, kind }: Route): string[] {
  return method === 'GET' && kind === 'call' ? ['GET', 'HEAD'] : [method];
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/:\w+/g, '[^/]+')}$`);
}

/** What only a person can cure. */
export function listenError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND'].includes(code)) return error;
  return new UserError('CW-6014', `cannot listen at ${host}:${port} (${code})`, {
    cure: 'Name another address or port with --listen, or stop the program that has it.',
  });
}
