import type { UserItem, UserRequest, UserRoleRequest } from '../../api/contract.ts';
import type { UsersPort, UserWithLink } from '../../api/ports.ts';
import { Refusal } from '../../api/problem.ts';
import { isoOf } from '../../lib/iso.ts';
import { Secret } from '../../lib/secret.ts';
import { countSessions, createLink, endSessionsOf, hasLink, removeLinks } from '../../store/sessions.ts';
import {
  createUser,
  listUsers,
  removeUser,
  setDisabled,
  setPassword,
  setRole,
  type User,
  userById,
  userByName,
} from '../../store/users.ts';
import { idleSince, newCode, type PeopleDeps } from './deps.ts';
import { checkName } from './names.ts';

/** How long a one-time link can be used: over a weekend. */
const LINK_MS = 3 * 86_400_000;

/** What admins do with users. The server has written down who asked before any of it is called. */
export function usersPort(deps: PeopleDeps): UsersPort {
  const { db, clock } = deps;
  const changed = (id: string, change: (user: User) => void): UserItem | null =>
    db.transaction(() => {
      const user = userById(db, numberOf(id));
      if (user === null) return null;
      change(user);
      return itemOf(deps, userById(db, user.id)!);
    });
  return {
    list: async () => listUsers(db).map((user) => itemOf(deps, user)),
    create: async (request) => db.transaction(() => create(deps, request)),
    setRole: async (id, request) => changed(id, (user) => changeRole(deps, user, request)),
    disable: async (id) => changed(id, (user) => disable(deps, user)),
    enable: async (id) => changed(id, (user) => setDisabled(db, user.id, null)),
    reset: async (id) =>
      db.transaction(() => {
        const user = userById(db, numberOf(id));
        return user === null ? null : reset(deps, user);
      }),
    endSessions: async (id) => changed(id, (user) => endSessionsOf(db, user.id)) !== null,
    remove: async (id) =>
      db.transaction(() => {
        const user = userById(db, numberOf(id));
        if (user !== null) remove(deps, user);
        return user !== null;
      }),
  };

  function create(of: PeopleDeps, request: UserRequest): UserWithLink {
    const { name, email, role } = request;
    checkName(name);
    checkScope(request);
    if (userByName(db, name) !== null) throw not('somebody has that name already', 'Take another name.');
    const spec = { name, email, role, method: 'password', subject: null, password: null, ...scopeOf(request) } as const;
    return linkFor(of, createUser(db, spec, clock.now()));
  }
}

/** Not a number: nobody. */
function numberOf(id: string): number {
  return /^\d{1,15}$/.test(id) ? Number(id) : 0;
}

function not(message: string, cure: string): Refusal {
  return new Refusal('CW-6012', message, cure);
}

function scopeOf({ subscriptions, labels }: UserRoleRequest): Pick<User, 'subscriptions' | 'labels'> {
  return { subscriptions: subscriptions?.map((id) => id.toLowerCase()) ?? null, labels };
}

function checkScope({ role, subscriptions, labels }: UserRoleRequest): void {
  if (role !== 'admin' || (subscriptions === null && Object.keys(labels).length === 0)) return;
  const cure = 'Make it a viewer or an analyst, or leave out subscriptions and labels.';
  throw new Refusal('CW-6005', 'the body is not valid: role: an admin sees everything', cure);
}

function changeRole({ db }: PeopleDeps, user: User, request: UserRoleRequest): void {
  checkScope(request);
  if (request.role !== user.role) {
    if (user.method === 'config') throw ofConfig();
    if (user.method === 'oidc')
      throw not('the role comes from the groups of this user', 'Change the groups, or sign_in.oidc.groups.');
    if (request.role !== 'admin') keepAnAdmin(db, user);
  }
  setRole(db, user.id, { role: request.role, ...scopeOf(request) });
}

function disable({ db, clock }: PeopleDeps, user: User): void {
  keepAnAdmin(db, user);
  setDisabled(db, user.id, clock.now());
  endSessionsOf(db, user.id);
  removeLinks(db, 'password', user.id);
}

function remove({ db }: PeopleDeps, user: User): void {
  if (user.method === 'config') throw ofConfig();
  keepAnAdmin(db, user);
  removeUser(db, user.id);
}

function reset(deps: PeopleDeps, user: User): UserWithLink {
  const { db } = deps;
  if (user.method === 'config') throw ofConfig();
  if (user.method !== 'password')
    throw not('the password of this user is not kept here', 'It is changed where they sign in.');
  if (user.disabledAt !== null) throw not('this user is disabled', 'Enable the user first.');
  setPassword(db, user.id, null);
  endSessionsOf(db, user.id);
  return linkFor(deps, user);
}

function ofConfig(): Refusal {
  return not('this user stands in the configuration', 'Change sign_in.users there.');
}

/** Without one nobody could let anybody in again but with the token. */
function keepAnAdmin(db: PeopleDeps['db'], user: User): void {
  const others = listUsers(db).some(
    ({ id, role, disabledAt }) => id !== user.id && role === 'admin' && disabledAt === null,
  );
  if (user.role !== 'admin' || user.disabledAt !== null || others) return;
  throw not('this is the last admin', 'Make another admin first.');
}

function linkFor(deps: PeopleDeps, user: User): UserWithLink {
  const { db, clock, entropy } = deps;
  const code = newCode(entropy);
  const expires = clock.now() + LINK_MS;
  createLink(db, 'password', code, user.id, expires);
  return { item: itemOf(deps, userById(db, user.id)!), code: new Secret(code, 'link'), expires };
}

function itemOf(deps: PeopleDeps, user: User): UserItem {
  const { db, clock } = deps;
  const { id, name, email, role, method, subscriptions, labels, createdAt, signedInAt, disabledAt } = user;
  return {
    id: `${id}`,
    name,
    email,
    role,
    method,
    subscriptions,
    labels,
    isDisabled: disabledAt !== null,
    isInvited: hasLink(db, 'password', id, clock.now()),
    createdAt: isoOf(createdAt),
    lastSignInAt: signedInAt === null ? null : isoOf(signedInAt),
    sessions: countSessions(db, id, clock.now(), idleSince(deps)),
  };
}
