import {
  done,
  type ForgetAnswer,
  type ForgetRequest,
  forgetAnswer,
  type MemoryItem,
  MOST_ROUTINES,
  memoryList,
  type RoutineAnswer,
  type RoutineItem,
  routineAnswer,
  routinesList,
} from '../api/contract.ts';
import { UserError } from '../lib/errors.ts';
import { type Answered, ask, type Remote } from './remote.ts';

export { ROUTINE_STATES } from '../api/contract.ts';

/* What the command line asks of a service about routine and memory. All throw UserError CW-8020 to CW-8026. */

export interface RoutineQuery {
  readonly account: string | null;
  readonly state: string | null;
}

export function listRoutines(
  remote: Remote,
  query: RoutineQuery,
  signal: AbortSignal,
): Promise<Answered<{ readonly items: readonly RoutineItem[] }>> {
  const limit = `${MOST_ROUTINES}`;
  return ask(remote, { path: '/routines', query: { ...query, limit }, answer: routinesList }, signal);
}

/** By its id or the beginning of it. @throws UserError CW-1002 too */
export async function getRoutine(remote: Remote, id: string, signal: AbortSignal): Promise<Answered<RoutineAnswer>> {
  return ask(remote, { path: `/routines/${await wholeId(remote, id, signal)}`, answer: routineAnswer }, signal);
}

/** By its id or the beginning of it. @throws UserError CW-1002 too */
export async function forgetRoutine(
  remote: Remote,
  id: string,
  signal: AbortSignal,
): Promise<Answered<{ readonly done: true }>> {
  const path = `/routines/${await wholeId(remote, id, signal)}`;
  return ask(remote, { method: 'DELETE', path, answer: done }, signal);
}

async function wholeId(remote: Remote, id: string, signal: AbortSignal): Promise<string> {
  const given = id.toLowerCase();
  if (/^[0-9a-f]{32}$/.test(given)) return given;
  const cure = 'cosmowatch routine list shows the ids';
  if (!/^[0-9a-f]{4,31}$/.test(given))
    throw new UserError('CW-1002', `${id} is no id of a routine, nor the beginning of one`, { cure });
  const { value } = await listRoutines(remote, { account: null, state: null }, signal);
  const found = value.items.filter((one) => one.id.startsWith(given));
  if (found.length === 1) return found[0]!.id;
  if (found.length === 0) throw new UserError('CW-8023', `no routine has an id that begins with ${given}`, { cure });
  throw new UserError('CW-1002', `${found.length} routines have an id that begins with ${given}`, {
    facts: found.slice(0, 5).map((one) => one.id),
    cure: 'give more of it',
  });
}

export interface MemoryQuery {
  readonly account: string | null;
  readonly kind: string | null;
  readonly value: string | null;
  readonly limit: string;
}

export function listMemory(
  remote: Remote,
  query: MemoryQuery,
  signal: AbortSignal,
): Promise<Answered<{ readonly items: readonly MemoryItem[] }>> {
  return ask(remote, { path: '/memory', query: { ...query }, answer: memoryList }, signal);
}

export function forgetMemory(
  remote: Remote,
  body: ForgetRequest,
  signal: AbortSignal,
): Promise<Answered<ForgetAnswer>> {
  return ask(remote, { method: 'POST', path: '/memory/forget', body, answer: forgetAnswer }, signal);
}
