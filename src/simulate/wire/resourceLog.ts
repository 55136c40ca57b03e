import type { ArmAct, RequestAct } from '../acts.ts';
import type { Form } from '../forms.ts';
import { type Account, idOf, WORKSPACE } from '../world.ts';
import type { Written } from './activityLog.ts';
import { stampOf, type Trace } from './trace.ts';

/** The logs of Cosmos DB itself: an envelope with `properties` that are all texts, or a row of a table with types. */

type Columns = Readonly<Record<string, string>>;

/** What the account's own log tells of an act through ARM: Start and Complete of an account, one bare record of what is below. */
export function controlRecords(act: ArmAct, form: Form, trace: Trace): Written[] {
  const { control } = act;
  if (control === undefined || act.outcome === 'failure') return [];
  const phases = control.uri === undefined ? (['Start', 'Complete'] as const) : ([''] as const);
  return phases.map((phase) => {
    const time = act.time + (phase === 'Complete' ? (act.takes ?? 1) * 1000 : 400);
    const columns = {
      activityId: trace.activity,
      httpstatusCode: phase === 'Start' ? '202' : '200',
      result: phase === 'Start' ? 'Accepted' : 'OK',
      httpMethod: act.method ?? 'PUT',
      ...(control.uri === undefined ? {} : { resourceUri: control.uri }),
      ...control.columns,
    };
    const name = `${control.name}${phase}`;
    return { time, value: envelope('ControlPlaneRequests', control.account, name, columns, time, form, trace) };
  });
}

export function dataRecord(act: RequestAct, form: Form, trace: Trace): Written {
  const { rng } = trace;
  const isDatabase = act.type === 'Database';
  const columns = {
    activityId: trace.activity,
    requestResourceType: act.type,
    requestResourceId: isDatabase ? `/dbs/${act.database}` : `/dbs/${act.database}/colls/${act.container}`,
    collectionRid: 'aBcDeF1=',
    statusCode: `${act.status}`,
    duration: (rng.next() * 8).toFixed(6),
    userAgent: act.agent,
    clientIpAddress: act.ip,
    requestCharge: (1 + rng.next() * 9).toFixed(6),
    requestLength: `${rng.int(900)}`,
    responseLength: `${rng.int(4000)}`,
    resourceTokenPermissionId: '',
    resourceTokenPermissionMode: '',
    resourceTokenUserRid: '',
    region: 'West Europe',
    partitionId: 'f187cebb-22cb-4444-a57b-525de5b371e5',
    keyType: act.key ?? '',
    databaseName: act.database,
    collectionName: isDatabase ? '' : act.container,
    connectionMode: 'Direct',
    ...(act.principal === null ? {} : { aadPrincipalId: act.principal }),
  };
  const value = envelope('DataPlaneRequests', act.account, act.operation, columns, act.time, form, trace);
  return { time: act.time, value };
}

const MONGO_COMMANDS: Readonly<Record<string, string>> = {
  Create: 'insert',
  Read: 'find',
  ReadFeed: 'getMore',
  Query: 'aggregate',
  Replace: 'update',
  Upsert: 'update',
  Delete: 'delete',
};

/** What MongoDB's API answers where HTTP would answer so. */
const MONGO_ERRORS: Readonly<Record<number, string>> = { 409: '11000', 429: '16500', 412: '112', 403: '13' };

export function mongoRecord(act: RequestAct, form: Form, trace: Trace): Written {
  const { rng } = trace;
  const columns = {
    activityId: trace.activity,
    opCode: 'MongoOpCode_OP_MSG',
    errorCode: act.status < 300 ? '0' : (MONGO_ERRORS[act.status] ?? '1'),
    duration: (rng.next() * 8).toFixed(6),
    requestCharge: (1 + rng.next() * 9).toFixed(6),
    databaseName: act.database,
    collectionName: act.container,
    retryCount: '0',
    authorizationTokenType: act.key ?? '',
    address: act.ip,
    userAgent: act.agent,
    region: 'West Europe',
  };
  const operation = MONGO_COMMANDS[act.operation] ?? 'ping';
  return { time: act.time, value: envelope('MongoRequests', act.account, operation, columns, act.time, form, trace) };
}

function envelope(
  category: string,
  account: Account,
  operationName: string,
  columns: Columns,
  ms: number,
  form: Form,
  trace: Trace,
): object {
  const time = stampOf(ms, trace);
  const id = idOf(account);
  if (form !== 'log_analytics')
    return { time, resourceId: id.toUpperCase(), category, operationName, properties: columns };
  return {
    TenantId: WORKSPACE,
    SourceSystem: 'Azure',
    TimeGenerated: time,
    AccountName: account.name.toUpperCase(),
    OperationName: operationName,
    ...columnsOfRow(columns),
    Type: `CDB${category}`,
    _ResourceId: id.toLowerCase(),
  };
}

/** Columns of tables that are called otherwise than the member of an export record with a capital. */
const RENAMED: Readonly<Record<string, string>> = {
  httpstatusCode: 'HttpStatusCode',
  duration: 'DurationMs',
  region: 'RegionName',
  enableMultipleWriteLocations: 'MultipleWriteLocations',
};

/** Columns of tables that are no texts. `ErrorCode` is one. */
const NUMBERS: ReadonlySet<string> = new Set([
  'httpstatusCode',
  'statusCode',
  'duration',
  'requestCharge',
  'requestLength',
  'responseLength',
  'retryCount',
  'backupIntervalInMinutes',
  'backupRetentionIntervalInHours',
]);
const FLAGS: ReadonlySet<string> = new Set([
  'enableVirtualNetworkFilter',
  'enableAutomaticFailover',
  'enableMultipleWriteLocations',
]);

function columnsOfRow(columns: Columns): Record<string, string | number | boolean> {
  const row: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(columns)) {
    // A table has no column for it.
    if (name === 'backupStorageRedundancy' || name === 'collectionRid') continue;
    const column = RENAMED[name] ?? `${name[0]!.toUpperCase()}${name.slice(1)}`;
    row[column] = NUMBERS.has(name) ? Number(value) : FLAGS.has(name) ? value === 'true' : value;
  }
  return row;
}
