import { actionsOf } from '../events/actions.ts';
import type { Family } from '../events/event.ts';
import type { Action } from '../events/vocabulary.ts';

/**
 * Facts that relate tells of an action under another name, because of what it knows beside the record: what a setting was before,
 * whether a container was there, what became of a key.
 */
const MADE: Readonly<Record<string, readonly Action[]>> = {
  'cosmosdb.account.write': ['cosmosdb.account.setting_changed'],
  'cosmosdb.diagnostic_log.update': ['cosmosdb.account.setting_changed'],
  'cosmosdb.container.write': ['cosmosdb.container.create', 'cosmosdb.container.update'],
  'azure.key.update': ['azure.key.disable', 'azure.key.expire'],
  'azure.key_vault.write': ['azure.key_vault.access_removed'],
  'azure.key_vault.access_policy_write': ['azure.key_vault.access_removed'],
  'azure.role_assignment.delete': ['azure.key_vault.access_removed'],
};

/** What requests together tell of who sends them. */
const OF_CLIENTS: readonly Action[] = ['cosmosdb.client.first_use', 'cosmosdb.client.large_read'];

/** The actions of the facts that a record may become, its own first. */
export function factActions(action: string): readonly string[] {
  if (action.startsWith('cosmosdb.item.')) return [action, ...OF_CLIENTS];
  return [action, ...(Object.hasOwn(MADE, action) ? MADE[action]! : [])];
}

/** Every action that a rule can be asked about because of the records of one log. */
export function factActionsOf(family: Family): ReadonlySet<string> {
  return new Set([...actionsOf(family)].flatMap(factActions));
}
