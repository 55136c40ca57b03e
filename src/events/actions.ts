import { customActionIn, deedInGremlin, GREMLIN_DEEDS, isMongoRemoval, readCql } from './commands.ts';
import type { Family, Outcome } from './event.ts';
import type { Action } from './vocabulary.ts';

/**
 * Which operation is which action: one table a family, the only place that knows Azure's operation names. An operation that no row
 * names keeps its raw name in lower case and stays visible.
 */

/** ARM operations (Activity Log), lower case. `*` stands for one path segment, a list in braces for alternatives. */
const ARM: readonly (readonly [string, Action])[] = [
  ['microsoft.documentdb/{databaseaccounts,mongoclusters,cassandraclusters}/write', 'cosmosdb.account.write'],
  ['microsoft.documentdb/{databaseaccounts,mongoclusters,cassandraclusters}/delete', 'cosmosdb.account.delete'],
  ['microsoft.documentdb/databaseaccounts/listkeys/action', 'cosmosdb.keys.list'],
  ['microsoft.documentdb/databaseaccounts/readonlykeys/{action,read}', 'cosmosdb.keys.list_readonly'],
  [
    'microsoft.documentdb/{databaseaccounts,mongoclusters}/listconnectionstrings/action',
    'cosmosdb.connection_strings.list',
  ],
  ['microsoft.documentdb/databaseaccounts/regeneratekey/action', 'cosmosdb.keys.regenerate'],
  ['microsoft.documentdb/databaseaccounts/failoverprioritychange/action', 'cosmosdb.account.failover'],
  ['microsoft.documentdb/mongoclusters/promote/action', 'cosmosdb.account.failover'],
  ['microsoft.documentdb/databaseaccounts/{offlineregion,onlineregion}/action', 'cosmosdb.account.region_change'],
  ['microsoft.documentdb/databaseaccounts/{restore,prerestore}/action', 'cosmosdb.account.restore'],
  ['microsoft.documentdb/locations/restorabledatabaseaccounts/restore/action', 'cosmosdb.account.restore'],
  ['microsoft.documentdb/databaseaccounts/disablelongtermprotection/action', 'cosmosdb.long_term_protection.disable'],
  ['microsoft.documentdb/databaseaccounts/enablelongtermprotection/action', 'cosmosdb.long_term_protection.enable'],
  ['microsoft.documentdb/*/privateendpointconnections/write', 'cosmosdb.private_endpoint.write'],
  ['microsoft.documentdb/*/privateendpointconnections/delete', 'cosmosdb.private_endpoint.delete'],
  ['microsoft.documentdb/*/privateendpointconnectionsapproval/action', 'cosmosdb.private_endpoint.approve'],
  ['microsoft.documentdb/*/privateendpointconnectionproxies/{write,delete}', 'cosmosdb.private_endpoint.proxy'],
  ['microsoft.documentdb/*/privateendpointconnectionproxies/validate/action', 'cosmosdb.private_endpoint.proxy'],
  [
    'microsoft.documentdb/databaseaccounts/networksecurityperimeterassociationproxies/write',
    'cosmosdb.network_perimeter.write',
  ],
  [
    'microsoft.documentdb/databaseaccounts/networksecurityperimeterassociationproxies/delete',
    'cosmosdb.network_perimeter.delete',
  ],
  ['microsoft.documentdb/databaseaccounts/joinperimeter/action', 'cosmosdb.network_perimeter.write'],
  ['microsoft.documentdb/mongoclusters/firewallrules/write', 'cosmosdb.firewall_rule.write'],
  ['microsoft.documentdb/mongoclusters/firewallrules/delete', 'cosmosdb.firewall_rule.delete'],
  ['microsoft.documentdb/locations/deletevirtualnetworkorsubnets/action', 'cosmosdb.virtual_network.delete'],
  [
    'microsoft.documentdb/databaseaccounts/{sqldatabases,mongodbdatabases,cassandrakeyspaces,gremlindatabases}/write',
    'cosmosdb.database.write',
  ],
  [
    'microsoft.documentdb/databaseaccounts/{sqldatabases,mongodbdatabases,cassandrakeyspaces,gremlindatabases}/delete',
    'cosmosdb.database.delete',
  ],
  ['microsoft.documentdb/databaseaccounts/apis/{databases,keyspaces}/write', 'cosmosdb.database.write'],
  ['microsoft.documentdb/databaseaccounts/apis/{databases,keyspaces}/delete', 'cosmosdb.database.delete'],
  [
    'microsoft.documentdb/databaseaccounts/{sqldatabases/containers,mongodbdatabases/collections,cassandrakeyspaces/tables,cassandrakeyspaces/views,gremlindatabases/graphs,tables}/write',
    'cosmosdb.container.write',
  ],
  [
    'microsoft.documentdb/databaseaccounts/{sqldatabases/containers,mongodbdatabases/collections,cassandrakeyspaces/tables,cassandrakeyspaces/views,gremlindatabases/graphs,tables}/delete',
    'cosmosdb.container.delete',
  ],
  [
    'microsoft.documentdb/databaseaccounts/apis/{databases/collections,databases/containers,databases/graphs,keyspaces/tables,tables}/write',
    'cosmosdb.container.write',
  ],
  [
    'microsoft.documentdb/databaseaccounts/apis/{databases/collections,databases/containers,databases/graphs,keyspaces/tables,tables}/delete',
    'cosmosdb.container.delete',
  ],
  ['microsoft.documentdb/databaseaccounts/**/throughputsettings/write', 'cosmosdb.throughput.update'],
  [
    'microsoft.documentdb/databaseaccounts/{sqlroleassignments,mongodbroleassignments,cassandraroleassignments,tableroleassignments}/write',
    'cosmosdb.role_assignment.write',
  ],
  [
    'microsoft.documentdb/databaseaccounts/{sqlroleassignments,mongodbroleassignments,cassandraroleassignments,tableroleassignments}/delete',
    'cosmosdb.role_assignment.delete',
  ],
  [
    'microsoft.documentdb/databaseaccounts/{sqlroledefinitions,mongodbroledefinitions,cassandraroledefinitions,tableroledefinitions}/write',
    'cosmosdb.role_definition.write',
  ],
  [
    'microsoft.documentdb/databaseaccounts/{sqlroledefinitions,mongodbroledefinitions,cassandraroledefinitions,tableroledefinitions}/delete',
    'cosmosdb.role_definition.delete',
  ],
  ['microsoft.documentdb/{databaseaccounts/mongodbuserdefinitions,mongoclusters/users}/write', 'cosmosdb.user.write'],
  ['microsoft.documentdb/{databaseaccounts/mongodbuserdefinitions,mongoclusters/users}/delete', 'cosmosdb.user.delete'],
  ['microsoft.authorization/locks/write', 'azure.lock.write'],
  ['microsoft.authorization/locks/delete', 'azure.lock.delete'],
  ['microsoft.authorization/roleassignments/write', 'azure.role_assignment.write'],
  ['microsoft.authorization/roleassignments/delete', 'azure.role_assignment.delete'],
  ['microsoft.insights/diagnosticsettings/write', 'azure.diagnostic_setting.write'],
  ['microsoft.insights/diagnosticsettings/delete', 'azure.diagnostic_setting.delete'],
  [
    'microsoft.documentdb/databaseaccounts/providers/microsoft.insights/diagnosticsettings/write',
    'azure.diagnostic_setting.write',
  ],
  [
    'microsoft.documentdb/databaseaccounts/providers/microsoft.insights/diagnosticsettings/delete',
    'azure.diagnostic_setting.delete',
  ],
  ['microsoft.dataprotection/backupvaults/backupinstances/write', 'azure.backup_instance.write'],
  ['microsoft.dataprotection/backupvaults/backupinstances/delete', 'azure.backup_instance.delete'],
  [
    'microsoft.dataprotection/backupvaults/backupinstances/{stopprotection,suspendbackups}/action',
    'azure.backup_instance.stop_protection',
  ],
  [
    'microsoft.dataprotection/backupvaults/backupinstances/{stopprotection,suspendbackups}',
    'azure.backup_instance.stop_protection',
  ],
  [
    'microsoft.dataprotection/backupvaults/backupinstances/{resumeprotection,resumebackups}/action',
    'azure.backup_instance.resume_protection',
  ],
  ['microsoft.dataprotection/backupvaults/write', 'azure.backup_vault.write'],
  ['microsoft.dataprotection/backupvaults/delete', 'azure.backup_vault.delete'],
  ['microsoft.dataprotection/backupvaults/backuppolicies/write', 'azure.backup_policy.write'],
  ['microsoft.dataprotection/backupvaults/backuppolicies/delete', 'azure.backup_policy.delete'],
  [
    'microsoft.eventhub/namespaces/{write,eventhubs/write,authorizationrules/write,eventhubs/authorizationrules/write}',
    'azure.event_hub.write',
  ],
  [
    'microsoft.eventhub/namespaces/{delete,eventhubs/delete,authorizationrules/delete,eventhubs/authorizationrules/delete}',
    'azure.event_hub.delete',
  ],
  [
    'microsoft.eventhub/namespaces/{authorizationrules,eventhubs/authorizationrules}/regeneratekeys/action',
    'azure.event_hub.keys_regenerate',
  ],
  ['microsoft.storage/storageaccounts/write', 'azure.storage_account.write'],
  ['microsoft.storage/storageaccounts/{delete,blobservices/containers/delete}', 'azure.storage_account.delete'],
  ['microsoft.storage/storageaccounts/regeneratekey/action', 'azure.storage_account.keys_regenerate'],
  ['microsoft.operationalinsights/workspaces/write', 'azure.log_analytics.write'],
  ['microsoft.operationalinsights/workspaces/delete', 'azure.log_analytics.delete'],
  ['microsoft.managedidentity/userassignedidentities/delete', 'azure.managed_identity.delete'],
  ['microsoft.keyvault/vaults/write', 'azure.key_vault.write'],
  ['microsoft.keyvault/vaults/delete', 'azure.key_vault.delete'],
  ['microsoft.keyvault/{locations/deletedvaults,vaults}/purge/action', 'azure.key_vault.purge'],
  ['microsoft.keyvault/vaults/accesspolicies/write', 'azure.key_vault.access_policy_write'],
  ['microsoft.keyvault/vaults/keys/write', 'azure.key.create'],
  ['microsoft.keyvault/vaults/keys/{delete,delete/action}', 'azure.key.delete'],
  ['microsoft.keyvault/vaults/keys/purge/action', 'azure.key.purge'],
];

