import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { isAllowed } from '../notify/addresses.ts';
import { isLoopbackName, isProxied } from './host.ts';
import { Refusal } from './problem.ts';

/*
 * Where a browser sees us, and the cookies that it keeps for us there. Over https they carry the prefix `__Host-`: no other host of the same
 * domain can set or overwrite them, and they never travel in the clear. On this machine, over plain http, browsers keep no such cookie; there
 * the name carries the port, because cookies of one host are shared by all its ports.
 */

export interface Visit {
  /** Of who asks, for lock-outs. */
  readonly address: string;
  /** `https://watch.contoso.example`; null: no browser would keep a session there. */
  readonly base: string | null;
  readonly cookies: Cookies;
}

interface Cookies {
  /** What was sent. */
  readonly session: string | null;
  readonly flow: string | null;
  /** The header that makes a browser keep a value; null: forget it. */
  set(kind: Kind, value: string | null, seconds: number): string;
}

type Kind = 'session' | 'flow';

const SECURE: Readonly<Record<Kind, string>> = { session: '__Host-cosmowatch', flow: '__Host-cosmowatch-oidc' };
const PLAIN: Readonly<Record<Kind, string>> = { session: 'cosmowatch-session', flow: 'cosmowatch-oidc' };

export function visitOf(
  { headers, socket }: Pick<FastifyRequest, 'headers' | 'socket'>,
  externalUrl: string | null,
  proxies: readonly string[],
): Visit {
  const plain = plainHost(headers);
  const external = externalUrl?.startsWith('https:') ? externalUrl : null;
  return {
    address: addressOf(socket.remoteAddress ?? '', headers['x-forwarded-for'], proxies),
    base: plain === null ? external : `http://${plain}`,
    cookies: cookiesOf(headers, plain),
  };
}

/** @throws Refusal where no session can be kept */
export function baseOf({ base }: Visit): string {
  if (base !== null) return base;
  const cure = 'Set external_url to the https address under which people reach cosmowatch, or use http://localhost.';
  throw new Refusal('CW-6023', 'signing in needs https', cure);
}

type Headers = FastifyRequest['headers'];

/** `127.0.0.1:7070`, if the browser runs on this machine and no proxy stands between; null: else. */
function plainHost(headers: Headers): string | null {
  const { host = '' } = headers;
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return isLoopbackName(name) && !isProxied(headers) ? host.toLowerCase() : null;
}

/** The session that a request carries. */
export function sessionCookie(headers: Headers): string | null {
  return cookiesOf(headers, plainHost(headers)).session;
}

function cookiesOf({ cookie = '' }: Headers, plain: string | null): Cookies {
  const port = plain === null ? '' : `-${/:(\d+)$/.exec(plain)?.[1] ?? '80'}`;
  const nameOf = (kind: Kind): string => (plain === null ? SECURE[kind] : PLAIN[kind] + port);
  const sent = (kind: Kind): string | null => valueIn(cookie, nameOf(kind));
  return {
    session: sent('session'),
    flow: sent('flow'),
    set: (kind, value, seconds) => {
      const kept = value === null ? '; Max-Age=0' : `; Max-Age=${Math.ceil(seconds)}`;
      return `${nameOf(kind)}=${value ?? ''}; Path=/; HttpOnly; SameSite=Lax${kept}${plain === null ? '; Secure' : ''}`;
    },
  };
}

function valueIn(cookie: string, name: string): string | null {
  for (const part of cookie.split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name)
      return /^[\w-]{1,200}$/.exec(part.slice(at + 1).trim())?.[0] ?? null;
  }
  return null;
}

/** Who asks a proxy that is trusted, as that proxy says; of several, the last that is none of them. */
function addressOf(
  remote: string,
  forwarded: string | readonly string[] | undefined,
  proxies: readonly string[],
): string {
  let address = remote;
  const told = String(forwarded ?? '').split(',');
  while (told.length > 0 && isAllowed(address, proxies)) {
    const next = told.pop()!.trim();
    if (isIP(next) === 0) break;
    address = next;
  }
  return address;
}
