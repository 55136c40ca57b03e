import type { Act, ArmAct, RequestAct, VaultAct } from './acts.ts';
import type { Stream, Variant } from './forms.ts';
import type { Rng } from './rng.ts';
import { type Account, idOf, KEY_URI, KEY_VAULT_ID, type Person, TENANT } from './world.ts';

/** One record as Azure writes it. */
export interface SimulatedRecord {
  readonly stream: Stream;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Lower-case id of the resource whose log it is in. */
  readonly resource: string;
  readonly line: string;
}

type Form = Exclude<Variant, 'mixed'>;

/** The records that Azure would write of an act. */
export function recordsOf(act: Act, variant: Variant, rng: Rng): SimulatedRecord[] {
  const form: Form = variant === 'mixed' ? rng.pick(['export', 'rest', 'log_analytics'] as const) : variant;
  switch (act.kind) {
    case 'arm':
      return armRecords(act, form, rng);
    case 'request':
      return [
        act.account.api === 'mongodb' && act.type === 'Document'
          ? mongoRecord(act, form, rng)
          : dataRecord(act, form, rng),
      ];
    case 'vault':
      return [vaultRecord(act, rng)];
  }
}

/** Azure writes seven digits of a second. */
function stamp(time: number, rng: Rng): string {
  return new Date(time).toISOString().replace('Z', `${rng.int(10_000).toString().padStart(4, '0')}Z`);
}

const CLAIM = 'http://schemas.microsoft.com/identity/claims';
const WS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';

function claims(who: Person): Record<string, string> {
  return {
    aud: 'https://management.core.windows.net/',
    iss: `https://sts.windows.net/${TENANT}/`,
    appid: who.appId,
    [`${CLAIM}/objectidentifier`]: who.oid,
    [`${CLAIM}/tenantid`]: TENANT,
    ...(who.type === 'User'
      ? { [`${WS}/upn`]: who.name, [`${WS}/name`]: who.name, idtyp: 'user', [`${CLAIM}/scope`]: 'user_impersonation' }
      : { idtyp: 'app', app_displayname: who.name }),
    ipaddr: who.ip,
  };
}

interface Phase {
  readonly after: number;
  readonly exported: readonly [type: string, signature: string];
  readonly rest: readonly [status: string, sub: string];
}

const START: Omit<Phase, 'after'> = { exported: ['Start', 'Started.'], rest: ['Started', ''] };
const ACCEPT: Omit<Phase, 'after'> = {
  exported: ['Accept', 'Accepted.Accepted'],
  rest: ['Accepted', 'Accepted (HTTP Status Code: 202)'],
};
const SUCCESS: Omit<Phase, 'after'> = {
  exported: ['Success', 'Succeeded.OK'],
  rest: ['Succeeded', 'OK (HTTP Status Code: 200)'],
};
const FAILURE: Omit<Phase, 'after'> = {
  exported: ['Failure', 'Failed.AuthorizationFailed'],
  rest: ['Failed', 'Forbidden (HTTP Status Code: 403)'],
};

function phasesOf({ outcome, takes = 1 }: ArmAct): Phase[] {
  const phases: Phase[] = [{ after: 0, ...START }];
  if (takes > 30) phases.push({ after: 2, ...ACCEPT });
  phases.push({ after: takes, ...(outcome === 'success' ? SUCCESS : FAILURE) });
  return phases;
}

function armRecords(act: ArmAct, form: Form, rng: Rng): SimulatedRecord[] {
  const correlation = rng.uuid();
  const activity = rng.uuid();
  const records = phasesOf(act).map((phase): SimulatedRecord => {
    const time = act.time + phase.after * 1000;
    const isFirst = phase.after === 0;
    const value =
      form === 'export'
        ? exported(act, phase, correlation, isFirst, stamp(time, rng))
        : restEvent(act, phase, correlation, activity, isFirst, stamp(time, rng), rng);
    return { stream: 'activity', time, resource: subscriptionOf(act.resource), line: JSON.stringify(value) };
  });
  return act.control === undefined ? records : [...records, ...controlRecords(act, act.control, activity, form, rng)];
}

