import { accountOf, backupInstanceAccount } from '../accounts/scopes.ts';
import { type JsonObject, objectIn } from '../lib/json.ts';
import type { Around } from './around.ts';
import { type Action, isDone } from './telling.ts';

/** A backup instance: which vault holds it and which resource it protects, if a record or the inventory said so. */
export interface Instance {
  readonly vault: string;
  /** Lower-case ARM id of the data source; null: not known, its name decides. */
  readonly dataSource: string | null;
}

/** Instances that exist as far as records tell, by lower-case ARM id. */
export type Instances = Map<string, Instance>;

/** The instance and the vault that an ARM id of Microsoft.DataProtection names. */
export function instanceOf(
  resourceId: string,
): { readonly id: string; readonly vault: string; readonly name: string } | null {
  const found = /^(.*\/backupvaults\/[^/]+)\/backupinstances\/([^/]+)/.exec(resourceId);
  return found ? { id: found[0], vault: found[1]!, name: found[2]! } : null;
}

/**
 * The account that an instance protects: a data source id decides alone (another service's: none), else the instance's name, among the
 * accounts known at that moment.
 */
export function protectedAccount(
  name: string,
  instance: Instance | undefined,
  known: readonly string[],
): string | null {
  return backupInstanceAccount(name, instance?.dataSource ?? null, known);
}

/** What an action on a backup instance means; updates which instances exist. */
export function instanceAction(action: Action, instances: Instances, known: readonly string[]): Around | null {
  const { event } = action.tellings[0]!;
  const found = instanceOf(event.resourceId);
  if (found === null) return null;
  const before = instances.get(found.id);
  const instance: Instance = { vault: found.vault, dataSource: dataSourceIn(event.body) ?? before?.dataSource ?? null };
  const account = protectedAccount(found.name, instance, known);
  if (isDone(action)) {
    if (event.action === 'azure.backup_instance.delete') instances.delete(found.id);
    else instances.set(found.id, instance);
  }
  return {
    action,
    name: event.action,
    concerns: (view) => view.id === account,
    change: null,
    thing: (id) => ({ id: `instance|${id}`, ends: false, before: null }),
    fields: {
      'azure.backup_instance.name': found.name,
      'azure.backup_vault.name': found.vault.split('/').at(-1)!,
    },
  };
}

/** The accounts that have an instance in a vault. */
export function accountsIn(vault: string, instances: Instances, known: readonly string[]): ReadonlySet<string> {
  const accounts = new Set<string>();
  for (const [id, instance] of instances) {
    if (instance.vault !== vault) continue;
    const account = protectedAccount(id.split('/').at(-1)!, instance, known);
    if (account !== null) accounts.add(account);
  }
  return accounts;
}

function dataSourceIn(body: JsonObject | null): string | null {
  const properties = body && objectIn(body, 'properties');
  const info = properties && objectIn(properties, 'dataSourceInfo');
  const id = info?.['resourceID'] ?? info?.['resourceId'];
  if (typeof id !== 'string' || id === '') return null;
  return accountOf(id) ?? id.toLowerCase();
}
