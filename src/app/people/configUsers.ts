import { Secret } from '../../lib/secret.ts';
import { endSessionsOf } from '../../store/sessions.ts';
import {
  createUser,
  listUsers,
  removeUser,
  setPassword,
  type User,
  type UserSpec,
  userByName,
} from '../../store/users.ts';
import { audit } from './audit.ts';
import type { PeopleDeps } from './deps.ts';
import { checkName } from './names.ts';

/**
 * Users of the configuration become users as the others are: with a hash, in the database. One that it names no more goes; one whose name, role or
 * password it changes is signed out. Whoever has that name already makes room: who writes the configuration owns the machine.
 */
export async function takeConfigUsers(deps: PeopleDeps): Promise<void> {
  const { db, settings } = deps;
  const { users } = settings();
  const wanted: UserSpec[] = [];
  for (const user of users) {
    checkName(user.name);
    wanted.push({
      ...OF_CONFIG,
      name: user.name,
      role: user.role,
      password: await hashOf(deps, user.password, userByName(db, user.name)),
    });
  }
  db.transaction(() => {
    for (const spec of wanted) take(deps, spec);
    const kept = new Set(wanted.map(({ name }) => userByName(db, name)!.id));
    for (const user of listUsers(db)) if (user.method === 'config' && !kept.has(user.id)) drop(deps, user);
  });
}

const OF_CONFIG = { email: null, method: 'config', subject: null, subscriptions: null, labels: {} } as const;

/** The hash that is there already, if it is of the same password. */
async function hashOf({ passwords }: PeopleDeps, given: Secret | string, known: User | null): Promise<string> {
  const written = given instanceof Secret ? given.reveal() : given;
  if (written.startsWith('$argon2id$')) return written;
  const before = known?.password ?? null;
  return before !== null && (await passwords.verify(written, before)) ? before : await passwords.hash(written);
}

function take(deps: PeopleDeps, spec: UserSpec): void {
  const { db, clock } = deps;
  const before = userByName(db, spec.name);
  if (before?.method === 'config' && before.role === spec.role) {
    if (before.password === spec.password) return;
    setPassword(db, before.id, spec.password);
    endSessionsOf(db, before.id);
    audit(deps, 'cosmowatch', 'users.password', spec.name, { why: 'configuration' });
    return;
  }
  if (before !== null) removeUser(db, before.id);
  createUser(db, spec, clock.now());
  audit(deps, 'cosmowatch', 'users.create', spec.name, { role: spec.role, why: 'configuration' });
}

function drop(deps: PeopleDeps, user: User): void {
  removeUser(deps.db, user.id);
  audit(deps, 'cosmowatch', 'users.remove', user.name, { why: 'configuration' });
}
