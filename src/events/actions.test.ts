import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  actionsOf,
  armAction,
  cassandraAction,
  controlAction,
  dataAction,
  gremlinAction,
  mongoAction,
  requestActions,
  tableAction,
  vaultAction,
} from './actions.ts';
import type { Family } from './event.ts';
import { armPath, spelled } from './resource.ts';
import { ACTIONS } from './vocabulary.ts';

const DB = 'microsoft.documentdb/databaseaccounts';

describe('ARM operations', () => {
  test.each([
    [`${DB}/write`, 'cosmosdb.account.write'],
    [`${DB}/delete`, 'cosmosdb.account.delete'],
    ['microsoft.documentdb/mongoclusters/delete', 'cosmosdb.account.delete'],
    [`${DB}/listkeys/action`, 'cosmosdb.keys.list'],
    [`${DB}/readonlykeys/action`, 'cosmosdb.keys.list_readonly'],
    [`${DB}/listconnectionstrings/action`, 'cosmosdb.connection_strings.list'],
    ['microsoft.documentdb/mongoclusters/listconnectionstrings/action', 'cosmosdb.connection_strings.list'],
    [`${DB}/disablelongtermprotection/action`, 'cosmosdb.long_term_protection.disable'],
    [`${DB}/privateendpointconnectionsapproval/action`, 'cosmosdb.private_endpoint.approve'],
    [`${DB}/privateendpointconnectionproxies/validate/action`, 'cosmosdb.private_endpoint.proxy'],
    ['microsoft.documentdb/mongoclusters/privateendpointconnections/delete', 'cosmosdb.private_endpoint.delete'],
    ['microsoft.documentdb/mongoclusters/firewallrules/write', 'cosmosdb.firewall_rule.write'],
    [`${DB}/sqldatabases/containers/write`, 'cosmosdb.container.write'],
    [`${DB}/mongodbdatabases/collections/delete`, 'cosmosdb.container.delete'],
    [`${DB}/cassandrakeyspaces/views/write`, 'cosmosdb.container.write'],
    [`${DB}/gremlindatabases/graphs/write`, 'cosmosdb.container.write'],
    [`${DB}/tables/write`, 'cosmosdb.container.write'],
    [`${DB}/apis/databases/containers/write`, 'cosmosdb.container.write'],
    [`${DB}/apis/keyspaces/tables/delete`, 'cosmosdb.container.delete'],
    [`${DB}/apis/databases/write`, 'cosmosdb.database.write'],
    [`${DB}/sqldatabases/containers/throughputsettings/write`, 'cosmosdb.throughput.update'],
    [`${DB}/providers/microsoft.insights/diagnosticsettings/write`, 'azure.diagnostic_setting.write'],
    ['microsoft.authorization/locks/delete', 'azure.lock.delete'],
    [
      'microsoft.dataprotection/backupvaults/backupinstances/stopprotection/action',
      'azure.backup_instance.stop_protection',
    ],
    ['microsoft.keyvault/vaults/keys/purge/action', 'azure.key.purge'],
    ['microsoft.eventhub/namespaces/eventhubs/delete', 'azure.event_hub.delete'],
  ])('%s', (operation, action) => {
    expect(armAction(operation)).toBe(action);
  });

  test.each([
    `${DB}/read`,
    `${DB}/sqldatabases/containers/storedprocedures/write`,
    'microsoft.storage/storageaccounts/listkeys/action',
    '',
  ])('no row names it, so it keeps its name: %s', (operation) => {
    expect(armAction(operation)).toBe(operation);
  });
});

describe('ControlPlaneRequests', () => {
  test.each([
    ['accountcreate', 'cosmosdb.account.write'],
    ['accountdelete', 'cosmosdb.account.delete'],
    ['virtualnetworkdelete', 'cosmosdb.virtual_network.delete'],
    ['sqlcontainerscreate', 'cosmosdb.container.create'],
    ['mongocollectionscreate', 'cosmosdb.container.create'],
    ['mongodbcollectioncreate', 'cosmosdb.container.create'],
    ['tabletablescreate', 'cosmosdb.container.create'],
    ['gremlingraphsdelete', 'cosmosdb.container.delete'],
    ['cassandratablesupdate', 'cosmosdb.container.update'],
    ['cassandrakeyspacescreate', 'cosmosdb.database.create'],
    ['cassandrakeyspacesthroughputupdate', 'cosmosdb.throughput.update'],
    ['sqlroleassignmentcreate', 'cosmosdb.role_assignment.write'],
    ['somethingnew', 'somethingnew'],
  ])('%s', (operation, action) => {
    expect(controlAction(operation)).toBe(action);
  });
});

