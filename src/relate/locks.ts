import { covers, lockScope } from '../accounts/scopes.ts';
import type { Change } from '../events/fact.ts';
import { type JsonObject, objectIn } from '../lib/json.ts';
import type { Around } from './around.ts';
import { type Action, isDone } from './telling.ts';

/** Lock levels by strength. Azure: https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources */
const STRENGTH: Readonly<Record<string, number>> = { cannotdelete: 1, readonly: 2 };

export function lockStrength(level: string | null | undefined): number {
  return STRENGTH[(level ?? '').toLowerCase()] ?? 0;
}

export interface Lock {
  readonly id: string;
  readonly scope: string;
  readonly level: string | null;
}

/** Locks as they stand, by lower-case id. */
export type Locks = Map<string, Lock>;

/** The strongest level that covers a resource; a lock below it does not. */
export function strongestLock(locks: Iterable<Lock>, resource: string): string | null {
  let strongest: string | null = null;
  for (const lock of locks) {
    if (!covers(lock.scope, resource)) continue;
    if (lockStrength(lock.level) > lockStrength(strongest)) strongest = lock.level;
  }
  return strongest;
}

/** What a lock action means, against the locks known so far, which it updates. */
export function lockAction(action: Action, locks: Locks): Around | null {
  const { event } = action.tellings[0]!;
  const scope = lockScope(event.resourceId);
  if (scope === null) return null;
  const id = event.resourceId;
  const before = locks.get(id);
  const deleted = event.action === 'azure.lock.delete';
  const after: Lock | null = deleted ? null : { id, scope, level: levelIn(event.body) ?? before?.level ?? null };
  const change = isDone(action) ? changeOf(before, after) : null;
  if (isDone(action)) {
    if (after === null) locks.delete(id);
    else locks.set(id, after);
  }
  return {
    action,
    name: event.action,
    concerns: (account) => covers(scope, account.id),
    change,
    thing:
      change === null
        ? null
        : (account) => ({ id: `lock|${account}|${id}`, ends: before?.level != null, before: before?.level ?? null }),
    fields: { 'azure.lock.name': id.split('/').at(-1)!, 'azure.lock.scope': scope },
  };
}

/** A lock written with nothing known before is learnt silently; a deleted one counts even then. */
function changeOf(before: Lock | undefined, after: Lock | null): Change | null {
  if (before === undefined && after !== null) return null;
  const was = before?.level ?? undefined;
  const is = after?.level ?? null;
  if (was !== undefined && is !== null && was.toLowerCase() === is.toLowerCase()) return null;
  const order = lockStrength(is) - lockStrength(was);
  const effect = was === undefined ? 'unknown_before' : order < 0 ? 'weakened' : order > 0 ? 'strengthened' : 'neutral';
  return { property: 'lock', before: was, after: is, effect, exposure: null };
}

function levelIn(body: JsonObject | null): string | null {
  const level = body === null ? null : (objectIn(body, 'properties') ?? body)['level'];
  return typeof level === 'string' ? level : null;
}
