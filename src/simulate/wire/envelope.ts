import type { Family } from '../../events/event.ts';
import { type Form, formOf } from '../forms.ts';
import { type Account, idOf, kindOf, WORKSPACE } from '../world.ts';
import { stampOf, type Trace } from './trace.ts';

/** The logs of Cosmos DB itself: an envelope with `properties` that are all texts, or a row of a table with types. */

export interface Written {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly value: object;
}

export type Columns = Readonly<Record<string, string>>;

/** One record of a resource log, before it has a form. */
export interface Logged {
  readonly family: Family;
  readonly account: Account;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Logs of statistics have none. */
  readonly operation: string | null;
  /** Names and texts as the export has them. */
  readonly columns: Columns;
}

export function inEnvelope(logged: Logged, form: Form, trace: Trace): Written {
  return { time: logged.time, value: WRITERS[formOf(logged.family, form)]!(logged, trace) };
}

type Writer = (logged: Logged, trace: Trace) => object;

const WRITERS: Readonly<Partial<Record<Form, Writer>>> = {
  export: exported,
  log_analytics: row,
  azure_diagnostics: diagnosticsRow,
};

function operationIn(name: string, operation: string | null): object {
  return operation === null ? {} : { [name]: operation };
}

function exported({ family, account, time, operation, columns }: Logged, trace: Trace): object {
  return {
    time: stampOf(time, trace),
    resourceId: idOf(account).toUpperCase(),
    category: categoryOf(family),
    ...operationIn('operationName', operation),
    properties: columns,
  };
}

/** Azure spells one of them otherwise than its table. */
function categoryOf(family: Family): string {
  return family === 'VCoreMongoRequests' ? 'vCoreMongoRequests' : family;
}

/** Tables of clusters have no prefix. */
function row({ family, account, time, operation, columns }: Logged, trace: Trace): object {
  const isCluster = account.kind !== undefined;
  return {
    TenantId: WORKSPACE,
    SourceSystem: 'Azure',
    TimeGenerated: stampOf(time, trace),
    ...(isCluster ? {} : { AccountName: account.name.toUpperCase() }),
    ...operationIn('OperationName', operation),
    ...columnsOfRow(family, columns),
    Type: isCluster ? family : `CDB${family}`,
    _ResourceId: idOf(account).toLowerCase(),
  };
}

/** Columns of tables that are called otherwise than the member of an export record with a capital. */
const RENAMED: Readonly<Record<string, string>> = {
  httpstatusCode: 'HttpStatusCode',
  duration: 'DurationMs',
  region: 'RegionName',
  enableMultipleWriteLocations: 'MultipleWriteLocations',
  piiCommandText: 'PIICommandText',
  databasename: 'DatabaseName',
  collectionname: 'CollectionName',
  partitionkeyrangeid: 'PartitionKeyRangeId',
  partitionkey: 'PartitionKey',
  querytext: 'QueryText',
  estimatedDelayFromRateLimitingInMilliseconds: 'RateLimitingDelayMs',
};

/** Members that a table has no column for. */
const WITHOUT_COLUMN: ReadonlySet<string> = new Set(['backupStorageRedundancy', 'collectionRid', 'subscriptionId']);

/** Columns of tables that are no texts. `ErrorCode` is one, but of clusters. */
const NUMBERS: ReadonlySet<string> = new Set([
  'httpstatusCode',
  'statusCode',
  'duration',
  'requestCharge',
  'requestLength',
  'responseLength',
  'retryCount',
  'requestCount',
  'sizeKb',
  'backupIntervalInMinutes',
  'backupRetentionIntervalInHours',
  'estimatedDelayFromRateLimitingInMilliseconds',
  'VCoreMongoRequests.errorCode',
]);
const FLAGS: ReadonlySet<string> = new Set([
  'enableVirtualNetworkFilter',
  'enableAutomaticFailover',
  'enableMultipleWriteLocations',
  'retriedDueToRateLimiting',
]);

function columnsOfRow(family: Family, columns: Columns): Record<string, string | number | boolean> {
  const row: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(columns)) {
    if (WITHOUT_COLUMN.has(name)) continue;
    const column = RENAMED[name] ?? `${name[0]!.toUpperCase()}${name.slice(1)}`;
    const isNumber = NUMBERS.has(name) || NUMBERS.has(`${family}.${name}`);
    row[column] = isNumber ? Number(value) : FLAGS.has(name) ? value === 'true' : value;
  }
  return row;
}

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** The table that all services share: a column for each member, its type behind its name, blank ones left out. */
function diagnosticsRow({ family, account, time, operation, columns }: Logged, trace: Trace): object {
  const typed: Record<string, string> = {};
  for (const [name, value] of Object.entries(columns))
    if (value !== '') typed[`${name}_${GUID.test(value) ? 'g' : 's'}`] = value;
  return {
    TenantId: WORKSPACE,
    TimeGenerated: stampOf(time, trace),
    ResourceId: idOf(account).toUpperCase(),
    Category: categoryOf(family),
    ResourceGroup: account.group.toUpperCase(),
    SubscriptionId: account.subscription,
    ResourceProvider: 'MICROSOFT.DOCUMENTDB',
    Resource: account.name.toUpperCase(),
    ResourceType: kindOf(account).toUpperCase(),
    ...operationIn('OperationName', operation),
    SourceSystem: 'Azure',
    ...typed,
    Type: 'AzureDiagnostics',
    _ResourceId: idOf(account).toLowerCase(),
  };
}
