import { accountIn } from './arm.ts';
import { type Family, type Json, type Outcome, type Raw, type Rec, secondOf, type Who } from './types.ts';

/** The wire form off. Only forms that the streams write; a record of another is a mistake of the test. */
export function normalise(raw: Raw): Rec {
  const fields = lowerKeys(raw);
  if (fields['eventtimestamp'] !== undefined) return activityLog(raw, fields, 0);
  const type = text(fields['type']);
  if (type?.startsWith('CDB')) return resourceLog(raw, type.slice(3) as Family, fields, fields, 1);
  const properties = lowerKeys(parsed(fields['properties']));
  switch (fields['category']) {
    case 'Administrative':
      return activityLog(raw, fields, 2);
    case 'AuditEvent':
      return audit(raw, fields, properties);
    case 'ControlPlaneRequests':
    case 'DataPlaneRequests':
    case 'DataPlaneRequests5M':
    case 'DataPlaneRequests15M':
    case 'MongoRequests':
      return resourceLog(raw, fields['category'], fields, properties, 2);
    default:
      throw new Error(`no family: ${JSON.stringify(raw)}`);
  }
}

const NOTHING = {
  phase: 'bare',
  activity: null,
  request: null,
  method: null,
  who: null,
  ip: null,
  database: null,
  container: null,
  object: null,
  count: 1,
  body: null,
  columns: {},
} as const;

const CONTAINER = /\/sqldatabases\/([^/]+)(?:\/containers\/([^/]+))?$/;

const STATUS: { readonly [status: string]: Outcome } = {
  start: 'started',
  started: 'started',
  accept: 'accepted',
  accepted: 'accepted',
  success: 'success',
  succeeded: 'success',
  failure: 'failure',
  failed: 'failure',
  canceled: 'failure',
};

function activityLog(raw: Raw, fields: Raw, trust: 0 | 2): Rec {
  const at = Date.parse(String(fields[trust === 0 ? 'eventtimestamp' : 'time']));
  const operation = lower(trust === 0 ? inner(fields['operationname'], 'value') : fields['operationname'])!;
  const status = lower(trust === 0 ? inner(fields['status'], 'value') : fields['resulttype'])!;
  const outcome = STATUS[status]!;
  const resource = lower(fields['resourceid'])!;
  const correlation = lower(fields['correlationid']);
  const http = fields['httprequest'];
  const body = inner(parsed(fields['properties']), 'requestbody');
  const [, database = null, container = null] = CONTAINER.exec(resource) ?? [];
  const [, vault, key] = /\/vaults\/([^/]+)\/keys\/([^/]+)/.exec(resource) ?? [];
  return {
    ...NOTHING,
    object: key === undefined ? null : `https://${vault}.vault.azure.net/keys/${key}`,
    id: idOf('ActivityLog', secondOf(at), resource, operation, correlation, outcome),
    family: 'ActivityLog',
    trust,
    at,
    operation,
    outcome,
    resource,
    account: accountIn(resource),
    group: correlation === null ? null : idOf('ActivityLog', correlation, resource, operation),
    request: lower(inner(http, 'clientRequestId')),
    method: text(inner(http, 'method'))?.toUpperCase() ?? null,
    who: person(trust === 0 ? fields['claims'] : inner(fields['identity'], 'claims')),
    ip: text(trust === 0 ? inner(http, 'clientIpAddress') : fields['calleripaddress']),
    database,
    container,
    body: body === undefined ? null : parsed(body),
    text: JSON.stringify(raw),
  };
}

