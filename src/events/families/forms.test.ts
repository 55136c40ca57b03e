import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../lib/json.ts';
import type { Event } from '../event.ts';
import { normalise } from '../normalise.ts';
import {
  ACCOUNT,
  type Act,
  activityCloudEvent,
  activityExport,
  activityGrid,
  activityRest,
  activityRow,
  CANARY,
  CLUSTER,
  diagnosticsRow,
  type Logged,
  NOW,
  resourceExport,
  resourceRow,
  VAULT,
  VAULT_FORMS,
} from './forms.test-support.ts';

function eventOf(record: JsonObject): Event {
  const read = normalise(record, { source: 'test', line: 1, index: 0 }, { now: NOW });
  if (read.kind !== 'event') throw new Error(JSON.stringify(read));
  return read.event;
}

/** Not every form tells these, and each spells names in its own way. */
const OWN = ['raw', 'variant', 'clientRequestId', 'method', 'status', 'body', 'accountSpelled'] as const;

/** What every form of a record must agree on. */
function essence(event: Event): Omit<Event, (typeof OWN)[number]> {
  const own: ReadonlySet<string> = new Set(OWN);
  return Object.fromEntries(Object.entries(event).filter(([name]) => !own.has(name))) as unknown as Event;
}

const ACTS: readonly (readonly [string, Act])[] = [
  [
    'keys read',
    { operation: 'Microsoft.DocumentDB/databaseAccounts/listKeys/action', resource: ACCOUNT, result: 'Success' },
  ],
  [
    'a container written',
    {
      operation: 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/write',
      resource: `${ACCOUNT.toLowerCase()}/sqldatabases/shop/containers/orders`,
      result: 'Success',
    },
  ],
  [
    'a lock that could not be deleted',
    {
      operation: 'Microsoft.Authorization/locks/delete',
      resource: `${ACCOUNT}/providers/Microsoft.Authorization/locks/keep`,
      result: 'Failure',
    },
  ],
];

describe.each(ACTS)('Activity Log: %s', (_, act) => {
  const upper = eventOf(activityExport(act));
  // The export writes names of databases and containers in capitals; the other forms keep their spelling.
  const expected = {
    ...essence(upper),
    database: upper.database?.toLowerCase() ?? null,
    container: upper.container?.toLowerCase() ?? null,
  };

  test.each([
    ['REST', activityRest(act)],
    ['AzureActivity', activityRow(act)],
    ['Event Grid', activityGrid(act)],
    ['CloudEvents', activityCloudEvent(act)],
    ['export, properties as text', { ...activityExport(act), properties: JSON.stringify({}) }],
    ['export, other casing', { ...lowerKeys(activityExport(act)) }],
  ])('%s tells the same as the export', (form, record) => {
    const { container, database, ...told } = essence(eventOf(record));
    expect({ ...told, database: database?.toLowerCase() ?? null, container: container?.toLowerCase() ?? null }).toEqual(
      expected,
    );
    expect(form).not.toBe('');
  });
});

function lowerKeys(record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name.toLowerCase(), value]));
}

const ACTIVITY = '1cc71e3c-edf3-41b1-ad66-68799e70de85';

