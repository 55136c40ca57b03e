import {
  type ArmTelling,
  type AuditTelling,
  type ControlTelling,
  hasBody,
  type MongoTelling,
  type RequestTelling,
  type Telling,
} from './telling.ts';
import { type Person, vaultId } from './world.ts';

export interface Stamp {
  readonly correlation: string;
  readonly request: string;
  readonly activity: string;
}

const REST_STATUS = { Start: 'Started', Accept: 'Accepted', Success: 'Succeeded', Failure: 'Failed' } as const;

export function restEvent(telling: ArmTelling, phase: number, time: string, stamp: Stamp): object {
  const { status } = telling.phases[phase]!;
  const value = (text: string) => ({ value: text, localizedValue: text });
  return {
    eventTimestamp: time,
    category: value('Administrative'),
    operationName: value(telling.operation),
    resourceId: telling.resource,
    status: value(REST_STATUS[status]),
    correlationId: stamp.correlation,
    caller: telling.who.name,
    claims: claims(telling.who),
    httpRequest: { clientRequestId: stamp.request, clientIpAddress: telling.who.ip, method: telling.method },
    properties: { eventCategory: 'Administrative', ...requestBody(telling, phase) },
  };
}

export function exported(telling: Telling, phase: number, time: string, stamp: Stamp): object {
  switch (telling.log) {
    case 'arm':
      return armExport(telling, phase, time, stamp);
    case 'control':
      return resourceExport('ControlPlaneRequests', telling.account, time, controlName(telling, phase), {
        activityId: stamp.activity,
        httpstatusCode: telling.phases[phase]!.code,
        resourceUri: telling.uri ?? undefined,
        ...telling.columns,
      });
    case 'request':
      return resourceExport(requestFamily(telling), telling.account, time, telling.operation, request(telling, stamp));
    case 'mongo':
      return resourceExport('MongoRequests', telling.account, time, telling.operation, mongo(telling, stamp));
    case 'audit':
      return auditExport(telling, time, stamp);
  }
}

/** The same as a row of a Log Analytics table: names in Pascal case, codes as numbers. */
export function cdbRow(
  telling: Exclude<Telling, ArmTelling | AuditTelling>,
  phase: number,
  time: string,
  stamp: Stamp,
) {
  const row = (table: string, operation: string, columns: object) => ({
    Type: table,
    TimeGenerated: time,
    _ResourceId: telling.account.toLowerCase(),
    OperationName: operation,
    ...pascal(columns),
  });
  switch (telling.log) {
    case 'control': {
      const { code } = telling.phases[phase]!;
      const { columns, uri } = telling;
      const own = { activityId: stamp.activity, httpStatusCode: Number(code), resourceUri: uri ?? undefined };
      return row('CDBControlPlaneRequests', controlName(telling, phase), { ...own, ...columns });
    }
    case 'request':
      return row(`CDB${requestFamily(telling)}`, telling.operation, {
        ...request(telling, stamp),
        statusCode: Number(telling.code),
      });
    case 'mongo':
      return row('CDBMongoRequests', telling.operation, mongo(telling, stamp));
  }
}

function armExport(telling: ArmTelling, phase: number, time: string, stamp: Stamp): object {
  return {
    time,
    category: 'Administrative',
    operationName: telling.operation.toUpperCase(),
    resourceId: telling.resource.toUpperCase(),
    resultType: telling.phases[phase]!.status,
    correlationId: stamp.correlation,
    callerIpAddress: telling.who.ip,
    identity: { claims: claims(telling.who) },
    properties: { eventCategory: 'Administrative', ...requestBody(telling, phase) },
  };
}

function requestBody(telling: ArmTelling, phase: number): object {
  return hasBody(telling, phase) ? { requestbody: JSON.stringify(telling.body) } : {};
}

function claims(who: Person): object {
  return {
    'http://schemas.microsoft.com/identity/claims/objectidentifier': who.id,
    ...(who.type === 'user'
      ? { 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': `${who.name}@contoso.example` }
      : {}),
    appid: who.app,
    idtyp: who.type,
  };
}

function resourceExport(category: string, account: string, time: string, operationName: string, properties: object) {
  return { time, category, resourceId: account.toUpperCase(), operationName, properties };
}

function controlName(telling: ControlTelling, phase: number): string {
  return `${telling.operation}${telling.phases[phase]!.suffix}`;
}

function requestFamily({ sum }: RequestTelling): string {
  return sum === undefined ? 'DataPlaneRequests' : `DataPlaneRequests${sum.minutes}M`;
}

function request(telling: RequestTelling, stamp: Stamp): object {
  const { container, database, by, sum } = telling;
  const path = `dbs/${database}${container === null ? '' : `/colls/${container}`}`;
  return {
    ...(sum === undefined ? { activityId: stamp.activity } : { requestCount: sum.count }),
    requestResourceType: telling.type,
    requestResourceId: path,
    statusCode: telling.code,
    clientIpAddress: telling.ip,
    databaseName: database,
    collectionName: container ?? undefined,
    ...(typeof by === 'string' ? { keyType: by } : { aadPrincipalId: by.id, authTokenType: 'Aad' }),
  };
}

function mongo(telling: MongoTelling, stamp: Stamp): object {
  return {
    activityId: stamp.activity,
    errorCode: telling.code,
    address: telling.ip,
    authorizationTokenType: 'PrimaryMasterKey',
    databaseName: telling.database,
    collectionName: telling.container,
  };
}

function auditExport(telling: AuditTelling, time: string, stamp: Stamp): object {
  const host = `https://${telling.vault}.vault.azure.net`;
  return {
    time,
    category: 'AuditEvent',
    resourceId: vaultId(telling.vault),
    operationName: telling.operation,
    resultType: 'Success',
    correlationId: stamp.correlation,
    callerIpAddress: telling.who.ip,
    identity: { claim: claims(telling.who) },
    properties: {
      id: telling.object === null ? host : `${host}/keys/${telling.object}`,
      httpStatusCode: Number(telling.code),
      ...(telling.attributes === null ? {} : { keyProperties: { attributes: telling.attributes } }),
    },
  };
}

function pascal(columns: object): object {
  const upper = (name: string) => `${name[0]!.toUpperCase()}${name.slice(1)}`;
  return Object.fromEntries(Object.entries(columns).map(([name, value]) => [upper(name), value]));
}
