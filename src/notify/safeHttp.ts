import { lookup } from 'node:dns/promises';
import { type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { VERSION } from '../lib/version.ts';
import { refusalOf } from './addresses.ts';
import type { HttpAnswer, HttpRequest, SafeHttp } from './receiver.ts';

export interface SafeHttpOptions {
  /** All addresses of a name; throws where it has none. */
  readonly resolve: (name: string) => Promise<readonly string[]>;
  /** Milliseconds for all of it: name, connection, answer. */
  readonly timeout: number;
  /** Bytes of an answer that are read; the rest is not waited for. */
  readonly mostBody: number;
}

const DEFAULTS: SafeHttpOptions = {
  resolve: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
  timeout: 10_000,
  mostBody: 65_536,
};

/**
 * HTTP to where a user said. A name is resolved once, all its addresses are checked, and the connection goes to what was checked; redirects are
 * answers like any other. Every request has a connection of its own, so no pool and no proxy of the environment stands between check and use.
 * Reasons never hold the URL: its path may be the secret.
 */
export function safeHttp(options: Partial<SafeHttpOptions> = {}): SafeHttp {
  const settings = { ...DEFAULTS, ...options };
  return { send: (request, signal) => send(request, signal, settings) };
}

async function send(request: HttpRequest, signal: AbortSignal, settings: SafeHttpOptions): Promise<HttpAnswer> {
  const url = URL.parse(request.url);
  if (url === null) return failed('the URL cannot be read', true);
  const late = AbortSignal.timeout(settings.timeout);
  const either = AbortSignal.any([signal, late]);
  const why = (error: unknown): HttpAnswer =>
    failed(late.aborted ? `no answer within ${settings.timeout / 1000} s` : reasonOf(error), isOfNoUse(error));
  try {
    const addresses = await within(addressesOf(url, settings.resolve), either);
    const refusal = refusalOf(url, addresses, request.allow);
    if (refusal !== null) return failed(refusal, true);
    return await exchange(request, url, addresses, either, settings.mostBody);
  } catch (error) {
    return why(error);
  }
}

function failed(reason: string, refused: boolean): HttpAnswer {
  return { kind: 'failed', reason, refused };
}

/** The URL parser has already turned decimal, octal, hexadecimal and short forms of IPv4 into the usual one. */
async function addressesOf(url: URL, resolve: SafeHttpOptions['resolve']): Promise<readonly string[]> {
  const name = hostOf(url);
  if (isIP(name) !== 0) return [name];
  const found = await resolve(name);
  if (found.length === 0) throw Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
  return found;
}

/** Without the brackets that a URL puts around IPv6. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** Names are resolved by the system, which knows no signal. */
function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function exchange(
  request: HttpRequest,
  url: URL,
  addresses: readonly string[],
  signal: AbortSignal,
  mostBody: number,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const body = request.body === null ? null : Buffer.from(request.body);
    const sent = (url.protocol === 'http:' ? plainRequest : tlsRequest)({
      ...optionsOf(request, url, addresses, body?.length ?? null),
      signal,
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      // From here on an end of the connection is one of the body.
      sent.off('error', reject).on('error', () => {});
      readBody(response, mostBody).then((text) => {
        sent.destroy();
        resolve({
          kind: 'answer',
          status: response.statusCode ?? 0,
          headers: flatHeaders(response),
          body: text,
        });
      }, reject);
    });
    sent.end(body ?? undefined);
  });
}

function optionsOf(
  request: HttpRequest,
  url: URL,
  addresses: readonly string[],
  length: number | null,
): RequestOptions & {
  readonly servername?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
} {
  const name = hostOf(url);
  return {
    method: request.method,
    host: name,
    port: url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    headers: {
      'User-Agent': `cosmowatch/${VERSION}`,
      ...request.headers,
      Host: url.host,
      ...(length === null ? {} : { 'Content-Length': length }),
    },
    agent: false,
    lookup: lookupOf(addresses),
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...request.tls,
  };
}

/** Answers with what was checked, whatever is asked. */
function lookupOf(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, { all: wantsAll }, done) => {
    if (wantsAll) done(null, all);
    else done(null, all[0]!.address, all[0]!.family);
  };
}

/** What was read when the body ended, was cut, or came no further: the status has decided most already. */
async function readBody(response: IncomingMessage, most: number): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      pieces.push(piece);
      length += piece.length;
      if (length >= most) break;
    }
  } catch {
    // Reset or too slow in the middle.
  }
  return Buffer.concat(pieces).subarray(0, most).toString('utf8');
}

function flatHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

const REASONS: Readonly<Record<string, string>> = {
  ABORT_ERR: 'stopped before there was an answer',
  EAI_AGAIN: 'the name could not be resolved just now',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was closed before there was an answer',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ENOTFOUND: 'the name has no address',
  EPIPE: 'the connection was closed before there was an answer',
  ETIMEDOUT: 'no connection came about',
};

/** Where nothing but another configuration can help. */
const OF_NO_USE = new Set(['ERR_INVALID_CHAR', 'ERR_HTTP_INVALID_HEADER_VALUE', 'ERR_INVALID_HTTP_TOKEN']);

function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'ABORT_ERR';
}

/** By its code alone: messages of errors repeat what was sent. */
function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return REASONS[code] ?? `the connection failed (${code})`;
}

function isOfNoUse(error: unknown): boolean {
  return OF_NO_USE.has(codeOf(error));
}