const LOGGED: readonly (readonly [string, Logged, string, string])[] = [
  [
    'an item deleted by key',
    {
      category: 'DataPlaneRequests',
      operation: 'Delete',
      properties: {
        activityId: ACTIVITY,
        requestResourceType: 'Document',
        requestResourceId: '/dbs/shop/colls/orders',
        statusCode: '204',
        userAgent: 'cosmos-netstandard-sdk/3.39.1',
        clientIpAddress: '203.0.113.77',
        keyType: 'PrimaryMasterKey',
        databaseName: 'shop',
        collectionName: 'orders',
        region: 'West Europe',
      },
    },
    'cosmosdb.item.delete',
    'success',
  ],
  [
    'items deleted, summed up',
    {
      category: 'DataPlaneRequests5M',
      operation: 'Delete',
      properties: {
        requestResourceType: 'Document',
        requestResourceId: '/dbs/shop/colls/orders',
        statusCode: '204',
        clientIpAddress: '203.0.113.77',
        keyType: 'SecondaryMasterKey',
        databaseName: 'shop',
        collectionName: 'orders',
        region: 'West Europe',
        requestCount: '41',
      },
    },
    'cosmosdb.item.delete',
    'success',
  ],
  [
    'an account update that was accepted',
    {
      category: 'ControlPlaneRequests',
      operation: 'AccountUpdateStart',
      properties: {
        activityId: ACTIVITY,
        httpstatusCode: '202',
        result: 'Accepted',
        httpMethod: 'PUT',
        ipRangeFilter: '203.0.113.0/24',
      },
    },
    'cosmosdb.account.write',
    'accepted',
  ],
  [
    'a container created',
    {
      category: 'ControlPlaneRequests',
      operation: 'SqlContainersCreate',
      properties: {
        activityId: ACTIVITY,
        httpstatusCode: '200',
        result: 'OK',
        apiKind: 'Sql',
        apiKindResourceType: 'Containers',
        operationType: 'Create',
        resourceUri: `${ACCOUNT}/sqlDatabases/Shop/containers/Orders`,
        resourceDetails: '{"properties":{}}',
      },
    },
    'cosmosdb.container.create',
    'success',
  ],
  [
    'documents deleted',
    {
      category: 'MongoRequests',
      operation: 'delete',
      properties: {
        activityId: ACTIVITY,
        opCode: 'OP_MSG',
        errorCode: '0',
        databaseName: 'shop',
        collectionName: 'carts',
        authorizationTokenType: 'PrimaryMasterKey',
        address: '203.0.113.77',
        piiCommandText: `{"delete":"carts","deletes":[{"q":{"name":"${CANARY}"}}]}`,
      },
    },
    'cosmosdb.item.delete',
    'success',
  ],
  [
    'a row of a table deleted',
    {
      category: 'CassandraRequests',
      operation: 'QueryDelete',
      properties: {
        activityId: ACTIVITY,
        errorCode: '-1',
        databaseName: 'shop',
        collectionName: 'carts',
        authorizationTokenType: 'PrimaryMasterKey',
        address: '203.0.113.77',
        piiCommandText: `{"request":"DELETE FROM shop.carts WHERE id = '${CANARY}'"}`,
      },
    },
    'cosmosdb.item.delete',
    'success',
  ],
  [
    'vertices dropped',
    {
      category: 'GremlinRequests',
      operation: 'eval',
      properties: {
        activityId: ACTIVITY,
        errorCode: '200',
        databaseName: 'shop',
        collectionName: 'friends',
        authorizationTokenType: 'PrimaryMasterKey',
        address: '203.0.113.77',
        piiCommandText: `g.V().has('name','${CANARY}').drop()`,
      },
    },
    'cosmosdb.item.delete',
    'success',
  ],
  [
    'an entity deleted, not found',
    {
      category: 'TableApiRequests',
      operation: 'DeleteEntity',
      properties: { activityId: ACTIVITY, errorCode: '404', tableName: 'people', address: '203.0.113.77' },
    },
    'cosmosdb.item.delete',
    'failure',
  ],
  [
    'the cost of a partition',
    {
      category: 'PartitionKeyRUConsumption',
      operation: 'Read',
      properties: {
        activityId: ACTIVITY,
        databaseName: 'shop',
        collectionName: 'orders',
        partitionKey: '["a"]',
        requestCharge: '1',
      },
    },
    'read',
    'success',
  ],
];

describe.each(LOGGED)('resource log: %s', (_, logged, action, outcome) => {
  const expected = eventOf(resourceExport(logged));

  test('means what it says', () => {
    expect(expected).toMatchObject({ family: logged.category, action, outcome, account: ACCOUNT.toLowerCase() });
  });

  test.each([
    ['its table', resourceRow(logged)],
    ['AzureDiagnostics', diagnosticsRow(logged)],
    ['export, properties as text', { ...resourceExport(logged), properties: JSON.stringify(logged.properties) }],
  ])('%s tells the same as the export', (form, record) => {
    expect(essence(eventOf(record))).toEqual(essence(expected));
    expect(form).not.toBe('');
  });

  test.each([
    ['export', resourceExport(logged)],
    ['table', resourceRow(logged)],
    ['AzureDiagnostics', diagnosticsRow(logged)],
  ])('no text of a command is kept: %s', (_form, record) => {
    expect(JSON.stringify(eventOf(record))).not.toContain(CANARY);
  });
});

