import { isLoopbackName, isProxied } from './host.ts';
import type { ApiPorts, Bearer, Session } from './ports.ts';
import { EVERYTHING } from './ports.ts';
import { Refusal } from './problem.ts';
import type { Route } from './route.ts';

/** What of a request decides who asks. */
export interface Asked {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly remoteAddress: string | undefined;
  readonly localAddress: string | undefined;
  /** The token in the query, where the route takes one there. */
  readonly queryToken: string | null;
  /** The session that the browser sends along with everything. */
  readonly cookie: string | null;
}

/** Who asks, and by which session if it is by one. */
export interface Who {
  readonly by: Bearer;
  readonly session: Session | null;
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

/** Who asks without anything, where everybody may. */
const NOBODY: Bearer = { ...LOCAL, id: 'nobody', name: 'nobody', scopes: [] };

const CURE =
  'Sign in, or send "Authorization: Bearer TOKEN". The token is in the file that serve names when it starts, or made by an administrator.';

type Asking = Pick<ApiPorts, 'tokens' | 'sessions'>;

/** @param isUse whether a session is kept from ending by it @throws Refusal if it is nobody, or may not */
export function whoAsks(asked: Asked, route: Route, ports: Asking, isUse: boolean): Who {
  const who = known(asked, ports, isUse);
  if (who === null) return { by: stranger(asked, route), session: null };
  const { by, session } = who;
  if (route.isForPeople === true && session === null) {
    const cure = 'Sign in with a browser.';
    throw new Refusal('CW-6002', 'this is for people who are signed in, and a token is nobody', cure);
  }
  if (route.scope === null || by.scopes.includes(route.scope)) return who;
  throw lacking(route.scope, session);
}

function known(asked: Asked, { tokens, sessions }: Asking, isUse: boolean): Who | null {
  const token = tokenIn(asked);
  if (token !== null) {
    const by = tokens.resolve(token);
    if (by === null) throw unknown('the token is not known, or it has expired');
    return { by, session: null };
  }
  const session = asked.cookie === null ? null : sessions.resolve(asked.cookie, isUse);
  return session === null ? null : { by: session.by, session };
}

function stranger(asked: Asked, route: Route): Bearer {
  if (route.isOpenOnLoopback === true && isFromHere(asked)) return LOCAL;
  if (route.scope === null) return NOBODY;
  throw unknown(asked.cookie === null ? 'a token is needed, or a session' : 'the session has ended');
}

function lacking(scope: string, session: Session | null): Refusal {
  if (session === null)
    return new Refusal(
      'CW-6002',
      `the token may not do this: it lacks the scope "${scope}"`,
      `Use a token that has the scope "${scope}".`,
    );
  const { role } = session.person;
  return new Refusal(
    'CW-6002',
    `as ${role} you may not do this: it needs "${scope}"`,
    'An admin can give you another role.',
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
  return isLoopback(remoteAddress) && !isProxied(headers);
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

/** The hosts that an `external_url` names. */
export function hostsOf(externalUrl: string | null): readonly string[] {
  const url = externalUrl === null ? null : URL.parse(externalUrl);
  return url === null ? [] : [url.hostname.toLowerCase()];
}
