import { done, type UserItem, type UserRequest, userLink, usersList } from '../api/contract.ts';
import { UserError } from '../lib/errors.ts';
import { type Answered, ask, type Remote } from './remote.ts';

export { ROLES, type Role } from '../api/contract.ts';

/* What the command line asks about users. All throw UserError CW-8020 to CW-8026. */

type Linked = UserItem & { readonly link: string; readonly linkExpiresAt: string };

export function listUsers(
  remote: Remote,
  signal: AbortSignal,
): Promise<Answered<{ readonly items: readonly UserItem[] }>> {
  return ask(remote, { path: '/users', answer: usersList }, signal);
}

/** A one-time link is in the answer, and nowhere else. */
export function addUser(remote: Remote, body: UserRequest, signal: AbortSignal): Promise<Answered<Linked>> {
  return ask(remote, { method: 'POST', path: '/users', body, answer: userLink }, signal);
}

export async function resetUser(remote: Remote, name: string, signal: AbortSignal): Promise<Answered<Linked>> {
  const id = await idOf(remote, name, signal);
  return ask(remote, { method: 'POST', path: `/users/${id}/reset`, answer: userLink }, signal);
}

export async function removeUser(
  remote: Remote,
  name: string,
  signal: AbortSignal,
): Promise<Answered<{ readonly done: true }>> {
  const id = await idOf(remote, name, signal);
  return ask(remote, { method: 'DELETE', path: `/users/${id}`, answer: done }, signal);
}

/** People know each other by their names. @throws UserError CW-8023 */
async function idOf(remote: Remote, name: string, signal: AbortSignal): Promise<string> {
  const { items } = (await listUsers(remote, signal)).value;
  const wanted = name.toLowerCase();
  const found = items.find((user) => user.name.toLowerCase() === wanted);
  if (found !== undefined) return encodeURIComponent(found.id);
  throw new UserError('CW-8023', `there is no user ${name}`, { cure: 'cosmowatch users list' });
}
