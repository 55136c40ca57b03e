import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { Limits } from './body.ts';
import { SECURITY_HEADERS } from './headers.ts';
import { problemOf, Refusal } from './problem.ts';

/** Milliseconds without a byte in either direction after which a connection is cut; streams of events have signs of life. */
const IDLE = 300_000;

/** Fastify without its own answers: what it says before a route is found has our form too. Bodies are bytes. */
export function makeFastify(limits: Limits): FastifyInstance {
  const app = fastify({
    logger: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestTimeout: limits.arrival,
    connectionTimeout: IDLE,
    bodyLimit: limits.json,
    http: {
      // A request without a host is refused by us, in our form.
      requireHostHeader: false,
      // Node looks at the time of a request only if that of its head is no longer.
      headersTimeout: Math.min(30_000, limits.arrival),
      requestTimeout: limits.arrival,
      connectionsCheckingInterval: Math.max(100, Math.min(10_000, limits.arrival / 4)),
      maxHeaderSize: 16 << 10,
    },
    routerOptions: { maxParamLength: 200 },
    clientErrorHandler: (error, socket) => {
      if (socket.writable) socket.end(rawRefusal(error.code));
      else socket.destroy();
    },
    frameworkErrors: (_error, _request, reply) => {
      const bad = new Refusal('CW-6005', 'the path is not valid', 'Percent-encode what is not ASCII.');
      void (reply as FastifyReply).headers(SECURITY_HEADERS).code(bad.status).send(problemOf(bad));
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  return app;
}

/** For requests that are no HTTP, or did not arrive in time: there is nothing yet that could answer them. */
function rawRefusal(code: string | undefined): string {
  const isLate = code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const refusal = isLate
    ? new Refusal('CW-6011', 'the request took too long to arrive', 'Send less at once, or faster.')
    : new Refusal('CW-6005', 'the request is not valid HTTP', 'Send it as HTTP/1.1.');
  const body = JSON.stringify(problemOf(refusal));
  const headers = Object.entries({
    ...SECURITY_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${refusal.status} ${isLate ? 'Request Timeout' : 'Bad Request'}\r\n${lines}\r\n${body}`;
}
