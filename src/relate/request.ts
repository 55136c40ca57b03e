import { type Event, tellsRequests } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import { containerId } from './containers.ts';
import { factOf } from './fact.ts';
import { joinPhases } from './phases.ts';
import type { RequestSource } from './sightings.ts';
import { alone } from './telling.ts';

/** Which of several logs that tell the same requests a family is; null for one that tells no requests. */
export function requestSource(event: Pick<Event, 'family'>): RequestSource | null {
  switch (event.family) {
    case 'DataPlaneRequests':
      return 'request';
    case 'DataPlaneRequests5M':
      return '5m';
    case 'DataPlaneRequests15M':
      return '15m';
    default:
      return tellsRequests(event.family) ? 'mongo' : null;
  }
}

/** Requests that change the structure of an account are told to relate: other logs tell them too, and names depend on them. */
export function changesStructure(event: Pick<Event, 'action'>): boolean {
  return STRUCTURE.has(event.action);
}

const STRUCTURE: ReadonlySet<string> = new Set([
  'cosmosdb.container.create',
  'cosmosdb.container.update',
  'cosmosdb.container.write',
  'cosmosdb.container.delete',
  'cosmosdb.database.create',
  'cosmosdb.database.write',
  'cosmosdb.database.delete',
]);

/** A data-plane request as a fact: it is complete in one record. */
export function requestFact(event: Event): Fact {
  const [telling] = joinPhases([event]).tellings;
  const id = containerId(event);
  const fact = factOf(alone(telling!), {
    account: event.account,
    target: event.account !== null && id !== null ? `${event.account}/containers/${id}` : event.account,
    fields: { 'cosmosdb.container_id': id ?? undefined, 'event.count': event.count },
  });
  return { ...fact, count: event.count };
}