function subscriptionOf(resource: string): string {
  return resource.split('/').slice(0, 3).join('/').toLowerCase();
}

function propertiesOf(act: ArmAct, isFirst: boolean): object {
  return {
    ...(isFirst && act.body !== undefined ? { requestbody: JSON.stringify(act.body) } : {}),
    eventCategory: 'Administrative',
    entity: act.resource,
    message: act.operation,
    hierarchy: `${TENANT}/${act.resource.split('/')[2]}`,
  };
}

function authorization(act: ArmAct): object {
  return {
    scope: act.resource,
    action: act.operation,
    evidence: { role: 'Contributor', principalId: act.who.oid.replaceAll('-', ''), principalType: act.who.type },
  };
}

function exported(act: ArmAct, phase: Phase, correlation: string, isFirst: boolean, time: string): object {
  return {
    RoleLocation: 'West Europe',
    time,
    resourceId: act.resource.toUpperCase(),
    operationName: act.operation.toUpperCase(),
    category: 'Administrative',
    resultType: phase.exported[0],
    resultSignature: phase.exported[1],
    durationMs: '0',
    callerIpAddress: act.who.ip,
    correlationId: correlation,
    identity: { authorization: authorization(act), claims: claims(act.who) },
    level: 'Information',
    properties: propertiesOf(act, isFirst),
    tenantId: TENANT,
  };
}

function restEvent(
  act: ArmAct,
  phase: Phase,
  correlation: string,
  activity: string,
  isFirst: boolean,
  time: string,
  rng: Rng,
): object {
  const named = (value: string) => ({ value, localizedValue: value });
  const { evidence: _, ...rest } = authorization(act) as { evidence: object };
  return {
    authorization: rest,
    caller: act.who.type === 'User' ? act.who.name : act.who.oid,
    channels: 'Operation',
    claims: claims(act.who),
    correlationId: correlation,
    description: '',
    eventDataId: rng.uuid(),
    eventName: named(isFirst ? 'BeginRequest' : 'EndRequest'),
    category: named('Administrative'),
    httpRequest: { clientRequestId: activity, clientIpAddress: act.who.ip, method: act.method ?? 'POST' },
    level: 'Informational',
    operationId: correlation,
    operationName: named(act.operation),
    properties: propertiesOf(act, isFirst),
    resourceId: act.resource,
    status: named(phase.rest[0]),
    subStatus: named(phase.rest[1]),
    eventTimestamp: time,
    submissionTimestamp: time,
    subscriptionId: act.resource.split('/')[2],
    tenantId: TENANT,
  };
}

const COLUMNS: Readonly<Record<string, string>> = {
  defaultConsistencyLevel: 'Session',
  enableAutomaticFailover: 'true',
  enableVirtualNetworkFilter: 'false',
  virtualNetworkResourceEntries: '',
  enableMultipleWriteLocations: 'false',
};

function controlRecords(
  act: ArmAct,
  control: NonNullable<ArmAct['control']>,
  activity: string,
  form: Form,
  rng: Rng,
): SimulatedRecord[] {
  if (act.outcome === 'failure') return [];
  const isAccount = control.uri === undefined;
  const phases = isAccount ? (['Start', 'Complete'] as const) : ([''] as const);
  return phases.map((phase) => {
    const time = act.time + (phase === 'Complete' ? (act.takes ?? 1) * 1000 : 400);
    const columns = {
      activityId: activity,
      httpstatusCode: phase === 'Start' ? '202' : '200',
      result: phase === 'Start' ? 'Accepted' : 'OK',
      httpMethod: act.method ?? 'PUT',
      ...(control.uri === undefined ? {} : { resourceUri: control.uri }),
      ...(isAccount && control.columns ? { ...COLUMNS, ...control.columns } : {}),
    };
    return resourceRecord(
      'control',
      'ControlPlaneRequests',
      control.account,
      `${control.name}${phase}`,
      columns,
      time,
      form,
      rng,
    );
  });
}

