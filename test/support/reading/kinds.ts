import type { Rec } from './types.ts';

/** Activity Log operations that the streams write. */
const OPERATIONS: { readonly [operation: string]: string } = {
  'microsoft.documentdb/databaseaccounts/write': 'account.write',
  'microsoft.documentdb/databaseaccounts/delete': 'account.delete',
  'microsoft.documentdb/databaseaccounts/listkeys/action': 'keys.list',
  'microsoft.documentdb/databaseaccounts/readonlykeys/action': 'keys.list_readonly',
  'microsoft.documentdb/databaseaccounts/listconnectionstrings/action': 'connection_strings.list',
  'microsoft.documentdb/databaseaccounts/disablelongtermprotection/action': 'long_term_protection.disable',
  'microsoft.documentdb/databaseaccounts/failoverprioritychange/action': 'account.failover',
  'microsoft.documentdb/databaseaccounts/privateendpointconnections/write': 'private_endpoint.write',
  'microsoft.documentdb/databaseaccounts/privateendpointconnections/delete': 'private_endpoint.delete',
  'microsoft.documentdb/databaseaccounts/privateendpointconnectionsapproval/action': 'private_endpoint.approve',
  'microsoft.documentdb/databaseaccounts/sqldatabases/delete': 'database.delete',
  'microsoft.documentdb/databaseaccounts/sqldatabases/containers/write': 'container.write',
  'microsoft.documentdb/databaseaccounts/sqldatabases/containers/delete': 'container.delete',
  'microsoft.authorization/locks/write': 'lock.write',
  'microsoft.authorization/locks/delete': 'lock.delete',
  'microsoft.insights/diagnosticsettings/write': 'diagnostic_setting.write',
  'microsoft.insights/diagnosticsettings/delete': 'diagnostic_setting.delete',
  'microsoft.dataprotection/backupvaults/write': 'backup_vault.write',
  'microsoft.dataprotection/backupvaults/delete': 'backup_vault.delete',
  'microsoft.dataprotection/backupvaults/backupinstances/write': 'backup_instance.write',
  'microsoft.dataprotection/backupvaults/backupinstances/delete': 'backup_instance.delete',
  'microsoft.dataprotection/backupvaults/backupinstances/stopprotection/action': 'backup_instance.stop_protection',
  'microsoft.keyvault/vaults/delete': 'key_vault.delete',
  'microsoft.keyvault/vaults/keys/delete': 'key.delete',
  'microsoft.eventhub/namespaces/delete': 'event_hub.delete',
};

const CONTROL: { readonly [operation: string]: string } = {
  accountcreate: 'account.create',
  accountupdate: 'account.update',
  accountdelete: 'account.delete',
  sqlcontainerscreate: 'container.create',
  sqlcontainersupdate: 'container.update',
  sqlcontainersdelete: 'container.delete',
  diagnosticlogupdate: 'diagnostic_log.update',
};

const REQUESTS: { readonly [operation: string]: string } = {
  'create collection': 'container.create',
  'delete collection': 'container.delete',
  'delete database': 'database.delete',
  'delete document': 'item.delete',
};

const KEYS: { readonly [operation: string]: string } = {
  keycreate: 'key.create',
  keydelete: 'key.delete',
  keypurge: 'key.purge',
  keyrecover: 'key.recover',
  keyupdate: 'key.update',
  vaultdelete: 'key_vault.delete',
};

/** What a record is about, in the words of the vocabulary without their first part. Unknown operations keep their name. */
export function kindOf(rec: Rec): string {
  switch (rec.family) {
    case 'ActivityLog':
      return OPERATIONS[rec.operation] ?? rec.operation;
    case 'ControlPlaneRequests':
      return CONTROL[rec.operation] ?? rec.operation;
    case 'DataPlaneRequests':
    case 'DataPlaneRequests5M':
    case 'DataPlaneRequests15M':
      return REQUESTS[`${rec.operation} ${rec.object}`] ?? 'item.other';
    case 'MongoRequests':
      return rec.operation === 'delete' ? 'item.delete' : 'item.other';
    case 'AuditEvent':
      return KEYS[rec.operation] ?? rec.operation;
  }
}

export const KEY_READS: readonly string[] = ['keys.list', 'keys.list_readonly', 'connection_strings.list'];
