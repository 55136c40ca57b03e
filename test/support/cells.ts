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
} from '../../src/events/families/forms.test-support.ts';
import type { Json, JsonObject } from '../../src/lib/json.ts';

/** One record of each log family in each of its forms. */
export interface Cell {
  readonly name: string;
  readonly family: string;
  readonly record: JsonObject;
  /** A row of a table, which a query can answer with. */
  readonly isRow: boolean;
}

const ACTIVITY = '1cc71e3c-edf3-41b1-ad66-68799e70de85';
const COMMON = { activityId: ACTIVITY, databaseName: 'shop', collectionName: 'orders', region: 'West Europe' };

const ACT: Act = {
  operation: 'Microsoft.DocumentDB/databaseAccounts/write',
  resource: ACCOUNT,
  result: 'Success',
  properties: {
    statusCode: 'OK',
    requestbody: JSON.stringify({ properties: { ipRules: [{ ipAddressOrRange: '203.0.113.0/24' }] } }),
  },
};

const ITEM = {
  ...COMMON,
  requestResourceType: 'Document',
  requestResourceId: '/dbs/shop/colls/orders',
  statusCode: '204',
};
const SUM = { ...ITEM, clientIpAddress: '203.0.113.77', requestCount: '12' };
const CALL = { ...COMMON, errorCode: '0', userAgent: 'driver/1.0', address: '203.0.113.77:443' };

const LOGGED: readonly Logged[] = [
  {
    category: 'ControlPlaneRequests',
    operation: 'AccountUpdateComplete',
    properties: {
      activityId: ACTIVITY,
      httpstatusCode: '200',
      result: 'OK',
      httpMethod: 'PATCH',
      ipRangeFilter: '10.0.0.0/8',
      operationType: 'Update',
    },
  },
  {
    category: 'DataPlaneRequests',
    operation: 'Delete',
    properties: { ...ITEM, keyType: 'PrimaryMasterKey', clientIpAddress: '203.0.113.77' },
  },
  { category: 'DataPlaneRequests5M', operation: 'Delete', properties: SUM },
  { category: 'DataPlaneRequests15M', operation: 'Delete', properties: SUM },
  {
    category: 'MongoRequests',
    operation: 'delete',
    properties: { ...CALL, piiCommandText: '{"delete":"orders","password":"x"}' },
  },
  {
    category: 'VCoreMongoRequests',
    operation: 'delete',
    resource: CLUSTER,
    properties: { ...CALL, userId: 'ops', clusterName: 'contoso-mongo' },
  },
  {
    category: 'CassandraRequests',
    operation: 'QueryDelete',
    properties: { ...CALL, piiCommandText: 'DELETE FROM shop.orders WHERE id = 1' },
  },
  { category: 'GremlinRequests', operation: 'eval', properties: { ...CALL, piiCommandText: 'g.V().drop()' } },
  { category: 'TableApiRequests', operation: 'Delete', properties: { ...CALL, tableName: 'orders' } },
  { category: 'QueryRuntimeStatistics', properties: { ...COMMON, querytext: 'SELECT 1' } },
  { category: 'PartitionKeyStatistics', properties: { ...COMMON, partitionKey: '["a"]', sizeKb: '12' } },
  { category: 'PartitionKeyRUConsumption', properties: { ...COMMON, partitionKey: '["a"]', requestCharge: '2.5' } },
  { category: 'CassandraAudit', operation: 'DELETE', properties: { ...COMMON, user: 'ops' } },
];

/** Tables that are not `CDB` and the category. */
const TABLES: Readonly<Record<string, string>> = {
  VCoreMongoRequests: 'VCoreMongoRequests',
  CassandraAudit: 'CassandraAudit',
};

export const CELLS: readonly Cell[] = [
  cell('ActivityLog', 'export', activityExport(ACT)),
  cell('ActivityLog', 'REST', activityRest(ACT)),
  cell('ActivityLog', 'AzureActivity', activityRow(ACT), true),
  cell('ActivityLog', 'Event Grid', activityGrid(ACT)),
  cell('ActivityLog', 'CloudEvents', activityCloudEvent(ACT)),
  ...LOGGED.flatMap((logged) => [
    cell(logged.category, 'export', resourceExport(logged)),
    cell(logged.category, 'row', resourceRow(logged, TABLES[logged.category]), true),
    cell(logged.category, 'AzureDiagnostics', diagnosticsRow(logged), true),
  ]),
  cell('AuditEvent', 'export', VAULT_FORMS['export']!),
  cell('AuditEvent', 'AZKVAuditLogs', VAULT_FORMS['table']!, true),
  cell('AuditEvent', 'AzureDiagnostics', VAULT_FORMS['diagnostics']!, true),
];

function cell(family: string, form: string, record: JsonObject, isRow = false): Cell {
  return { name: `${family}, ${form}`, family, record, isRow };
}

/** A query's answer that holds the records as rows of one table; a column that a record does not have is null there. */
export function answerOf(records: readonly JsonObject[], name = 'PrimaryResult'): JsonObject {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const columns = names.map((column) => ({ name: column, type: typeOf(records.map((record) => record[column]!)) }));
  const rows = records.map((record) => names.map((column): Json => record[column] ?? null));
  return { tables: [{ name, columns, rows }] };
}

function typeOf(values: readonly Json[]): string {
  const value = values.find((one) => one !== undefined);
  if (typeof value === 'number') return 'real';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'dynamic';
}
