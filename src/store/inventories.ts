import type { Micros } from '../events/event.ts';
import { identity } from '../lib/hash.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Db } from './db.ts';

export interface StoredInventory {
  readonly at: Micros;
  readonly documents: readonly JsonObject[];
}

/** Oldest first. */
export function inventoriesIn(db: Db): StoredInventory[] {
  return db
    .prepare('SELECT at, data FROM inventories ORDER BY at')
    .all()
    .map(({ at, data }) => ({ at: Number(at), documents: JSON.parse(String(data)) as JsonObject[] }));
}

/** Inside a transaction. False: it says what the newest says, and is not kept. */
export function addInventory(db: Db, { at, documents }: StoredInventory): boolean {
  const data = JSON.stringify(documents);
  const hash = identity(data);
  const newest = db.prepare('SELECT hash FROM inventories ORDER BY at DESC LIMIT 1').get()?.['hash'];
  if (newest === hash) return false;
  db.prepare('INSERT OR REPLACE INTO inventories VALUES (?, ?, ?)').run(at, hash, data);
  return true;
}
