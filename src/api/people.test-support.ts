import { UserError } from '../lib/errors.ts';
import { isoOf } from '../lib/iso.ts';
import { Secret } from '../lib/secret.ts';
import { ROLE_SCOPES, type Role, type UserItem, type UserRequest, type UserRoleRequest } from './contract.ts';
import { type Begun, EVERYTHING, type OidcEnd, type Session, type SessionsPort, type UsersPort } from './ports.ts';

/** Who is signed in, kept in memory: what a route does with it is tried here; who may sign in is tried where it is decided. */

const START = Date.parse('2026-11-24T03:00:00Z');

export const PASSWORD = 'four words are enough';
export const CODE = 'code-of-a-link';

export class MemorySessions implements SessionsPort {
  readonly open = new Map<string, Session>();
  readonly used: string[] = [];
  #made = 0;
  /** What comes back from the other side. */
  onOidc: () => OidcEnd = () => ({ kind: 'begun', begun: this.#begin('ada', 'analyst'), to: '/alerts/1' });

  /** Somebody who is signed in. @returns what their browser sends with a change */
  signedIn(role: Role, name = `the ${role}`): { readonly cookie: string; readonly headers: Record<string, string> } {
    const { cookie, session } = this.#begin(name, role);
    return { cookie: cookie.reveal(), headers: { 'x-csrf-token': session.csrf } };
  }

  resolve(cookie: string, isUse: boolean): Session | null {
    if (isUse) this.used.push(cookie);
    return this.open.get(cookie) ?? null;
  }

  ways() {
    return { oidc: { name: 'Contoso' }, demo: true, setup: true };
  }

  async begin(name: string, password: string): Promise<Begun> {
    if (password !== PASSWORD)
      throw new UserError('CW-6015', 'the name or the password is wrong', { cure: 'Ask for another.' });
    return this.#begin(name, 'analyst');
  }

  async beginDemo(): Promise<Begun> {
    return this.#begin('demo', 'admin');
  }

  async end(session: Session): Promise<void> {
    for (const [cookie, { id }] of this.open) if (id === session.id) this.open.delete(cookie);
  }

  async endAll(session: Session): Promise<void> {
    for (const [cookie, { by }] of this.open) if (by.name === session.by.name) this.open.delete(cookie);
  }

  async setUp(code: string, name: string): Promise<Begun> {
    this.#check(code);
    return this.#begin(name, 'admin');
  }

  async choosePassword(code: string): Promise<Begun> {
    this.#check(code);
    return this.#begin('ada', 'viewer');
  }

  async changePassword(): Promise<void> {}

  async beginOidc(base: string, to: string) {
    const url = `https://login.contoso.example/?back=${encodeURIComponent(base)}&to=${encodeURIComponent(to)}`;
    return { kind: 'going' as const, url, flow: new Secret('a-flow', 'test') };
  }

  async endOidc(): Promise<OidcEnd> {
    return this.onOidc();
  }

  #check(code: string): void {
    if (code !== CODE) throw new UserError('CW-6018', 'the link was used', { cure: 'Ask for another.' });
  }

  #begin(name: string, role: Role): Begun {
    const id = `s${++this.#made}`;
    const cookie = `cookie-canary-${id}`;
    const session: Session = {
      id,
      by: { id: `user/${name}`, name, scopes: ROLE_SCOPES[role], source: null, speaksFor: null, sees: EVERYTHING },
      person: { name, email: null, role, method: 'password' },
      csrf: `csrf-of-${id}`,
      expires: START + 3_600_000,
    };
    this.open.set(cookie, session);
    return { session, cookie: new Secret(cookie, 'test'), seconds: 3600 };
  }
}

export function memoryUsers(): UsersPort & { readonly kept: Map<string, UserItem> } {
  const kept = new Map<string, UserItem>();
  const change = (id: string, more: Partial<UserItem>): UserItem | null => {
    const user = kept.get(id);
    if (user === undefined) return null;
    kept.set(id, { ...user, ...more });
    return kept.get(id)!;
  };
  const linked = (item: UserItem) => ({ item, code: new Secret(CODE, 'test'), expires: START + 86_400_000 });
  return {
    kept,
    list: async () => [...kept.values()],
    create: async (request: UserRequest) => {
      const item = { ...NEW_USER, ...request, id: `u${kept.size + 1}` };
      kept.set(item.id, item);
      return linked(item);
    },
    setRole: async (id, request: UserRoleRequest) => change(id, request),
    disable: async (id) => change(id, { isDisabled: true }),
    enable: async (id) => change(id, { isDisabled: false }),
    reset: async (id) => {
      const item = change(id, { isInvited: true });
      return item === null ? null : linked(item);
    },
    endSessions: async (id) => kept.has(id),
    remove: async (id) => kept.delete(id),
  };
}

const NEW_USER = {
  method: 'password',
  isDisabled: false,
  isInvited: true,
  createdAt: isoOf(START),
  lastSignInAt: null,
  sessions: 0,
} as const;
