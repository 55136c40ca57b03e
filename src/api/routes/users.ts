import { isoOf } from '../../lib/iso.ts';
import { done, userItem, userLink, userRequest, userRoleRequest, usersList } from '../contract.ts';
import type { UserWithLink } from '../ports.ts';
import { Refusal } from '../problem.ts';
import { type Answer, call, ok, type Route, type Tools } from '../route.ts';
import { baseOf, type Visit } from '../visit.ts';

const PATH = '/api/v1/users';

function missing(): Refusal {
  return new Refusal('CW-6003', 'no such user', `GET ${PATH} lists those that there are.`);
}

function found<T>(value: T | null): T {
  if (value === null) throw missing();
  return value;
}

interface Asker extends Pick<Tools, 'externalUrl'> {
  readonly visit: Visit;
}

/** The code stands behind `#`: browsers send that to nobody. */
function withLink({ item, code, expires }: UserWithLink, { visit, externalUrl }: Asker, status: number): Answer {
  const link = `${externalUrl ?? baseOf(visit)}/password#${code.reveal()}`;
  return { status, body: { ...item, link, linkExpiresAt: isoOf(expires) } };
}

export const USER_ROUTES: readonly Route[] = [
  call({
    method: 'GET',
    path: PATH,
    doc: 'Who may sign in',
    scope: 'admin',
    answer: usersList,
    handle: async ({ ports }) => ok({ items: await ports.users.list() }),
  }),
  call({
    method: 'POST',
    path: PATH,
    doc: 'A new user, who chooses a password with the one-time link of the answer',
    scope: 'admin',
    body: userRequest,
    answer: userLink,
    status: 201,
    audit: 'users.create',
    handle: async (asked) => withLink(await asked.ports.users.create(asked.body), asked, 201),
  }),
  call({
    method: 'POST',
    path: `${PATH}/:id/role`,
    doc: 'Another role, and what they see',
    scope: 'admin',
    body: userRoleRequest,
    answer: userItem,
    audit: 'users.role',
    handle: async ({ ports, params, body }) => ok(found(await ports.users.setRole(params['id']!, body))),
  }),
  call({
    method: 'POST',
    path: `${PATH}/:id/disable`,
    doc: 'Lets a user sign in no more, and ends their sessions',
    scope: 'admin',
    answer: userItem,
    audit: 'users.disable',
    handle: async ({ ports, params }) => ok(found(await ports.users.disable(params['id']!))),
  }),
  call({
    method: 'POST',
    path: `${PATH}/:id/enable`,
    doc: 'Lets a user sign in again',
    scope: 'admin',
    answer: userItem,
    audit: 'users.enable',
    handle: async ({ ports, params }) => ok(found(await ports.users.enable(params['id']!))),
  }),
  call({
    method: 'POST',
    path: `${PATH}/:id/reset`,
    doc: 'Ends the password and the sessions of a user; the one-time link of the answer chooses another',
    scope: 'admin',
    answer: userLink,
    audit: 'users.reset',
    handle: async (asked) => withLink(found(await asked.ports.users.reset(asked.params['id']!)), asked, 200),
  }),
  call({
    method: 'DELETE',
    path: `${PATH}/:id/sessions`,
    doc: 'Signs a user out everywhere',
    scope: 'admin',
    answer: done,
    audit: 'users.end_sessions',
    handle: async ({ ports, params }) => {
      if (await ports.users.endSessions(params['id']!)) return ok({ done: true });
      throw missing();
    },
  }),
  call({
    method: 'DELETE',
    path: `${PATH}/:id`,
    doc: 'Removes a user, and ends their sessions',
    scope: 'admin',
    answer: done,
    audit: 'users.remove',
    handle: async ({ ports, params }) => {
      if (await ports.users.remove(params['id']!)) return ok({ done: true });
      throw missing();
    },
  }),
];
