import type { TokenScope } from './contract.ts';
import type { Bearer, TokensPort } from './ports.ts';
import { EVERYTHING } from './ports.ts';
import { Refusal } from './problem.ts';

/** What of a request decides who asks. */
export interface Asked {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly remoteAddress: string | undefined;
  readonly localAddress: string | undefined;
  /** The token in the query, where the route takes one there. */
  readonly queryToken: string | null;
}

/** Who asks from this machine without a token, where none is needed. */
const LOCAL: Bearer = {
  id: 'loopback',
  name: 'loopback',
  scopes: ['read'],
  source: null,
  speaksFor: [],
  sees: EVERYTHING,
};

const CURE =
  'Send "Authorization: Bearer TOKEN". The token is in the file that serve names when it starts, or made by an administrator.';

/** @throws Refusal if it is nobody, or may not */
export function bearerOf(asked: Asked, scope: TokenScope, isOpenOnLoopback: boolean, tokens: TokensPort): Bearer {
  const token = tokenIn(asked);
  if (token === null) {
    if (isOpenOnLoopback && isFromHere(asked)) return LOCAL;
    throw unknown('a token is needed');
  }
  const bearer = tokens.resolve(token);
  if (bearer === null) throw unknown('the token is not known, or it has expired');
  if (bearer.scopes.includes(scope)) return bearer;
  throw new Refusal(
    'CW-6002',
    `the token may not do this: it lacks the scope "${scope}"`,
    `Use a token that has the scope "${scope}".`,
  );
}

function unknown(message: string): Refusal {
  return new Refusal('CW-6001', message, CURE, { 'www-authenticate': 'Bearer realm="cosmowatch"' });
}

const BEARER = /^bearer +([\w\-.~+/]{1,1024}=*)$/i;

function tokenIn({ headers, queryToken }: Asked): string | null {
  const { authorization } = headers;
  if (typeof authorization !== 'string') return queryToken;
  return BEARER.exec(authorization)?.[1] ?? '';
}

/** From this machine, and not through a proxy that runs on it. */
function isFromHere({ remoteAddress, headers }: Asked): boolean {
  const isProxied = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined;
  return isLoopback(remoteAddress) && !isProxied;
}

export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && (address === '::1' || /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/.test(address));
}

/**
 * A page on the web can make a browser ask an address of this machine under the page's own name (DNS rebinding); such a request names a
 * host that is not this machine.
 * @param ownHosts lower-case hosts under which we are known: that of `external_url`
 */
export function checkHost({ headers, localAddress }: Asked, ownHosts: readonly string[]): void {
  const { host } = headers;
  if (host === undefined) throw new Refusal('CW-6005', 'the request names no host', 'Send the header Host.');
  if (!isLoopback(localAddress)) return;
  const name = typeof host === 'string' ? hostName(host) : null;
  if (name !== null && (isLoopbackName(name) || ownHosts.includes(name))) return;
  throw new Refusal(
    'CW-6010',
    'the request names a host that is not this one',
    'Ask 127.0.0.1 or localhost, or set external_url to the address under which cosmowatch is reached.',
  );
}

/** The name in `name:port`; null: it is none. */
function hostName(host: string): string | null {
  const found = /^(\[[0-9a-f:.]+\]|[^:[\]/@\s]+)(?::\d{1,5})?$/i.exec(host);
  return found?.[1]?.toLowerCase() ?? null;
}

function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}

/** The hosts that an `external_url` names. */
export function hostsOf(externalUrl: string | null): readonly string[] {
  const url = externalUrl === null ? null : URL.parse(externalUrl);
  return url === null ? [] : [url.hostname.toLowerCase()];
}
