import { hash } from 'node:crypto';
import { ROLE_SCOPES } from '../../api/contract.ts';
import { type Begun, EVERYTHING, type Session } from '../../api/ports.ts';
import { Secret } from '../../lib/secret.ts';
import { createSession, findSession, markSessionUsed, type StoredSession } from '../../store/sessions.ts';
import { markSignedIn, type User, userById } from '../../store/users.ts';
import { audit } from './audit.ts';
import { idleSince, newCode, type PeopleDeps } from './deps.ts';

/**
 * A new session, always with a new id: what a browser held before means nothing. In the caller's transaction.
 * @param what the audit log calls it
 */
export function openSession(deps: PeopleDeps, user: User, what: string): Begun {
  const { db, clock, entropy, settings } = deps;
  const now = clock.now();
  const seconds = settings().longest;
  const cookie = newCode(entropy);
  const stored = createSession(db, cookie, user.id, now, now + seconds * 1000);
  markSignedIn(db, user.id, now);
  audit(deps, user.name, what, user.name, { method: user.method, role: user.role });
  return { session: sessionOf(deps, stored, user, cookie), cookie: new Secret(cookie, 'session'), seconds };
}

/** @param isUse whether it is kept from ending by this; null: unknown, ended, or its user may not sign in */
export function resolveSession(deps: PeopleDeps, cookie: string, isUse: boolean): Session | null {
  const { db, clock } = deps;
  const found = findSession(db, cookie);
  if (found === null || found.endsAt <= clock.now() || found.usedAt <= idleSince(deps)) return null;
  const user = userById(db, found.userId);
  if (user === null || user.disabledAt !== null) return null;
  if (!isUse) return sessionOf(deps, found, user, cookie);
  try {
    db.transaction(() => markSessionUsed(db, found, clock.now()));
  } catch {
    // When it was used last is not worth refusing what it asks.
  }
  return sessionOf(deps, { ...found, usedAt: clock.now() }, user, cookie);
}

function sessionOf({ settings }: PeopleDeps, stored: StoredSession, user: User, cookie: string): Session {
  const { name, email, role, method, subscriptions, labels } = user;
  // An admin could give himself what he does not see.
  const sees = role === 'admin' ? EVERYTHING : { subscriptions, labels };
  return {
    id: `${stored.id}`,
    by: {
      id: `user/${user.id}`,
      name,
      scopes: ROLE_SCOPES[role],
      source: null,
      speaksFor: sees.subscriptions,
      sees,
    },
    person: { name, email, role, method },
    csrf: hash('sha256', `csrf\0${cookie}`, 'base64url'),
    expires: Math.min(stored.endsAt, stored.usedAt + settings().idle * 1000),
  };
}

export function userIdOf({ by }: Session): number {
  return Number(by.id.slice('user/'.length));
}
