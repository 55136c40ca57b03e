import {
  ACCOUNT,
  type Act,
  activityCloudEvent,
  activityExport,
  activityGrid,
  activityRest,
  activityRow,
  CLUSTER,
  diagnosticsRow,
  type Logged,
  resourceExport,
  resourceRow,
  VAULT_FORMS,
} from '../events/families/forms.test-support.ts';
import type { JsonObject } from '../lib/json.ts';

/** One record of each log in each variant and layout. */

export const KEYS_READ: Act = {
  operation: 'Microsoft.DocumentDB/databaseAccounts/listKeys/action',
  resource: ACCOUNT,
  result: 'Success',
};

const ACTIVITY = '1cc71e3c-edf3-41b1-ad66-68799e70de85';

const REQUEST = {
  activityId: ACTIVITY,
  statusCode: '404',
  requestResourceType: 'Document',
  requestResourceId: '/dbs/shop/colls/orders',
  clientIpAddress: '203.0.113.77',
  userAgent: 'cosmos-netstandard-sdk/3.39.1',
  keyType: 'PrimaryMasterKey',
};

const API = {
  activityId: ACTIVITY,
  errorCode: '0',
  databaseName: 'shop',
  collectionName: 'carts',
  address: '203.0.113.77',
  authorizationTokenType: 'PrimaryMasterKey',
  userAgent: 'driver/1.0',
};

export const LOGGED: readonly Logged[] = [
  { category: 'DataPlaneRequests', operation: 'Delete', properties: REQUEST },
  { category: 'DataPlaneRequests5M', operation: 'Delete', properties: { ...REQUEST, requestCount: '41' } },
  { category: 'DataPlaneRequests15M', operation: 'Delete', properties: { ...REQUEST, requestCount: '41' } },
  {
    category: 'ControlPlaneRequests',
    operation: 'SqlContainersCreateComplete',
    properties: {
      activityId: ACTIVITY,
      httpstatusCode: '200',
      httpMethod: 'PUT',
      operationType: 'Create',
      resourceUri: `${ACCOUNT}/sqlDatabases/Shop/containers/Orders`,
    },
  },
  { category: 'MongoRequests', operation: 'delete', properties: API },
  {
    category: 'MongoRequests',
    operation: 'findAndModify',
    properties: { ...API, piiCommandText: '{"findAndModify":"carts","remove":true}' },
  },
  {
    category: 'CassandraRequests',
    operation: 'QueryDelete',
    properties: { ...API, piiCommandText: '{"request":"DELETE FROM shop.carts"}' },
  },
  { category: 'GremlinRequests', operation: 'eval', properties: { ...API, piiCommandText: 'g.V().drop()' } },
  { category: 'TableApiRequests', operation: 'DeleteEntity', properties: { ...API, tableName: 'people' } },
  { category: 'QueryRuntimeStatistics', properties: { activityId: ACTIVITY, databasename: 'shop' } },
  { category: 'PartitionKeyStatistics', properties: { databaseName: 'shop', partitionKey: '["a"]' } },
  { category: 'PartitionKeyRUConsumption', operation: 'Read', properties: { activityId: ACTIVITY } },
];

const CLUSTER_LOGGED: readonly Logged[] = [
  {
    category: 'VCoreMongoRequests',
    operation: 'delete',
    resource: CLUSTER,
    properties: { activityId: ACTIVITY, errorCode: '0', clientIp: '203.0.113.77', userId: 'appUser' },
  },
  {
    category: 'CassandraAudit',
    resource: CLUSTER,
    properties: { operation: 'TRUNCATE shop.carts', status: 'FAILED', user: 'ann', clientIP: '203.0.113.77' },
  },
];

export const EVERY_FORM: readonly (readonly [string, JsonObject])[] = [
  ['ActivityLog, REST', activityRest(KEYS_READ)],
  ['ActivityLog, AzureActivity', activityRow(KEYS_READ)],
  ['ActivityLog, Event Grid', activityGrid(KEYS_READ)],
  ['ActivityLog, CloudEvents', activityCloudEvent(KEYS_READ)],
  ['ActivityLog, export', activityExport(KEYS_READ)],
  ['ActivityLog, export with claims as text', asText(activityExport(KEYS_READ))],
  ...Object.entries(VAULT_FORMS).map(([form, record]) => [`AuditEvent, ${form}`, record] as const),
  ...[...LOGGED, ...CLUSTER_LOGGED].flatMap((logged) => [
    [`${logged.category} ${logged.operation}, export`, resourceExport(logged)] as const,
    [
      `${logged.category} ${logged.operation}, table`,
      logged.resource === CLUSTER ? resourceRow(logged, logged.category) : resourceRow(logged),
    ] as const,
    [`${logged.category} ${logged.operation}, AzureDiagnostics`, diagnosticsRow(logged)] as const,
  ]),
  ['DataPlaneRequests, properties as text', propertiesAsText(resourceExport(LOGGED[0]!))],
  ['MongoRequests, properties as text', propertiesAsText(resourceExport(LOGGED[4]!))],
];

function asText(record: JsonObject): JsonObject {
  return { ...record, identity: JSON.stringify(record['identity']) };
}

function propertiesAsText(record: JsonObject): JsonObject {
  return { ...record, properties: JSON.stringify(record['properties']) };
}
