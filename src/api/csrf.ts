import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { CSRF_HEADER } from './contract.ts';
import type { Session } from './ports.ts';
import { Refusal } from './problem.ts';
import type { Route } from './route.ts';

type Headers = FastifyRequest['headers'];

/**
 * A browser sends its cookie whoever made it ask. So a change by a session carries a value that only our own pages can read, in a header that
 * no other page can set. Who signs in proves himself with the body instead and need not have it, but no other page may do it for him: he
 * would work, unknowingly, as somebody else.
 * @throws Refusal
 */
export function checkOrigin(route: Route, headers: Headers, session: Session | null): void {
  if (route.method === 'GET' || route.method === 'OPTIONS') return;
  const isSignIn = route.scope === null && route.method === 'POST';
  if (session === null && !isSignIn) return;
  if (isFromElsewhere(headers)) throw refused('another page asked for this');
  if (!isSignIn && session !== null && !isSame(headers[CSRF_HEADER], session.csrf))
    throw refused(`the header ${CSRF_HEADER} is missing, or is of another session`);
}

function refused(message: string): Refusal {
  return new Refusal('CW-6017', message, `GET /api/v1/session gives "csrf": send it in the header ${CSRF_HEADER}.`);
}

/** What browsers say of the page that asks; programs say nothing. */
function isFromElsewhere({ 'sec-fetch-site': site, origin, host }: Headers): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && URL.parse(origin)?.host !== host?.toLowerCase();
}

function isSame(given: string | readonly string[] | undefined, wanted: string): boolean {
  return timingSafeEqual(hash('sha256', String(given ?? ''), 'buffer'), hash('sha256', wanted, 'buffer'));
}
