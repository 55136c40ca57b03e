import { statSync } from 'node:fs';
import { type Inventory, readInventory } from '../../accounts/inventory.ts';
import type { Config } from '../../config/config.ts';
import type { Micros } from '../../events/event.ts';
import type { Db } from '../../store/db.ts';
import { inventoriesIn } from '../../store/inventories.ts';
import { loadInventory } from '../scan.ts';

interface Dated {
  readonly inventory: Inventory;
  readonly at: Micros;
}

/** By files, and by what Azure said. @throws UserError a file that cannot be read */
export function knownBefore(
  config: Config,
  db: Db,
): { readonly declared: readonly string[]; readonly inventories: readonly Dated[] } {
  const told = inventoriesIn(db).map(({ at, documents }) => ({ at, inventory: readInventory(documents) }));
  return { declared: config.accounts.expect, inventories: [...inventoriesOf(config), ...told] };
}

/** What a file says of accounts was so when it was written; before that it makes them known. */
function inventoriesOf({ accounts }: Config): readonly Dated[] {
  return accounts.inventory.map((file) => ({
    inventory: loadInventory(file),
    at: Math.floor(statSync(file).mtimeMs) * 1000,
  }));
}