describe('DataPlaneRequests', () => {
  test.each([
    ['delete', 'Document', 'cosmosdb.item.delete'],
    ['delete', 'Collection', 'cosmosdb.container.delete'],
    ['delete', 'Database', 'cosmosdb.database.delete'],
    ['create', 'Collection', 'cosmosdb.container.create'],
    ['replace', 'collection', 'cosmosdb.container.update'],
    ['query', 'Document', 'cosmosdb.item.query'],
    ['delete', 'StoredProcedure', 'delete'],
    ['delete', null, 'delete'],
  ])('%s of %s', (operation, type, action) => {
    expect(dataAction(operation, type)).toBe(action);
  });
});

describe('the other APIs', () => {
  test.each([
    ['mongo', mongoAction('deletemany'), 'cosmosdb.item.delete'],
    [
      'mongo, a removal by its text',
      mongoAction('findandmodify', '{"findAndModify":"c","remove":true}'),
      'cosmosdb.item.delete',
    ],
    ['mongo, below request', mongoAction('findandmodify', '{"request":{"remove":true}}'), 'cosmosdb.item.delete'],
    [
      'mongo, a field that is called remove',
      mongoAction('findandmodify', '{"update":{"$set":{"remove":true}}}'),
      'cosmosdb.item.update',
    ],
    ['mongo, no text', mongoAction('findandmodify'), 'cosmosdb.item.update'],
    ['mongo, collection', mongoAction('create'), 'cosmosdb.container.create'],
    ['cassandra by name', cassandraAction('querydelete', null), 'cosmosdb.item.delete'],
    ['cassandra by text', cassandraAction('query', '{"request":"TRUNCATE shop.carts"}'), 'cosmosdb.item.delete'],
    ['cassandra batch', cassandraAction('batch', 'BEGIN BATCH INSERT INTO a'), 'cosmosdb.item.execute'],
    ['cassandra batch that deletes', cassandraAction('batch', 'BEGIN BATCH DELETE FROM a'), 'cosmosdb.item.delete'],
    ['mongo, many writes', mongoAction('bulkwrite'), 'cosmosdb.item.execute'],
    ['mongo, a removal among them', mongoAction('bulkwrite', '{"ops":[{"delete":0}]}'), 'cosmosdb.item.delete'],
    [
      'mongo, by Azure',
      mongoAction('customaction', '{"customAction":"CreateCollection"}'),
      'cosmosdb.container.create',
    ],
    ['mongo, by Azure, no text', mongoAction('customaction'), 'customaction'],
    ['mongo, a user', mongoAction('dropuser'), 'cosmosdb.user.delete'],
    ['gremlin, a property', gremlinAction('eval', "g.V().properties('a').drop()"), 'cosmosdb.item.update'],
    ['table, as the data plane says it', tableAction('upsert'), 'cosmosdb.item.upsert'],
    [
      'cassandra table',
      cassandraAction('query', 'create table if not exists shop.carts (id int)'),
      'cosmosdb.container.create',
    ],
    ['cassandra keyspace', cassandraAction('query', 'DROP KEYSPACE shop'), 'cosmosdb.database.delete'],
    ['cassandra index', cassandraAction('query', 'CREATE INDEX ON shop.carts (id)'), 'query'],
    ['gremlin', gremlinAction('eval', 'g.V().drop()'), 'cosmosdb.item.delete'],
    ['gremlin without text', gremlinAction('eval', null), 'cosmosdb.item.execute'],
    ['table', tableAction('deleteentity'), 'cosmosdb.item.delete'],
    ['table itself', tableAction('createtable'), 'cosmosdb.container.create'],
    ['vault', vaultAction('keypurge'), 'azure.key.purge'],
  ])('%s', (_, action, expected) => {
    expect(action).toBe(expected);
  });
});

test('a walk may pass over a request only if nothing that it may turn out to be matters', () => {
  expect(requestActions('MongoRequests', 'findAndModify', null)).toEqual([
    'cosmosdb.item.update',
    'cosmosdb.item.delete',
  ]);
  expect(requestActions('MongoRequests', 'find', null)).toEqual(['cosmosdb.item.query']);
  expect(requestActions('DataPlaneRequests', 'Delete', 'Document')).toEqual(['cosmosdb.item.delete']);
});

test('whatever the operation, the action is of the vocabulary or the operation itself', () => {
  const names: ReadonlySet<string> = new Set(ACTIONS);
  const words = fc.oneof(
    fc.string(),
    fc.constantFrom('constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'),
  );
  fc.assert(
    fc.property(words, fc.option(fc.string()), (word, text) => {
      const operation = word.toLowerCase();
      const actions = [
        armAction(operation),
        vaultAction(operation),
        controlAction(operation),
        dataAction(operation, text),
        mongoAction(operation, text),
        cassandraAction(operation, text),
        gremlinAction(operation, text),
        tableAction(operation),
      ];
      for (const action of actions) expect(names.has(action) || action === operation).toBe(true);
    }),
  );
});