/** Key Vault AuditEvent. Source: key-vault/general/logging.md. */
const VAULT = table({
  keycreate: 'azure.key.create',
  keyimport: 'azure.key.create',
  keyrotate: 'azure.key.rotate',
  keyupdate: 'azure.key.update',
  keydelete: 'azure.key.delete',
  keypurge: 'azure.key.purge',
  keyrecover: 'azure.key.recover',
  keyrestore: 'azure.key.recover',
  keywrap: 'azure.key.use',
  keyunwrap: 'azure.key.use',
  keyencrypt: 'azure.key.use',
  keydecrypt: 'azure.key.use',
  keyget: 'azure.key.read',
  keylist: 'azure.key.read',
  keylistversions: 'azure.key.read',
  keyexpiredeventgridnotification: 'azure.key.expired',
  vaultput: 'azure.key_vault.write',
  vaultpatch: 'azure.key_vault.write',
  vaultdelete: 'azure.key_vault.delete',
  vaultpurge: 'azure.key_vault.purge',
  vaultrecover: 'azure.key_vault.recover',
});

/** Names come from records, and `constructor` is one too: a Map has only what was put in. */
function table(actions: Readonly<Record<string, Action>>): ReadonlyMap<string, Action> {
  return new Map(Object.entries(actions));
}