function resourceLog(raw: Raw, family: Family, fields: Raw, columns: Raw, trust: 1 | 2): Rec {
  const at = Date.parse(String(fields[trust === 1 ? 'timegenerated' : 'time']));
  const account = accountIn(text(fields[trust === 1 ? '_resourceid' : 'resourceid'])!)!;
  const operation = lower(fields['operationname'])!;
  const activity = lower(columns['activityid']);
  const base = { ...NOTHING, family, trust, at, account, activity, columns, text: JSON.stringify(raw) };
  const database = text(columns['databasename']);
  const container = text(columns['collectionname']);
  switch (family) {
    case 'ControlPlaneRequests':
      return { ...base, ...controlPlane(at, operation, activity, account, columns) };
    case 'DataPlaneRequests':
    case 'DataPlaneRequests5M':
    case 'DataPlaneRequests15M': {
      const code = String(columns['statuscode']);
      const type = lower(columns['requestresourcetype']);
      const resource = lower(columns['requestresourceid']) ?? '';
      const ip = text(columns['clientipaddress']);
      const [principal, key] = [text(columns['aadprincipalid']), text(columns['keytype'])];
      const dimensions = family === 'DataPlaneRequests' ? activity : [database, container, principal, key, ip].join();
      const id = idOf(family, account, dimensions, operation, type, resource, code, secondOf(at));
      const who = keyOrPerson(principal, key, ip);
      const count = Number(columns['requestcount'] ?? 1);
      const outcome = isGood(code) ? 'success' : 'failure';
      return {
        ...base,
        id,
        group: id,
        operation,
        resource,
        database,
        container,
        object: type,
        ip,
        who,
        outcome,
        count,
      };
    }
    case 'MongoRequests': {
      const code = text(columns['errorcode']) ?? '';
      const id = idOf(family, account, activity, operation, database, container, code, secondOf(at));
      const ip = text(columns['address']);
      const who = keyOrPerson(null, text(columns['authorizationtokentype']), ip);
      const outcome = code === '' || code === '0' ? 'success' : 'failure';
      return { ...base, id, group: id, operation, resource: account, database, container, ip, who, outcome };
    }
    default:
      throw new Error(`no resource log: ${family}`);
  }
}

function controlPlane(at: number, operation: string, activity: string | null, account: string, columns: Raw) {
  const phase = operation.endsWith('start') ? 'start' : operation.endsWith('complete') ? 'complete' : 'bare';
  const name = operation.replace(/(start|complete)$/, '');
  const resource = lower(columns['resourceuri']) ?? account;
  const good = isGood(String(columns['httpstatuscode']));
  const outcome: Outcome = good ? (phase === 'start' ? 'accepted' : 'success') : 'failure';
  const [, database = null, container = null] = CONTAINER.exec(resource) ?? [];
  return {
    id: idOf('ControlPlaneRequests', secondOf(at), resource, operation, activity, outcome),
    group: activity === null ? null : idOf('ControlPlaneRequests', account, resource, activity, name),
    operation: name,
    phase,
    outcome,
    resource,
    database,
    container,
  } as const;
}

/** `resultType` says "Success" for refused requests, too: the HTTP status decides. */
function audit(raw: Raw, fields: Raw, properties: Raw): Rec {
  const at = Date.parse(String(fields['time']));
  const resource = lower(fields['resourceid'])!;
  const operation = lower(fields['operationname'])!;
  const code = String(properties['httpstatuscode']);
  const object = lower(properties['id']);
  const id = idOf('AuditEvent', resource, lower(fields['correlationid']), operation, object, code, secondOf(at));
  return {
    ...NOTHING,
    id,
    family: 'AuditEvent',
    trust: 2,
    at,
    operation,
    outcome: isGood(code) ? 'success' : 'failure',
    resource,
    account: null,
    group: id,
    who: person(inner(fields['identity'], 'claim')),
    ip: text(fields['calleripaddress']),
    object,
    columns: properties,
    text: JSON.stringify(raw),
  };
}

const OBJECT_ID = 'http://schemas.microsoft.com/identity/claims/objectidentifier';

function person(claims: Json | undefined): Who | null {
  const id = lower(inner(claims, OBJECT_ID));
  return id === null ? null : { id, app: lower(inner(claims, 'appid')) };
}

const KEYS: { readonly [type: string]: string } = {
  primarymasterkey: 'primary_key',
  secondarymasterkey: 'secondary_key',
  primaryreadonlymasterkey: 'readonly_key',
};

function keyOrPerson(principal: string | null, key: string | null, ip: string | null): Who | null {
  if (principal !== null) return { id: principal.toLowerCase(), app: null };
  const name = KEYS[key?.toLowerCase() ?? ''];
  return name === undefined ? null : { id: `${name}@${ip}`, app: null };
}

function isGood(code: string): boolean {
  return /^2\d\d$/.test(code);
}

function idOf(...parts: readonly (string | number | null)[]): string {
  return parts.map((part) => String(part ?? '')).join('|');
}

function text(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;
}

function lower(value: Json | undefined): string | null {
  return text(value)?.toLowerCase() ?? null;
}

export function inner(value: Json | undefined, name: string): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw)[name] : undefined;
}

function parsed(value: Json | undefined): Raw {
  if (typeof value === 'string') return JSON.parse(value) as Raw;
  return (value ?? {}) as Raw;
}

function lowerKeys(value: Raw): Raw {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]));
}
