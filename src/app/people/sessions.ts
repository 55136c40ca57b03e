import type { Begun, Session, SessionsPort } from '../../api/ports.ts';
import { later, Refusal } from '../../api/problem.ts';
import { endSession, endSessionsOf, findLink, hasLink, removeLinks } from '../../store/sessions.ts';
import { createUser, setPassword, type User, userById, userByName } from '../../store/users.ts';
import { audit } from './audit.ts';
import type { PeopleDeps } from './deps.ts';
import { LOCKED, Lockout } from './lockout.ts';
import { checkName } from './names.ts';
import type { Oidc } from './oidc.ts';
import { enterWithOidc } from './oidcUsers.ts';
import { openSession, resolveSession, userIdOf } from './open.ts';
import { checkNewPassword } from './passwords.ts';

export interface SessionsDeps extends PeopleDeps {
  readonly oidc: Oidc;
  /** The service is a demo: whoever is at this machine is its admin. */
  readonly isDemo: boolean;
  /** The link for the first admin was used. */
  readonly onSetUp: () => void;
}

export function sessionsPort(deps: SessionsDeps): SessionsPort {
  const { db, oidc } = deps;
  const lockout = new Lockout();
  return {
    resolve: (cookie, isUse) => resolveSession(deps, cookie, isUse),
    ways: () => ({
      oidc: oidc.name === null ? null : { name: oidc.name },
      demo: deps.isDemo,
      setup: hasLink(db, 'setup', null, deps.clock.now()),
    }),
    begin: (name, password, from) => begin(deps, lockout, name, password, from),
    beginDemo: async () => (deps.isDemo ? beginDemo(deps) : null),
    async end(session) {
      db.transaction(() => {
        endSession(db, Number(session.id));
        audit(deps, session.by.name, 'session.end', session.by.name);
      });
    },
    async endAll(session) {
      db.transaction(() => endSessionsOf(db, userIdOf(session)));
    },
    setUp: (code, name, password) => setUp(deps, code, name, password),
    choosePassword: (code, password) => choosePassword(deps, code, password),
    changePassword: (session, old, password, from) => changePassword(deps, lockout, session, old, password, from),
    beginOidc: (base, to) => oidc.begin(base, to),
    async endOidc(flow, answer) {
      const ended = await oidc.end(flow, answer);
      return ended.kind === 'refused' ? ended : enterWithOidc(deps, ended);
    },
  };
}

async function begin(
  deps: SessionsDeps,
  lockout: Lockout,
  name: string,
  password: string,
  from: string,
): Promise<Begun> {
  const { db } = deps;
  const asked = userByName(db, name);
  await checkPassword(deps, lockout, { name, user: asked, password, from });
  return db.transaction(() => {
    const user = asked === null ? null : userById(db, asked.id);
    // It may have changed while the password was looked at.
    if (user === null || user.disabledAt !== null || user.password !== asked!.password) throw wrong();
    return openSession(deps, user, 'session.begin');
  });
}

interface Given {
  readonly name: string;
  readonly user: User | null;
  readonly password: string;
  readonly from: string;
}

/** Whether there is such a user makes no difference, in what is said or in how long it takes. @throws Refusal CW-6015, CW-6016 */
async function checkPassword(deps: SessionsDeps, lockout: Lockout, given: Given): Promise<void> {
  const { clock, log, passwords } = deps;
  const { name, user, password, from } = given;
  const wait = lockout.attempt(name, from, clock.now());
  if (wait !== null) throw locked(wait);
  const isRight = await passwords.verify(password, user?.password ?? null);
  if (isRight && user?.disabledAt === null) return lockout.succeeded(name, from);
  // A name that nobody has may be a password in the wrong field.
  const known = user?.name ?? '';
  log.warn({ user: known, from }, 'a sign-in failed');
  if (lockout.isLocked(name, from, clock.now()))
    deps.db.transaction(() => audit(deps, 'nobody', 'session.locked', known, { from, seconds: LOCKED / 1000 }));
  throw wrong();
}

function wrong(): Refusal {
  return new Refusal(
    'CW-6015',
    'the name or the password is wrong',
    'An admin can give you a link for a new password.',
  );
}

function locked(seconds: number): Refusal {
  const minutes = Math.ceil(seconds / 60);
  const cure = `Try again in ${minutes} min. An admin can give you a link for a new password.`;
  return later('CW-6016', 'too many wrong passwords', seconds, cure);
}

/** Who it is that plays in a demo. */
const DEMO = 'demo';

function beginDemo(deps: SessionsDeps): Begun {
  const { db, clock } = deps;
  return db.transaction(() => {
    const spec = { name: DEMO, email: null, role: 'admin', method: 'demo', subject: null, password: null } as const;
    const user = userByName(db, DEMO) ?? createUser(db, { ...spec, subscriptions: null, labels: {} }, clock.now());
    return openSession(deps, user, 'session.begin');
  });
}

async function setUp(deps: SessionsDeps, code: string, name: string, password: string): Promise<Begun> {
  const { db, clock, passwords } = deps;
  const isGood = (): boolean => findLink(db, 'setup', code, clock.now()) !== null;
  if (!isGood()) throw used();
  checkName(name);
  checkNewPassword(password, name);
  const hashed = await passwords.hash(password);
  const begun = db.transaction(() => {
    // Two may have come with it at once.
    if (!isGood()) throw used();
    removeLinks(db, 'setup', null);
    const spec = { name, email: null, role: 'admin', method: 'password', subject: null, password: hashed } as const;
    return openSession(
      deps,
      createUser(db, { ...spec, subscriptions: null, labels: {} }, clock.now()),
      'session.setup',
    );
  });
  deps.onSetUp();
  return begun;
}

async function choosePassword(deps: SessionsDeps, code: string, password: string): Promise<Begun> {
  const { db, clock, passwords } = deps;
  const whose = (): User => {
    const id = findLink(db, 'password', code, clock.now())?.userId ?? null;
    const user = id === null ? null : userById(db, id);
    if (user === null || user.disabledAt !== null) throw used();
    return user;
  };
  checkNewPassword(password, whose().name);
  const hashed = await passwords.hash(password);
  return db.transaction(() => {
    const user = whose();
    removeLinks(db, 'password', user.id);
    setPassword(db, user.id, hashed);
    endSessionsOf(db, user.id);
    return openSession(deps, user, 'session.choose_password');
  });
}

function used(): Refusal {
  const cure =
    'Each works once, for a time. An admin can make another; for the first admin, starting the service does.';
  return new Refusal('CW-6018', 'the link was used, has expired, or is not whole', cure);
}

async function changePassword(
  deps: SessionsDeps,
  lockout: Lockout,
  session: Session,
  old: string,
  password: string,
  from: string,
): Promise<void> {
  const { db, passwords } = deps;
  const user = userById(db, userIdOf(session));
  if (user?.method !== 'password') {
    const cure = 'Change it where you sign in.';
    throw new Refusal('CW-6012', 'your password is not kept here', cure);
  }
  await checkPassword(deps, lockout, { name: user.name, user, password: old, from });
  checkNewPassword(password, user.name);
  const hashed = await passwords.hash(password);
  db.transaction(() => {
    setPassword(db, user.id, hashed);
    removeLinks(db, 'password', user.id);
    endSessionsOf(db, user.id, Number(session.id));
    audit(deps, user.name, 'session.password', user.name);
  });
}
