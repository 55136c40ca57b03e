import { statSync } from 'node:fs';
import type { Inventory } from '../../accounts/inventory.ts';
import { isLoopback } from '../../api/access.ts';
import type { Config } from '../../config/config.ts';
import type { Micros } from '../../events/event.ts';
import { UserError } from '../../lib/errors.ts';
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
export function inventoriesOf({ accounts }: Config): readonly { readonly inventory: Inventory; readonly at: Micros }[] {
  return accounts.inventory.map((file) => ({
    inventory: loadInventory(file),
    at: Math.floor(statSync(file).mtimeMs) * 1000,
  }));
}