const ARM_PATTERNS = ARM.map(([pattern, action]) => [toPattern(pattern), action] as const);
const armMemo = new Map<string, string>();
const MEMO_LIMIT = 10_000;

function toPattern(pattern: string): RegExp {
  const source = pattern
    .replace(/[.]/g, '\\.')
    .replace(/\*\*/g, '.+')
    .replace(/(?<!\.)\*/g, '[^/]+')
    .replace(/\{([^}]+)\}/g, (_, list: string) => `(?:${list.split(',').join('|')})`);
  return new RegExp(`^${source}$`);
}

/** @param operation lower case */
export function armAction(operation: string): string {
  const known = armMemo.get(operation);
  if (known !== undefined) return known;
  const action = ARM_PATTERNS.find(([pattern]) => pattern.test(operation))?.[1] ?? operation;
  if (armMemo.size < MEMO_LIMIT) armMemo.set(operation, action);
  return action;
}

/** @param operation lower case */
export function vaultAction(operation: string): string {
  return VAULT.get(operation) ?? operation;
}

/** Account-level names of ControlPlaneRequests, without Start or Complete. */
const CONTROL = table({
  accountcreate: 'cosmosdb.account.write',
  accountupdate: 'cosmosdb.account.write',
  accountdelete: 'cosmosdb.account.delete',
  regionadd: 'cosmosdb.account.region_change',
  regionremove: 'cosmosdb.account.region_change',
  regionfailover: 'cosmosdb.account.failover',
  virtualnetworkdelete: 'cosmosdb.virtual_network.delete',
  diagnosticlogupdate: 'cosmosdb.diagnostic_log.update',
});

