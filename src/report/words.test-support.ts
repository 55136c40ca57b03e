import { rulesFor } from '../app/rules.ts';
import { scanTexts } from '../app/scan.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import type { ToldAlert } from './context.ts';

/** Records as Azure writes them, to see what is said of them. Times are seconds after midnight. */

const SUB = '/subscriptions/00000000-0000-0000-0000-0000000000aa';
const GROUP = `${SUB}/resourceGroups/Rg-Shop`;
const DOCUMENTDB = 'Microsoft.DocumentDB/databaseAccounts';
const MIDNIGHT = Date.UTC(2026, 10, 24);

export const ORDERS = `${GROUP}/providers/${DOCUMENTDB}/orders-prod`;
export const CARTS = `${GROUP}/providers/${DOCUMENTDB}/carts-prod`;
export const MONGO = `${GROUP}/providers/Microsoft.DocumentDB/mongoClusters/docs`;
export const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-shop`;
export const BACKUP_VAULT = `${SUB}/resourceGroups/rg-backup/providers/Microsoft.DataProtection/backupVaults/bv`;
export const KEY = 'https://kv-shop.vault.azure.net/keys/cmk';

const timeOf = (at: number) => new Date(MIDNIGHT + at * 1000).toISOString();

let made = 0;
const idOf = () => `10000000-0000-0000-0000-${`${++made}`.padStart(12, '0')}`;

/** An export record of the Activity Log: the id in capitals, its spelling below `properties`. */
export function arm(at: number, resource: string, operation: string, more: JsonObject = {}): JsonObject {
  const { body, status = 'Success', ...rest } = more;
  return {
    time: timeOf(at),
    resourceId: resource.toUpperCase(),
    operationName: operation.toUpperCase(),
    category: 'Administrative',
    resultType: status,
    correlationId: idOf(),
    callerIpAddress: '198.51.100.23',
    identity: {
      claims: {
        'http://schemas.microsoft.com/identity/claims/objectidentifier': '30000000-0000-0000-0000-000000000001',
        'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': 'ann@contoso.example',
      },
    },
    properties: { entity: resource, ...(body === undefined ? {} : { requestbody: JSON.stringify(body) }) },
    ...rest,
  };
}

/** The same as a row of AzureActivity: ids in small letters. */
export function armRow(at: number, resource: string, operation: string): JsonObject {
  return {
    TimeGenerated: timeOf(at),
    Type: 'AzureActivity',
    OperationNameValue: operation.toUpperCase(),
    ActivityStatusValue: 'Success',
    CorrelationId: idOf(),
    Caller: 'ann@contoso.example',
    _ResourceId: resource.toLowerCase(),
  };
}

/** A PUT of an account, which says all of it. */
export function put(at: number, properties: JsonObject): JsonObject {
  const body = { location: 'West Europe', properties: { databaseAccountOfferType: 'Standard', ...properties } };
  return arm(at, ORDERS, `${DOCUMENTDB}/write`, { body });
}

/** A PATCH, which says what it changes. */
export function patch(at: number, properties: JsonObject): JsonObject {
  return arm(at, ORDERS, `${DOCUMENTDB}/write`, { body: { properties } });
}

export const ipRules = (...ranges: readonly string[]): JsonObject => ({
  ipRules: ranges.map((ipAddressOrRange) => ({ ipAddressOrRange })),
});

export function onAccount(at: number, operation: string, more: JsonObject = {}): JsonObject {
  return arm(at, ORDERS, `${DOCUMENTDB}/${operation}`, more);
}

/** A container made by ARM; `path` below the account. */
export function created(at: number, path: string, kind: string, account = ORDERS): JsonObject {
  return arm(at, `${account}/${path}`, `${DOCUMENTDB}/${kind}/write`);
}

/** A record of DataPlaneRequests, or of one of its sums. */
export function request(at: number, columns: JsonObject = {}, category = 'DataPlaneRequests', id = ORDERS): JsonObject {
  return {
    time: timeOf(at),
    resourceId: id.toUpperCase(),
    category,
    operationName: 'Delete',
    properties: {
      activityId: idOf(),
      requestResourceType: 'Document',
      statusCode: '204',
      clientIpAddress: '203.0.113.77',
      keyType: 'PrimaryMasterKey',
      databaseName: 'Shop',
      collectionName: 'Carts',
      ...columns,
    },
  };
}

export const read = (at: number, id = ORDERS): JsonObject => ({
  ...request(at, { statusCode: '200' }, 'DataPlaneRequests', id),
  operationName: 'Read',
});

export function mongoDelete(at: number): JsonObject {
  const properties = { activityId: idOf(), errorCode: '0', databaseName: 'Shop', collectionName: 'Carts' };
  return {
    time: timeOf(at),
    resourceId: ORDERS.toUpperCase(),
    category: 'MongoRequests',
    operationName: 'delete',
    properties,
  };
}

/** A Key Vault AuditEvent about the key of the account. */
export function onKey(at: number, operationName: string, attributes?: JsonObject): JsonObject {
  return {
    time: timeOf(at),
    resourceId: VAULT.toUpperCase(),
    category: 'AuditEvent',
    operationName,
    resultType: 'Success',
    callerIpAddress: '198.51.100.23',
    correlationId: idOf(),
    identity: { claim: { oid: '30000000-0000-0000-0000-000000000001', upn: 'ann@contoso.example' } },
    properties: { id: KEY, httpStatusCode: 200, ...(attributes ? { keyProperties: { attributes } } : {}) },
  };
}

export function lock(at: number, verb: 'write' | 'delete', level?: string, name = 'keep'): JsonObject {
  const body = level === undefined ? {} : { body: { properties: { level } } };
  return arm(
    at,
    `${ORDERS}/providers/Microsoft.Authorization/locks/${name}`,
    `Microsoft.Authorization/locks/${verb}`,
    body,
  );
}

export function diagnostics(at: number, categories: readonly string[] | null, places: JsonObject = {}): JsonObject {
  const id = `${ORDERS}/providers/Microsoft.Insights/diagnosticSettings/to-security`;
  const operation = 'Microsoft.Insights/diagnosticSettings';
  if (categories === null) return arm(at, id, `${operation}/delete`);
  const logs = categories.map((category) => ({ category, enabled: true }));
  return arm(at, id, `${operation}/write`, { body: { properties: { ...places, logs } } });
}

/** What a scan says of records by one of the built-in rules. */
export function toldBy(rule: string, records: readonly Json[]): ToldAlert[] {
  const text = records.map((record) => JSON.stringify(record)).join('\n');
  const { told } = scanTexts([{ name: 'records', chunks: [Buffer.from(text)] }], rulesFor([], [rule], new Map()), {
    since: null,
    until: null,
    nowMs: MIDNIGHT + 365 * 86_400_000,
    expectAccounts: [],
    minLevel: 'informational',
    skim: true,
  });
  return [...told];
}

export const HOUR = 3600;

export const continuous = (days: number) => ({
  backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: `Continuous${days}Days` } },
});
export const periodic = (minutes: number, hours = 24, place = 'Geo') => ({
  backupPolicy: {
    type: 'Periodic',
    periodicModeProperties: {
      backupIntervalInMinutes: minutes,
      backupRetentionIntervalInHours: hours,
      backupStorageRedundancy: place,
    },
  },
});
export const keyed = (at: number, key = KEY) => put(at, { keyVaultKeyUri: key });
export const open = ipRules('192.0.2.1', '0.0.0.0');
export const endpoint = (at: number, name: string, verb: string) =>
  arm(
    at,
    `${ORDERS}/privateEndpointConnections/${name}`,
    `Microsoft.DocumentDB/databaseAccounts/privateEndpointConnections/${verb}`,
  );
export const firewallRule = (at: number, verb: string, first?: string, last = first) =>
  arm(
    at,
    `${MONGO}/firewallRules/any`,
    `Microsoft.DocumentDB/mongoClusters/firewallRules/${verb}`,
    first === undefined ? {} : { body: { properties: { startIpAddress: first, endIpAddress: last ?? first } } },
  );
export const fourOf = (path: (name: string) => string, kind: string) =>
  [0, 1, 2, 3].map((n) => created(n * 10, path(`C${n}`), kind));

/** The last alert of a rule: what made the state known may be one of its own. */
export function lastOf(rule: string, records: readonly Json[]): ToldAlert {
  return toldBy(`cosmosdb_${rule}`, records).at(-1)!;
}
