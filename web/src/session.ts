import { z } from 'zod';
import { type Person, ROLE_SCOPES, type SessionAnswer, session as shape } from '../../src/api/contract.ts';
import { ApiError, get, send, setCsrf, whenSignedOut } from './api.ts';
import { disconnect } from './live.ts';
import { queries } from './queries.ts';
import { storeOf, useStore } from './store.ts';

/** Who looks at this page, and what they may do. */

export type Ability = 'read' | 'act' | 'admin';
export type User = Person;

/** `unknown`: nobody has asked yet. */
export type Session =
  | { readonly state: 'unknown' }
  | { readonly state: 'out' }
  | { readonly state: 'in'; readonly user: User };

export const session = storeOf<Session>({ state: 'unknown' });

whenSignedOut(() => {
  if (session.get().state === 'in') become({ user: null });
});

/** Asked once when the page is opened. @throws ApiError */
export async function probe(): Promise<void> {
  try {
    become(await get('/api/v1/session', shape));
  } catch (error) {
    // `npm run dev:web` asks with a token, and a server may know no sessions.
    if (!import.meta.env.DEV || !(error instanceof ApiError) || !error.isMissing) throw error;
    session.set({ state: 'in', user: { name: 'token', email: null, role: 'admin', method: 'config' } });
  }
}

export type SignIn = { readonly name: string; readonly password: string } | { readonly demo: true };

/** @throws ApiError */
export async function signIn(by: SignIn): Promise<void> {
  become(await send('POST', '/api/v1/session', by, shape));
}

/** The first admin. @throws ApiError */
export async function setUp(code: string, name: string, password: string): Promise<void> {
  await send('POST', '/api/v1/setup', { code, name, password }, z.unknown());
  await probe();
}

/** @throws ApiError */
export async function signOut(isEverywhere: boolean): Promise<void> {
  await send('DELETE', isEverywhere ? '/api/v1/sessions' : '/api/v1/session', undefined, z.unknown());
  become({ user: null });
}

function become(told: SessionAnswer): void {
  setCsrf('csrf' in told ? told.csrf : null);
  if (told.user === null) {
    // What somebody saw is not left for who comes next.
    disconnect();
    queries.clear();
    session.set({ state: 'out' });
  } else session.set({ state: 'in', user: told.user });
}

export function useUser(): User | null {
  const current = useStore(session);
  return current.state === 'in' ? current.user : null;
}

/** Null: they may. Else why not, for the button that does it. */
export function useWhyNot(ability: Ability): string | null {
  const user = useUser();
  if (user === null) return 'You are signed out';
  const scopes: readonly string[] = ROLE_SCOPES[user.role];
  if (scopes.includes(ability)) return null;
  return `Needs the role ${ability === 'act' ? 'analyst' : 'admin'}; yours is ${user.role}`;
}
