import { compareText } from '../lib/compare.ts';
import type { Neighbours } from './neighbours.ts';
import { type Action, alone, type Telling } from './telling.ts';

const KEY_READS: ReadonlySet<string> = new Set([
  'cosmosdb.keys.list',
  'cosmosdb.keys.list_readonly',
  'cosmosdb.connection_strings.list',
]);

export function isKeyRead(action: string): boolean {
  return KEY_READS.has(action);
}

/**
 * A telling that no other log joined, as an action. ControlPlaneRequests names nobody, so its caller is looked for: exactly, by the
 * activity id; else likely, if there is one candidate; else it stays unknown and the candidates are named. Blame is never guessed.
 */
export function withCaller(telling: Telling, all: Neighbours): Action {
  const action = alone(telling);
  if (telling.family !== 'ControlPlaneRequests') return action;
  const tied = all.activityTiedTo(telling);
  if (tied.length > 0 && sameActor(tied)) return { ...action, caller: 'exact', callerTelling: tied[0]! };
  const candidates = tied.length > 0 ? tied : candidatesOf(telling, all);
  if (tied.length === 0 && candidates.length === 1)
    return { ...action, caller: 'likely', callerTelling: candidates[0]! };
  const names = candidates.map(({ event }) => event.actor?.name ?? event.actor?.id ?? '').filter(Boolean);
  return { ...action, caller: 'unknown', candidates: [...new Set(names)].sort(compareText) };
}

/**
 * Who could have caused a ControlPlaneRequests action: any write, delete or action on the account or its private endpoints (on that
 * container, if it is about one) but key reads, not failed, not exactly tied elsewhere, first records at most 10 minutes apart.
 */
export function candidatesOf(control: Telling, all: Neighbours): Telling[] {
  return all
    .near(control.time)
    .filter(
      (other) =>
        other.family === 'ActivityLog' &&
        other.outcome !== 'failure' &&
        !isKeyRead(other.event.action) &&
        sameTarget(control, other) &&
        all.tiedTo(other).every((tied) => tied === control),
    );
}

function sameTarget(control: Telling, activity: Telling): boolean {
  const { account, database, container, action } = control.event;
  if (account === null || activity.event.account !== account) return false;
  if (container !== null || database !== null) {
    return fold(activity.event.container) === fold(container) && fold(activity.event.database) === fold(database);
  }
  const rest = activity.event.resourceId.slice(account.length);
  if (action === 'cosmosdb.diagnostic_log.update' && rest.includes('/diagnosticsettings/')) return true;
  return rest === '' || rest.startsWith('/privateendpointconnection');
}

function fold(name: string | null): string {
  return (name ?? '').toLowerCase();
}

function sameActor(tellings: readonly Telling[]): boolean {
  return new Set(tellings.map(({ event }) => event.actor?.id ?? event.actor?.name)).size === 1;
}