const CONTAINER = /(?:containers?|collections?|tables?|graphs?|views?)$/;
const DATABASE = /(?:databases?|keyspaces?)$/;

/**
 * ControlPlaneRequests: an account-level name, or api + resource type + operation (`SqlContainersCreate`). The strings for MongoDB,
 * Gremlin and Table are unconfirmed, so the end of the name decides.
 * @param operation lower case, without Start or Complete
 */
export function controlAction(operation: string): string {
  const whole = CONTROL.get(operation);
  if (whole !== undefined) return whole;
  const found = /^(.*?)(throughput)?(create|update|upsert|replace|delete|execute)$/.exec(operation);
  if (found === null) return operation;
  const [, subject = '', throughput, verb] = found;
  if (throughput !== undefined) return 'cosmosdb.throughput.update';
  if (/roleassignments?$/.test(subject))
    return verb === 'delete' ? 'cosmosdb.role_assignment.delete' : 'cosmosdb.role_assignment.write';
  if (/roledefinitions?$/.test(subject))
    return verb === 'delete' ? 'cosmosdb.role_definition.delete' : 'cosmosdb.role_definition.write';
  const kind = CONTAINER.test(subject) ? 'container' : DATABASE.test(subject) ? 'database' : null;
  return kind === null || verb === 'execute' ? operation : structureAction(kind, verb!);
}

/** What a verb does to a container or database. @param verb `create`, `delete`, or a word for a change */
function structureAction(kind: 'container' | 'database', verb: string): string {
  if (verb === 'create' || verb === 'delete') return `cosmosdb.${kind}.${verb}`;
  return kind === 'container' ? 'cosmosdb.container.update' : 'cosmosdb.database.write';
}

const ITEM_VERBS = table({
  create: 'cosmosdb.item.create',
  read: 'cosmosdb.item.read',
  readfeed: 'cosmosdb.item.query',
  head: 'cosmosdb.item.read',
  headfeed: 'cosmosdb.item.query',
  query: 'cosmosdb.item.query',
  sqlquery: 'cosmosdb.item.query',
  jsquery: 'cosmosdb.item.query',
  replace: 'cosmosdb.item.update',
  update: 'cosmosdb.item.update',
  patch: 'cosmosdb.item.update',
  upsert: 'cosmosdb.item.upsert',
  delete: 'cosmosdb.item.delete',
  execute: 'cosmosdb.item.execute',
  batch: 'cosmosdb.item.execute',
});

/** DataPlaneRequests. @param operation lower case @param resourceType as logged */
export function dataAction(operation: string, resourceType: string | null): string {
  const type = (resourceType ?? '').toLowerCase();
  if (type === 'document') return ITEM_VERBS.get(operation) ?? operation;
  // A stored procedure may do anything to items, and the log does not say what.
  if (type === 'storedprocedure' && operation === 'execute') return 'cosmosdb.item.execute';
  const kind = type === 'collection' || type === 'container' ? 'container' : type === 'database' ? 'database' : null;
  return kind !== null && STRUCTURE_VERBS.has(operation) ? structureAction(kind, operation) : operation;
}

const STRUCTURE_VERBS: ReadonlySet<string> = new Set(['create', 'delete', 'replace', 'update', 'upsert']);

const MONGO = table({
  insert: 'cosmosdb.item.create',
  insertone: 'cosmosdb.item.create',
  insertmany: 'cosmosdb.item.create',
  find: 'cosmosdb.item.query',
  aggregate: 'cosmosdb.item.query',
  getmore: 'cosmosdb.item.query',
  count: 'cosmosdb.item.query',
  distinct: 'cosmosdb.item.query',
  update: 'cosmosdb.item.update',
  updateone: 'cosmosdb.item.update',
  updatemany: 'cosmosdb.item.update',
  replaceone: 'cosmosdb.item.update',
  findandmodify: 'cosmosdb.item.update',
  findoneandupdate: 'cosmosdb.item.update',
  findoneandreplace: 'cosmosdb.item.update',
  delete: 'cosmosdb.item.delete',
  deleteone: 'cosmosdb.item.delete',
  deletemany: 'cosmosdb.item.delete',
  findoneanddelete: 'cosmosdb.item.delete',
  remove: 'cosmosdb.item.delete',
  create: 'cosmosdb.container.create',
  createcollection: 'cosmosdb.container.create',
  drop: 'cosmosdb.container.delete',
  dropcollection: 'cosmosdb.container.delete',
  collmod: 'cosmosdb.container.update',
  dropdatabase: 'cosmosdb.database.delete',
  bulkwrite: 'cosmosdb.item.execute',
  createuser: 'cosmosdb.user.write',
  updateuser: 'cosmosdb.user.write',
  dropuser: 'cosmosdb.user.delete',
});