describe('armPath', () => {
  test.each([
    ['', { api: null, database: null, container: null }],
    ['/sqlDatabases/Shop', { api: 'sql', database: 'Shop', container: null }],
    ['/sqlDatabases/Shop/containers/Orders', { api: 'sql', database: 'Shop', container: 'Orders' }],
    ['/MONGODBDATABASES/SHOP/COLLECTIONS/CARTS', { api: 'mongodb', database: 'SHOP', container: 'CARTS' }],
    ['/cassandraKeyspaces/k/tables/t', { api: 'cassandra', database: 'k', container: 't' }],
    ['/gremlinDatabases/g/graphs/x', { api: 'gremlin', database: 'g', container: 'x' }],
    ['/tables/people', { api: 'table', database: null, container: 'people' }],
    ['/apis/sql/databases/d/containers/c', { api: 'sql', database: 'd', container: 'c' }],
    ['/apis/table/tables/people', { api: 'table', database: null, container: 'people' }],
    ['/sqlDatabases/d/containers/c/throughputSettings/default', { api: 'sql', database: 'd', container: 'c' }],
  ])('%s', (path, expected) => {
    expect(armPath(path)).toEqual(expected);
  });
});

describe('spelled: an id as somebody wrote it', () => {
  const upper = '/SUBSCRIPTIONS/S/RESOURCEGROUPS/G/PROVIDERS/P/T/N';
  const own = '/subscriptions/s/resourceGroups/G/providers/P/t/N';
  test.each<[string, string, readonly (string | null)[], string | null]>([
    ['the id itself', own, [], own],
    ['without a closing slash', `${own}/`, [], own],
    ['another text for it', upper, [null, own], own],
    ['the first of several', upper, [own, own.replace('/N', '/n')], own],
    ['never that of something else', upper, [`${own}/below`, own.slice(0, -2)], null],
    ['capitals alone tell nothing', upper, [upper.toLowerCase()], null],
    ['nothing', '', [''], null],
  ])('%s', (_, id, texts, expected) => {
    expect(spelled(id, texts)).toBe(expected);
  });
});

describe('every action that a log may tell', () => {
  const verb = fc.constantFrom(
    ...['create', 'update', 'upsert', 'replace', 'delete', 'execute', 'batch', 'read', 'query', 'drop', 'truncate'],
  );
  const subject = fc.constantFrom(
    ...[
      'sqlcontainers',
      'mongodbcollections',
      'cassandratables',
      'gremlingraphs',
      'sqldatabases',
      'cassandrakeyspaces',
    ],
    ...['sqlroleassignments', 'sqlroledefinitions', 'sqlcontainersthroughput', 'account', 'region', 'diagnosticlog'],
  );
  const type = fc.constantFrom('Document', 'Collection', 'container', 'Database', 'StoredProcedure', null);
  const statement = fc.tuple(verb, fc.constantFrom('keyspace', 'table', 'role')).map(([a, b]) => `${a} ${b} x.y`);
  const entity = fc.constantFrom('entity', 'table', 'orreplaceentity');
  const ACTION: ReadonlySet<string> = new Set(ACTIONS);

  test.each<[string, Family, fc.Arbitrary<string>]>([
    ['ControlPlaneRequests', 'ControlPlaneRequests', fc.tuple(subject, verb).map(([a, b]) => controlAction(a + b))],
    ['DataPlaneRequests', 'DataPlaneRequests', fc.tuple(verb, type).map(([a, b]) => dataAction(a, b))],
    ['MongoRequests', 'MongoRequests', verb.map((a) => mongoAction(a))],
    ['CassandraRequests', 'CassandraRequests', fc.tuple(verb, statement).map(([a, b]) => cassandraAction(a, b))],
    [
      'GremlinRequests',
      'GremlinRequests',
      fc.constantFrom('g.V().drop()', 'g.V()').map((a) => gremlinAction('eval', a)),
    ],
    ['TableApiRequests', 'TableApiRequests', fc.tuple(verb, entity).map(([a, b]) => tableAction(a + b))],
    ['AuditEvent', 'AuditEvent', fc.tuple(fc.constantFrom('key', 'vault'), verb).map(([a, b]) => vaultAction(a + b))],
  ])('%s: no other is ever found', (_name, family, actions) => {
    const possible = actionsOf(family);
    fc.assert(fc.property(actions, (action) => possible.has(action) || !ACTION.has(action)));
  });

  test('are all of the vocabulary, and logs that tell of no act have none', () => {
    for (const family of ['ActivityLog', 'ControlPlaneRequests', 'AuditEvent', 'DataPlaneRequests15M'] as const) {
      expect([...actionsOf(family)].filter((action) => !ACTION.has(action))).toEqual([]);
      expect(actionsOf(family).size).toBeGreaterThan(5);
    }
    expect(actionsOf('PartitionKeyStatistics').size).toBe(0);
  });
});
