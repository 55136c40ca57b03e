import type { Event, Micros } from '../events/event.ts';
import type { Sightings } from './sightings.ts';
import { type Action, isDone } from './telling.ts';

/** Lower-case `database/name`; a container without a database (Table API) is its name. Two that differ in case only count as one. */
export function containerId(event: Pick<Event, 'database' | 'container'>): string | null {
  if (event.container === null) return null;
  return (event.database === null ? event.container : `${event.database}/${event.container}`).toLowerCase();
}

const WRITES: ReadonlySet<string> = new Set([
  'cosmosdb.container.write',
  'cosmosdb.container.create',
  'cosmosdb.container.update',
]);

/**
 * Which container writes are creations. A log that says "create" is believed; an ARM write, which may be an update, is one unless a
 * successful use, creation or write of the container lies before it and after its last deletion, or its database's.
 */
export class Containers {
  readonly #account: string;
  readonly #sightings: Pick<Sightings, 'usedBetween'>;
  #written = new Map<string, Micros>();
  #deleted = new Map<string, Micros>();

  constructor(account: string, sightings: Pick<Sightings, 'usedBetween'>) {
    this.#account = account;
    this.#sightings = sightings;
  }

  /** The name of a container action; to be asked in order of time, because it remembers what it is told. */
  nameOf(action: Action): string {
    const { event } = action.tellings[0]!;
    const id = containerId(event);
    if (!isDone(action)) return event.action;
    if (event.action === 'cosmosdb.database.delete') {
      this.#deleted.set(`${(event.database ?? '').toLowerCase()}/`, action.time);
      return event.action;
    }
    if (id === null) return event.action;
    if (event.action === 'cosmosdb.container.delete') {
      this.#deleted.set(id, action.time);
      return event.action;
    }
    if (!WRITES.has(event.action)) return event.action;
    const name = this.#isCreation(action, id) ? 'cosmosdb.container.create' : 'cosmosdb.container.update';
    this.#written.set(id, action.time);
    return name;
  }

  /** The account was deleted: nothing is known of its containers any more. */
  forget(at: Micros): void {
    this.#deleted.set('/', at);
  }

  #isCreation(action: Action, id: string): boolean {
    const names = action.tellings.map((telling) => telling.event.action);
    if (names.includes('cosmosdb.container.create')) return true;
    if (names.includes('cosmosdb.container.update')) return false;
    const gone = this.#lastDeletion(id);
    const written = this.#written.get(id);
    if (written !== undefined && written > gone && written < action.time) return false;
    return !this.#sightings.usedBetween(this.#account, id, gone, action.time);
  }

  #lastDeletion(id: string): Micros {
    const database = id.includes('/') ? `${id.slice(0, id.indexOf('/'))}/` : '';
    return Math.max(
      this.#deleted.get(id) ?? Number.NEGATIVE_INFINITY,
      this.#deleted.get(database) ?? Number.NEGATIVE_INFINITY,
      this.#deleted.get('/') ?? Number.NEGATIVE_INFINITY,
    );
  }
}