function dataRecord(act: RequestAct, form: Form, rng: Rng): SimulatedRecord {
  const columns = {
    activityId: rng.uuid(),
    requestResourceType: act.type,
    requestResourceId: act.type === 'Database' ? `/dbs/${act.database}` : `/dbs/${act.database}/colls/${act.container}`,
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
    collectionName: act.type === 'Database' ? '' : act.container,
    connectionMode: 'Direct',
    ...(act.principal === null ? {} : { aadPrincipalId: act.principal }),
  };
  return resourceRecord('data', 'DataPlaneRequests', act.account, act.operation, columns, act.time, form, rng);
}

const MONGO_COMMANDS: Readonly<Record<string, string>> = {
  Create: 'insert',
  Read: 'find',
  Query: 'find',
  Replace: 'update',
  Upsert: 'update',
  Delete: 'delete',
};

function mongoRecord(act: RequestAct, form: Form, rng: Rng): SimulatedRecord {
  const columns = {
    activityId: rng.uuid(),
    opCode: 'MongoOpCode_OP_MSG',
    errorCode: act.status < 300 ? '0' : '16500',
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
  return resourceRecord(
    'mongo',
    'MongoRequests',
    act.account,
    MONGO_COMMANDS[act.operation] ?? 'ping',
    columns,
    act.time,
    form,
    rng,
  );
}

function resourceRecord(
  stream: Stream,
  category: string,
  account: Account,
  operation: string,
  columns: Readonly<Record<string, string>>,
  time: number,
  form: Form,
  rng: Rng,
): SimulatedRecord {
  const id = idOf(account);
  const value =
    form === 'log_analytics'
      ? {
          TenantId: TENANT,
          TimeGenerated: stamp(time, rng),
          AccountName: account.name.toUpperCase(),
          OperationName: operation,
          ...Object.fromEntries(Object.entries(columns).map(([name, value]) => [columnName(name), value])),
          _ResourceId: id.toLowerCase(),
          Type: `CDB${category}`,
        }
      : {
          time: stamp(time, rng),
          resourceId: id.toUpperCase(),
          category,
          operationName: operation,
          properties: columns,
        };
  return { stream, time, resource: id.toLowerCase(), line: JSON.stringify(value) };
}

/** Tables write columns with a capital, and a few under another name. */
function columnName(name: string): string {
  if (name === 'httpstatusCode') return 'HttpStatusCode';
  if (name === 'duration') return 'DurationMs';
  return name[0]!.toUpperCase() + name.slice(1);
}

function vaultRecord(act: VaultAct, rng: Rng): SimulatedRecord {
  const value = {
    time: stamp(act.time, rng),
    category: 'AuditEvent',
    operationName: act.operation,
    operationVersion: '7.4',
    resourceId: KEY_VAULT_ID.toUpperCase(),
    resultType: 'Success',
    resultSignature: act.status === 403 ? 'Forbidden' : 'OK',
    durationMs: '35',
    callerIpAddress: act.who.ip,
    correlationId: rng.uuid(),
    identity: { claim: { [`${CLAIM}/objectidentifier`]: act.who.oid, upn: act.who.name, appid: act.who.appId } },
    properties: {
      clientInfo: 'azsdk-net-Security.KeyVault.Keys/4.6',
      requestUri: `${KEY_URI}?api-version=7.4`,
      id: act.object,
      httpStatusCode: act.status,
      tlsVersion: 'TLS1_3',
      ...(act.enabled === undefined
        ? {}
        : { keyProperties: { type: 'RSA', size: 2048, attributes: { enabled: act.enabled } } }),
    },
  };
  return { stream: 'keyvault', time: act.time, resource: KEY_VAULT_ID.toLowerCase(), line: JSON.stringify(value) };
}
