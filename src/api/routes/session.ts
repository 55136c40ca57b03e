import { isoOf } from '../../lib/iso.ts';
import {
  done,
  linkPasswordRequest,
  oidcCallbackQuery,
  oidcQuery,
  ownPasswordRequest,
  type SessionAnswer,
  session,
  sessionRequest,
  setupRequest,
  ways,
} from '../contract.ts';
import type { Begun, OidcRefused, Session } from '../ports.ts';
import { Refusal } from '../problem.ts';
import { type Answer, call, ok, type Route } from '../route.ts';
import { baseOf, type Visit } from '../visit.ts';

/** How long somebody may take at the other side, in seconds. */
const FLOW = 600;

const read = call({
  method: 'GET',
  path: '/api/v1/session',
  doc: 'Who is signed in; never refused',
  scope: null,
  answer: session,
  handle: async ({ session: held }) => ok(answerOf(held)),
});

const waysIn = call({
  method: 'GET',
  path: '/api/v1/session/ways',
  doc: 'How one can sign in',
  scope: null,
  answer: ways,
  handle: async ({ ports }) => ok(ports.sessions.ways()),
});

const begin = call({
  method: 'POST',
  path: '/api/v1/session',
  doc: 'Signs in: the answer sets the cookie of the session',
  scope: null,
  body: sessionRequest,
  answer: session,
  audit: 'session.begin',
  isAuditedInside: true,
  handle: async ({ ports, visit, session: held, body: { name, password, demo } }) => {
    baseOf(visit);
    if (demo === true) return begun(visit, (await ports.sessions.beginDemo()) ?? noDemo());
    if (name === undefined || password === undefined)
      throw new Refusal('CW-6005', 'the body is not valid: name, password: both are needed', 'Send both.');
    const made = await ports.sessions.begin(name, password, visit.address);
    // What another one was signed in with here is not left behind.
    if (held !== null) await ports.sessions.end(held);
    return begun(visit, made);
  },
});

const end = call({
  method: 'DELETE',
  path: '/api/v1/session',
  doc: 'Signs out here',
  scope: null,
  answer: done,
  audit: 'session.end',
  isAuditedInside: true,
  handle: async ({ ports, visit, session: held }) => {
    if (held !== null) await ports.sessions.end(held);
    return forgotten(visit);
  },
});

const endAll = call({
  method: 'DELETE',
  path: '/api/v1/sessions',
  doc: 'Signs out everywhere',
  scope: 'read',
  isForPeople: true,
  answer: done,
  audit: 'session.end_all',
  handle: async ({ ports, visit, session: held }) => {
    await ports.sessions.endAll(held!);
    return forgotten(visit);
  },
});

const changePassword = call({
  method: 'POST',
  path: '/api/v1/session/password',
  doc: 'Another password; the other sessions end',
  scope: 'read',
  isForPeople: true,
  body: ownPasswordRequest,
  answer: done,
  audit: 'session.password',
  isAuditedInside: true,
  handle: async ({ ports, visit, session: held, body }) => {
    await ports.sessions.changePassword(held!, body.old, body.password, visit.address);
    return ok({ done: true });
  },
});

const setUp = call({
  method: 'POST',
  path: '/api/v1/setup',
  doc: 'Makes the first admin, with the link that the first start wrote, and signs in',
  scope: null,
  body: setupRequest,
  answer: session,
  audit: 'session.setup',
  isAuditedInside: true,
  handle: async ({ ports, visit, body: { code, name, password } }) => {
    baseOf(visit);
    return begun(visit, await ports.sessions.setUp(code, name, password));
  },
});

const choosePassword = call({
  method: 'POST',
  path: '/api/v1/password',
  doc: 'Chooses a password with a one-time link, and signs in',
  scope: null,
  body: linkPasswordRequest,
  answer: session,
  audit: 'session.choose_password',
  isAuditedInside: true,
  handle: async ({ ports, visit, body: { code, password } }) => {
    baseOf(visit);
    return begun(visit, await ports.sessions.choosePassword(code, password));
  },
});

const oidc = call({
  method: 'GET',
  path: '/api/v1/session/oidc',
  doc: 'Goes to the identity provider, and comes back to `to`',
  scope: null,
  query: oidcQuery,
  answer: null,
  status: 302,
  handle: async ({ ports, visit, query }) => {
    const started = await ports.sessions.beginOidc(baseOf(visit), pathIn(query.to));
    if (started === null) throw new Refusal('CW-6003', 'OpenID Connect is not set up', 'docs/console.md says how.');
    if (started.kind === 'refused') return goTo(refusedAt(started), []);
    return goTo(started.url, [visit.cookies.set('flow', started.flow.reveal(), FLOW)]);
  },
});

const oidcCallback = call({
  method: 'GET',
  path: '/api/v1/session/oidc/callback',
  doc: 'Where the identity provider sends the browser back to',
  scope: null,
  query: oidcCallbackQuery,
  answer: null,
  status: 302,
  handle: async ({ ports, visit, session: held, query }) => {
    const ended = await ports.sessions.endOidc(visit.cookies.flow, query);
    const forget = visit.cookies.set('flow', null, 0);
    if (ended.kind === 'refused') return goTo(refusedAt(ended), [forget]);
    if (held !== null) await ports.sessions.end(held);
    return goTo(ended.to, [forget, cookieOf(visit, ended.begun)]);
  },
});

export const SESSION_ROUTES: readonly Route[] = [
  read,
  waysIn,
  begin,
  end,
  endAll,
  changePassword,
  setUp,
  choosePassword,
  oidc,
  oidcCallback,
];

function answerOf(held: Session | null): SessionAnswer {
  if (held === null) return { user: null };
  return { user: held.person, csrf: held.csrf, expires: isoOf(held.expires) };
}

function begun(visit: Visit, made: Begun): Answer {
  return { status: 200, headers: { 'set-cookie': cookieOf(visit, made) }, body: answerOf(made.session) };
}

function cookieOf({ cookies }: Visit, { cookie, seconds }: Begun): string {
  return cookies.set('session', cookie.reveal(), seconds);
}

function forgotten({ cookies }: Visit): Answer {
  return { status: 200, headers: { 'set-cookie': cookies.set('session', null, 0) }, body: { done: true } };
}

function goTo(location: string, cookies: readonly string[]): Answer {
  const headers = { location, ...(cookies.length === 0 ? {} : { 'set-cookie': cookies }) };
  return { status: 302, headers, body: '', type: 'text/plain; charset=utf-8' };
}

function refusedAt({ code, to }: OidcRefused): string {
  return `/sign-in?${new URLSearchParams({ refused: code, ...(to === '/' ? {} : { to }) })}`;
}

function noDemo(): never {
  throw new Refusal('CW-6003', 'this is no demo', 'Sign in with a name and a password.');
}

/** A path of the console, and of nothing else: `//host`, `/\host` and the API are none. */
function pathIn(to: string | undefined): string {
  const url = to?.startsWith('/') ? URL.parse(to, 'http://console') : null;
  if (url === null || url.host !== 'console' || /^\/(?:api|v1)(?:\/|$)/i.test(url.pathname)) return '/';
  const path = url.pathname + url.search + url.hash;
  return path.startsWith('//') ? '/' : path;
}