/** Commands that Azure added to MongoDB's, by `customAction` in their text. Source: cosmos-db/mongodb/custom-commands. */
const MONGO_CUSTOM = table({
  createdatabase: 'cosmosdb.database.create',
  updatedatabase: 'cosmosdb.database.write',
  createcollection: 'cosmosdb.container.create',
  updatecollection: 'cosmosdb.container.update',
});

/** Commands of which only the text tells whether they are something else, and what that may be. */
const MONGO_BY_TEXT: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    findandmodify: ['cosmosdb.item.delete'],
    bulkwrite: ['cosmosdb.item.delete'],
    customaction: [...MONGO_CUSTOM.values()],
  }),
);

/**
 * MongoRequests: the command is the operation. `findAndModify` and `bulkWrite` may be removals, which only their text tells.
 * @param operation lower case @param command its text, where it is logged
 */
export function mongoAction(operation: string, command: string | null = null): string {
  const plain = MONGO.get(operation) ?? operation;
  if (command === null || !MONGO_BY_TEXT.has(operation)) return plain;
  if (operation === 'customaction') return MONGO_CUSTOM.get(customActionIn(command) ?? '') ?? plain;
  return isMongoRemoval(command) ? 'cosmosdb.item.delete' : plain;
}

const CQL_ITEMS = table({
  select: 'cosmosdb.item.query',
  insert: 'cosmosdb.item.upsert',
  update: 'cosmosdb.item.upsert',
  delete: 'cosmosdb.item.delete',
  truncate: 'cosmosdb.item.delete',
  batch: 'cosmosdb.item.execute',
});

/**
 * CassandraRequests: the text of the statement decides; without it the operation's name, of which only `QuerySelect` is confirmed.
 * @param operation lower case
 */
export function cassandraAction(operation: string, command: string | null): string {
  const cql = command === null ? null : readCql(command);
  const verb = cql?.verb ?? operation.replace(/^query/, '');
  const items = CQL_ITEMS.get(verb);
  if (items !== undefined) return items;
  if (cql === null || cql.object === null || cql.object === 'other') return operation;
  return structureAction(cql.object === 'table' ? 'container' : 'database', verb === 'drop' ? 'delete' : verb);
}

/** GremlinRequests know one operation, `eval`: what it did stands in the text only. @param operation lower case */
export function gremlinAction(operation: string, command: string | null): string {
  if (operation !== 'eval' && command === null) return operation;
  return command === null ? 'cosmosdb.item.execute' : `cosmosdb.item.${deedInGremlin(command)}`;
}

/** TableApiRequests: names as the protocol of tables has them, or as the data plane has them; unconfirmed. */
const TABLE_API = table({
  createtable: 'cosmosdb.container.create',
  deletetable: 'cosmosdb.container.delete',
  insertentity: 'cosmosdb.item.create',
  insert: 'cosmosdb.item.create',
  queryentities: 'cosmosdb.item.query',
  queryentity: 'cosmosdb.item.query',
  updateentity: 'cosmosdb.item.update',
  mergeentity: 'cosmosdb.item.update',
  merge: 'cosmosdb.item.update',
  insertorreplaceentity: 'cosmosdb.item.upsert',
  insertormergeentity: 'cosmosdb.item.upsert',
  deleteentity: 'cosmosdb.item.delete',
  entitygrouptransaction: 'cosmosdb.item.execute',
});

/** @param operation lower case */
export function tableAction(operation: string): string {
  return TABLE_API.get(operation) ?? ITEM_VERBS.get(operation) ?? operation;
}

/**
 * Every action that a request may turn out to be, by what a walk over its bytes sees: more than one where the text of the command
 * decides. So a walk may pass over a record only if none of them matters.
 * @param category as logged
 */
export function requestActions(
  category: string,
  operationName: string,
  resourceType: string | null,
): readonly string[] {
  const operation = operationName.toLowerCase();
  if (category.toLowerCase() !== 'mongorequests') return [dataAction(operation, resourceType)];
  return [mongoAction(operation), ...(MONGO_BY_TEXT.get(operation) ?? [])];
}

