/**
 * The closed vocabulary of `event.action`. The table that maps operations to it is `actions.ts`; an operation that it does not know
 * keeps its raw name and stays visible. Verbs are Azure's own (`list`, `delete`, ...).
 */
export const ACTIONS = [
  // the account itself
  'cosmosdb.account.write',
  'cosmosdb.account.delete',
  'cosmosdb.account.restore',
  'cosmosdb.account.failover',
  'cosmosdb.account.region_change',
  /** Made by relate: one per changed setting. */
  'cosmosdb.account.setting_changed',
  // keys
  'cosmosdb.keys.list',
  'cosmosdb.keys.list_readonly',
  'cosmosdb.keys.regenerate',
  'cosmosdb.connection_strings.list',
  // backup of the account
  'cosmosdb.long_term_protection.disable',
  'cosmosdb.long_term_protection.enable',
  // network beside the account's own settings
  'cosmosdb.private_endpoint.write',
  'cosmosdb.private_endpoint.approve',
  'cosmosdb.private_endpoint.delete',
  'cosmosdb.private_endpoint.proxy',
  'cosmosdb.network_perimeter.write',
  'cosmosdb.network_perimeter.delete',
  'cosmosdb.firewall_rule.write',
  'cosmosdb.firewall_rule.delete',
  'cosmosdb.virtual_network.delete',
  // data definition
  'cosmosdb.database.write',
  'cosmosdb.database.create',
  'cosmosdb.database.delete',
  /** An ARM container write before relate has said which it is: it becomes create or update. */
  'cosmosdb.container.write',
  'cosmosdb.container.create',
  'cosmosdb.container.update',
  'cosmosdb.container.delete',
  'cosmosdb.throughput.update',
  'cosmosdb.role_assignment.write',
  'cosmosdb.role_assignment.delete',
  'cosmosdb.role_definition.write',
  'cosmosdb.role_definition.delete',
  'cosmosdb.user.write',
  'cosmosdb.user.delete',
  'cosmosdb.diagnostic_log.update',
  // data
  'cosmosdb.item.create',
  'cosmosdb.item.read',
  'cosmosdb.item.query',
  'cosmosdb.item.update',
  'cosmosdb.item.upsert',
  'cosmosdb.item.delete',
  'cosmosdb.item.execute',
  /** Made by relate: a client of the data that was not there before, and what it reads where that is much. */
  'cosmosdb.client.first_use',
  'cosmosdb.client.large_read',
  // what stands around an account
  'azure.lock.write',
  'azure.lock.delete',
  'azure.diagnostic_setting.write',
  'azure.diagnostic_setting.delete',
  'azure.role_assignment.write',
  'azure.role_assignment.delete',
  'azure.backup_instance.write',
  'azure.backup_instance.delete',
  'azure.backup_instance.stop_protection',
  'azure.backup_instance.resume_protection',
  'azure.backup_vault.write',
  'azure.backup_vault.delete',
  'azure.backup_policy.write',
  'azure.backup_policy.delete',
  'azure.event_hub.write',
  'azure.event_hub.delete',
  'azure.event_hub.keys_regenerate',
  'azure.storage_account.write',
  'azure.storage_account.delete',
  'azure.storage_account.keys_regenerate',
  'azure.log_analytics.write',
  'azure.log_analytics.delete',
  'azure.managed_identity.delete',
  'azure.key_vault.write',
  'azure.key_vault.delete',
  'azure.key_vault.purge',
  'azure.key_vault.recover',
  'azure.key_vault.access_policy_write',
  // keys in a vault (AuditEvent, and the vault's ARM key operations)
  'azure.key.create',
  'azure.key.update',
  'azure.key.rotate',
  'azure.key.delete',
  'azure.key.purge',
  'azure.key.recover',
  'azure.key.expired',
  'azure.key.use',
  'azure.key.read',
  /** Made by relate from `azure.key.update`: disabled, or given an expiry in the past. */
  'azure.key.disable',
  'azure.key.expire',
  /** Made by relate: access that an account needs was removed at its key's vault. */
  'azure.key_vault.access_removed',
] as const;

export type Action = (typeof ACTIONS)[number];
