import type { OidcEnd } from '../../api/ports.ts';
import type { Db } from '../../store/db.ts';
import { createUser, setProfile, type User, userByName, userBySubject } from '../../store/users.ts';
import type { PeopleDeps } from './deps.ts';
import type { Proven } from './oidc.ts';
import { openSession } from './open.ts';

/** Somebody whom the other side vouches for: a user from the first time on, with the role that their groups give each time. */
export function enterWithOidc(deps: PeopleDeps, { who, to }: { readonly who: Proven; readonly to: string }): OidcEnd {
  const { db, log } = deps;
  return db.transaction(() => {
    const known = userBySubject(db, who.subject);
    if (known?.disabledAt != null) {
      log.warn({ user: known.name }, 'a user who is disabled signed in with OpenID Connect');
      return { kind: 'refused', code: 'CW-6019', to };
    }
    const user = known === null ? newUser(deps, who) : updated(db, known, who);
    return { kind: 'begun', begun: openSession(deps, user, 'session.begin'), to };
  });
}

function updated(db: Db, user: User, { email, role }: Proven): User {
  setProfile(db, user.id, { email, role });
  return { ...user, email, role };
}

/** Whoever else has that name keeps it: names are given there, and prove nothing here. */
function newUser({ db, clock }: PeopleDeps, { subject, name, email, role }: Proven): User {
  let free = name;
  for (let number = 2; userByName(db, free) !== null; number++) free = `${name} (${number})`;
  const spec = { name: free, email, role, subject, method: 'oidc', password: null, subscriptions: null } as const;
  return createUser(db, { ...spec, labels: {} }, clock.now());
}