/** What a request may do to containers and databases. */
const STRUCTURE_ACTIONS: readonly string[] = (['container', 'database'] as const).flatMap((kind) =>
  ['create', 'update', 'delete'].map((verb) => structureAction(kind, verb)),
);

/** Actions of ControlPlaneRequests that are named by the end of the operation, besides those of containers and databases. */
const CONTROL_BELOW: readonly Action[] = [
  'cosmosdb.throughput.update',
  'cosmosdb.role_assignment.write',
  'cosmosdb.role_assignment.delete',
  'cosmosdb.role_definition.write',
  'cosmosdb.role_definition.delete',
];

/** Every outcome that an action may have in a log: an audit log tells of attempts, and of those that failed. */
export function outcomesOf(family: Family): readonly Outcome[] {
  switch (family) {
    case 'ActivityLog':
      return ['started', 'accepted', 'success', 'failure'];
    case 'ControlPlaneRequests':
      return ['accepted', 'success', 'failure'];
    case 'CassandraAudit':
      return ['accepted', 'failure'];
    default:
      return ['success', 'failure'];
  }
}

/** Every action that a record of a log may be; any other operation keeps its raw name. Logs that tell of no act have none. */
export function actionsOf(family: Family): ReadonlySet<string> {
  switch (family) {
    case 'ActivityLog':
      return new Set(ARM.map(([, action]) => action));
    case 'ControlPlaneRequests':
      return new Set([...CONTROL.values(), ...CONTROL_BELOW, ...STRUCTURE_ACTIONS]);
    case 'DataPlaneRequests':
    case 'DataPlaneRequests5M':
    case 'DataPlaneRequests15M':
      return new Set([...ITEM_VERBS.values(), ...STRUCTURE_ACTIONS]);
    case 'MongoRequests':
    case 'VCoreMongoRequests':
      return new Set([...MONGO.values(), ...MONGO_CUSTOM.values()]);
    case 'CassandraRequests':
    case 'CassandraAudit':
      return new Set([...CQL_ITEMS.values(), ...STRUCTURE_ACTIONS]);
    case 'GremlinRequests':
      return new Set(['execute', ...GREMLIN_DEEDS].map((deed) => `cosmosdb.item.${deed}`));
    case 'TableApiRequests':
      return new Set([...TABLE_API.values(), ...ITEM_VERBS.values()]);
    case 'AuditEvent':
      return new Set(VAULT.values());
    case 'QueryRuntimeStatistics':
    case 'PartitionKeyStatistics':
    case 'PartitionKeyRUConsumption':
      return new Set();
  }
}

/** A record that tells an action: of which log, by which operation, about which kind of resource. */
export interface Operation {
  readonly family: 'ActivityLog' | 'DataPlaneRequests' | 'AuditEvent' | 'ControlPlaneRequests';
  /** Lower case. */
  readonly name: string;
  /** DataPlaneRequests: what the request was about. */
  readonly type: 'Document' | 'Collection' | 'Database' | null;
}

/** An operation that tells an action in one record: the first of its table; null if several records are needed. */
export function operationOf(action: string): Operation | null {
  const data = dataOperationOf(action);
  if (data !== null) return { family: 'DataPlaneRequests', ...data };
  const vault = [...VAULT].find(([, told]) => told === action);
  if (vault !== undefined) return { family: 'AuditEvent', name: vault[0], type: null };
  const arm = ARM.find(([, told]) => told === action);
  if (arm !== undefined) return { family: 'ActivityLog', name: firstOf(arm[0]), type: null };
  const control = [...CONTROL].find(([, told]) => told === action);
  return control === undefined ? null : { family: 'ControlPlaneRequests', name: control[0], type: null };
}

function dataOperationOf(
  action: string,
): { readonly name: string; readonly type: NonNullable<Operation['type']> } | null {
  for (const type of ['Document', 'Collection', 'Database'] as const) {
    const verbs = type === 'Document' ? ITEM_VERBS.keys() : STRUCTURE_VERBS;
    for (const name of verbs) if (dataAction(name, type) === action) return { name, type };
  }
  return null;
}

/** The first operation that a pattern stands for. */
function firstOf(pattern: string): string {
  return pattern
    .replace(/\{([^},]+)[^}]*\}/g, '$1')
    .replace('/**/', '/sqldatabases/containers/')
    .replace('/*/', '/databaseaccounts/');
}
