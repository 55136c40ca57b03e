/**
 * A second reading of the specification: slow, obvious, and sharing nothing with the product (no import from src/). It knows the small
 * world of `streams.ts` only. This file: raw records to what they say.
 */

export interface Rec {
  readonly family: 'activity' | 'control' | 'data' | 'vault';
  /** Microseconds. */
  readonly time: number;
  readonly second: number;
  readonly operation: string;
  readonly phase: 'start' | 'complete' | 'bare';
  /** 0 started, 1 accepted, 2 failure, 3 success. */
  readonly outcome: number;
  readonly resource: string;
  readonly account: string | null;
  readonly correlation: string | null;
  readonly request: string | null;
  readonly actor: { readonly id: string; readonly app: string | null } | null;
  readonly ip: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a body holds
  readonly body: any;
  readonly method: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: raw properties
  readonly columns: any;
  readonly container: string | null;
  readonly isRest: boolean;
  /** Finds copies of one record. */
  readonly id: string;
  /** What all records of an action share. */
  readonly group: string;
}

// biome-ignore lint/suspicious/noExplicitAny: raw JSON
export function read(raw: any): Rec {
  if (raw.eventTimestamp !== undefined) return activity(raw, true);
  if (raw.category === 'Administrative') return activity(raw, false);
  if (raw.category === 'ControlPlaneRequests') return control(raw);
  if (raw.category === 'DataPlaneRequests') return data(raw);
  return vault(raw);
}

function micros(text: string): number {
  const [head, fraction = ''] = text.replace('Z', '').split('.');
  return Date.parse(`${head}Z`) * 1000 + Number(`${fraction}000000`.slice(0, 6));
}

function accountIn(id: string): string | null {
  const found = id.toLowerCase().match(/^(.*?\/databaseaccounts\/[^/]+)/);
  return found ? found[1]! : null;
}

function containerIn(id: string): string | null {
  const found = id.toLowerCase().match(/\/sqldatabases\/([^/]+)\/containers\/([^/]+)/);
  return found ? `${found[1]}/${found[2]}` : null;
}

// biome-ignore lint/suspicious/noExplicitAny: raw JSON
function activity(raw: any, isRest: boolean): Rec {
  const operation = (isRest ? raw.operationName.value : raw.operationName).toLowerCase();
  const status = isRest ? raw.status.value : raw.resultType;
  const outcome = (
    { Start: 0, Started: 0, Accept: 1, Accepted: 1, Failure: 2, Failed: 2, Success: 3, Succeeded: 3 } as Record<
      string,
      number
    >
  )[status]!;
  const time = micros(isRest ? raw.eventTimestamp : raw.time);
  const second = Math.floor(time / 1e6);
  const resource = raw.resourceId.toLowerCase();
  const claims = isRest ? raw.claims : raw.identity.claims;
  const body = raw.properties.requestbody;
  return {
    family: 'activity',
    time,
    second,
    operation,
    phase: 'bare',
    outcome,
    resource,
    account: accountIn(resource),
    correlation: raw.correlationId,
    request: isRest ? raw.httpRequest.clientRequestId : null,
    actor: { id: claims['http://schemas.microsoft.com/identity/claims/objectidentifier'], app: claims.appid },
    ip: isRest ? raw.httpRequest.clientIpAddress : raw.callerIpAddress,
    body: body === undefined ? null : JSON.parse(body),
    method: isRest ? raw.httpRequest.method : null,
    columns: null,
    container: containerIn(resource),
    isRest,
    id: ['a', second, resource, operation, raw.correlationId, outcome].join('|'),
    group: ['a', raw.correlationId, resource, operation].join('|'),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: raw JSON
function control(raw: any): Rec {
  const time = micros(raw.time);
  const second = Math.floor(time / 1e6);
  const name = raw.operationName.toLowerCase();
  const phase = name.endsWith('start') ? 'start' : name.endsWith('complete') ? 'complete' : 'bare';
  const operation = name.replace(/(start|complete)$/, '');
  const isGood = String(raw.properties.httpstatusCode).startsWith('2');
  const outcome = !isGood ? 2 : phase === 'start' ? 1 : 3;
  const resource = (raw.properties.resourceUri ?? raw.resourceId).toLowerCase();
  const { activityId } = raw.properties;
  return {
    family: 'control',
    time,
    second,
    operation,
    phase,
    outcome,
    resource,
    account: accountIn(raw.resourceId),
    correlation: activityId,
    request: null,
    actor: null,
    ip: null,
    body: null,
    method: null,
    columns: raw.properties,
    container: containerIn(resource),
    isRest: false,
    id: ['c', second, resource, operation, phase, activityId, outcome].join('|'),
    group: ['c', raw.resourceId.toLowerCase(), resource, activityId, operation].join('|'),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: raw JSON
function data(raw: any): Rec {
  const time = micros(raw.time);
  const second = Math.floor(time / 1e6);
  const p = raw.properties;
  const outcome = String(p.statusCode).startsWith('2') ? 3 : 2;
  const operation = `${raw.operationName.toLowerCase()} ${p.requestResourceType.toLowerCase()}`;
  const id = [
    'd',
    raw.resourceId.toLowerCase(),
    p.activityId,
    operation,
    p.requestResourceId.toLowerCase(),
    p.statusCode,
    second,
  ].join('|');
  return {
    family: 'data',
    time,
    second,
    operation,
    phase: 'bare',
    outcome,
    resource: raw.resourceId.toLowerCase(),
    account: accountIn(raw.resourceId),
    correlation: p.activityId,
    request: null,
    actor: { id: `primary_key@${p.clientIpAddress}`, app: null },
    ip: p.clientIpAddress,
    body: null,
    method: null,
    columns: null,
    container: `${p.databaseName}/${p.collectionName}`.toLowerCase(),
    isRest: false,
    id,
    group: id,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: raw JSON
function vault(raw: any): Rec {
  const time = micros(raw.time);
  const second = Math.floor(time / 1e6);
  const p = raw.properties;
  const operation = raw.operationName.toLowerCase();
  const id = ['v', raw.correlationId, operation, p.id, p.httpStatusCode, second].join('|');
  return {
    family: 'vault',
    time,
    second,
    operation,
    phase: 'bare',
    outcome: String(p.httpStatusCode).startsWith('2') ? 3 : 2,
    resource: raw.resourceId.toLowerCase(),
    account: null,
    correlation: raw.correlationId,
    request: null,
    actor: { id: raw.identity.claim.oid, app: raw.identity.claim.appid },
    ip: raw.callerIpAddress,
    body: null,
    method: null,
    columns: p,
    container: null,
    isRest: false,
    id,
    group: id,
  };
}
