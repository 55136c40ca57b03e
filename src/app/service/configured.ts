import { statSync } from 'node:fs';
import { type Inventory, readInventory } from '../../accounts/inventory.ts';
import { isLoopback } from '../../api/access.ts';
import type { Config } from '../../config/config.ts';
import type { Micros } from '../../events/event.ts';
import type { Clock } from '../../lib/clock.ts';
import { UserError } from '../../lib/errors.ts';
import type { Db } from '../../store/db.ts';
import { inventoriesIn } from '../../store/inventories.ts';
import type { Log } from '../../telemetry/log.ts';
import { Archive } from '../archive/archive.ts';
import type { KnownBefore } from '../live/live.ts';
import { loadInventory } from '../scan.ts';
import type { NamedSource } from './sourceRunner.ts';

/* What a configuration says, as the service is made of it. */

/** @throws UserError CW-6014 */
export function checkDemoAddress(host: string): void {
  if (isLoopback(host) || host === 'localhost') return;
  const cure = 'Leave --listen out, or name an address of this machine: 127.0.0.1:7070.';
  throw new UserError('CW-6014', `a demo lets in everybody who reaches it, so it is not opened at ${host}`, { cure });
}

export function sourcesOf({ sources }: Config): readonly NamedSource[] {
  return sources.map(({ name, kind, config, labels, subscriptions }) => ({
    name,
    type: kind.type,
    source: kind.create(config),
    labels,
    subscriptions,
  }));
}

/** What a file says of accounts was so when it was written; before that it makes them known. */
function inventoriesOf({ accounts }: Config): readonly { readonly inventory: Inventory; readonly at: Micros }[] {
  return accounts.inventory.map((file) => ({
    inventory: loadInventory(file),
    at: Math.floor(statSync(file).mtimeMs) * 1000,
  }));
}

/** By files, and by what Azure said. @throws UserError a file that cannot be read */
export function knownBefore(config: Config, db: Db): KnownBefore {
  const told = inventoriesIn(db).map(({ at, documents }) => ({ at, inventory: readInventory(documents) }));
  return { declared: config.accounts.expect, inventories: [...inventoriesOf(config), ...told] };
}

/** Chunks of the archive: so many bytes, or so long after the first record of one. */
const CHUNK = 16 << 20;
const CHUNK_AGE = 300_000;

export function archiveOf({ archive, data }: Config, clock: Clock, log: Log): Archive | null {
  if (archive === null) return null;
  const { folder, container, queue } = archive;
  const connectionString = container?.connectionString?.reveal() ?? null;
  const place = { folder, container: container === null ? null : { ...container, connectionString } };
  return new Archive({ place, data, spool: { most: queue, chunk: CHUNK, age: CHUNK_AGE }, clock, log });
}