describe('a cluster for MongoDB', () => {
  const logged: Logged = {
    category: 'VCoreMongoRequests',
    operation: 'delete',
    resource: CLUSTER,
    properties: {
      activityId: ACTIVITY,
      errorCode: '0',
      databaseName: 'shop',
      collectionName: 'carts',
      clientIp: '203.0.113.77',
      userId: 'appUser',
    },
  };
  const expected = eventOf({ ...resourceExport(logged), category: 'vCoreMongoRequests' });

  test('names its user', () => {
    expect(expected).toMatchObject({
      family: 'VCoreMongoRequests',
      account: CLUSTER.toLowerCase(),
      action: 'cosmosdb.item.delete',
      sourceIp: '203.0.113.77',
      actor: { id: 'appuser', name: 'appUser', type: 'unknown' },
    });
  });

  test.each([
    ['VCoreMongoRequests', resourceRow(logged, 'VCoreMongoRequests')],
    ['AzureDiagnostics', diagnosticsRow(logged)],
  ])('%s tells the same as the export', (_form, record) => {
    expect(essence(eventOf(record))).toEqual(essence(expected));
  });
});

describe('a cluster for Apache Cassandra', () => {
  const resource = CLUSTER.replace('mongoClusters', 'cassandraClusters');
  const statement = `DELETE FROM shop.carts WHERE id = '${CANARY}'`;
  const logged: Logged = {
    category: 'CassandraAudit',
    resource,
    properties: {
      clientIP: '203.0.113.77',
      clientPort: '50123',
      clusterName: 'contoso',
      operation: statement,
      operationNaked: statement,
      status: 'ATTEMPT',
      user: 'App_User',
    },
  };
  const { AccountName: _, ...row } = resourceRow(logged, 'CassandraAudit');
  const expected = eventOf(resourceExport(logged));

  test('an attempt is accepted, names its user and its table, and keeps no statement', () => {
    expect(expected).toMatchObject({
      account: resource.toLowerCase(),
      action: 'cosmosdb.item.delete',
      operation: 'delete',
      outcome: 'accepted',
      sourceIp: '203.0.113.77',
      database: 'shop',
      container: 'carts',
      actor: { id: 'app_user', name: 'App_User' },
    });
  });

  test.each<[string, JsonObject]>([
    ['its table', row],
    ['AzureDiagnostics', diagnosticsRow(logged)],
    ['a row without the name of its table', withoutName(row)],
    ['the category that the page of the table names', { ...resourceExport(logged), category: 'Audit' }],
  ])('%s tells the same, and keeps no statement either', (_form, record) => {
    const event = eventOf(record);
    expect(essence(event)).toEqual(essence(expected));
    expect(JSON.stringify(event)).not.toContain(CANARY);
  });

  test('a failure is of the same action', () => {
    const failed = eventOf(resourceExport({ ...logged, properties: { ...logged.properties, status: 'FAILED' } }));
    expect([failed.outcome, failed.actionKey]).toEqual(['failure', expected.actionKey]);
    expect(failed.recordId).not.toBe(expected.recordId);
  });

  test.each([
    ['CREATE TABLE shop.copies (id int PRIMARY KEY)', 'cosmosdb.container.create', 'copies'],
    ['BEGIN BATCH INSERT INTO shop.a (i) VALUES (1); DELETE FROM shop.b; APPLY BATCH', 'cosmosdb.item.delete', 'b'],
    ['LOGIN SUCCESSFUL', 'login', null],
    ['', 'unknown', null],
  ])('%s', (operation, action, container) => {
    const { operationNaked: __, ...others } = logged.properties;
    const event = eventOf(resourceExport({ ...logged, properties: { ...others, operation } }));
    expect([event.action, event.container]).toEqual([action, container]);
  });

  test('the log of another service that is called Audit is not this one', () => {
    const other = { ...resourceExport({ ...logged, resource: VAULT }), category: 'Audit' };
    expect(() => eventOf(other)).toThrow(/unknown/);
  });
});

function withoutName({ Type: _, ...row }: JsonObject): JsonObject {
  return row;
}

describe('Key Vault', () => {
  const expected = eventOf(VAULT_FORMS['export']!);

  test('a key update names who, from where and what', () => {
    expect(expected).toMatchObject({
      family: 'AuditEvent',
      action: 'azure.key.update',
      outcome: 'success',
      sourceIp: '203.0.113.10',
      actor: { id: 'c62973cc-5684-4b0e-a73e-9e3c40b6e1f0', name: 'ops.admin@contoso.example', appName: 'Azure CLI' },
    });
  });

  test.each(Object.entries(VAULT_FORMS))('%s tells the same, and what became of the key', (_form, record) => {
    const event = eventOf(record);
    expect(essence(event)).toEqual(essence(expected));
    expect(event.raw['properties']).toMatchObject({ keyProperties: { attributes: { enabled: false } } });
  });
});
