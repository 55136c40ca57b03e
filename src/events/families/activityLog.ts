import { identity } from '../../lib/hash.ts';
import type { JsonObject } from '../../lib/json.ts';
import { armAction, armPath } from '../actions.ts';
import { actorFromClaims, identityOf } from '../actor.ts';
import { type Event, type Outcome, SECOND, type Variant } from '../event.ts';
import { address, get, number, object, text, valueText } from '../read.ts';
import { accountOf, foldId } from '../resource.ts';
import type { Form, LogFamily } from './family.ts';

/** Categories of the Activity Log's export; `Write`, `Action` and `Delete` are those of records up to about 2018. */
const CATEGORIES: ReadonlySet<string> = new Set([
  'administrative',
  'write',
  'action',
  'delete',
  'security',
  'policy',
  'servicehealth',
  'resourcehealth',
  'alert',
  'autoscale',
  'recommendation',
]);

function recognise(value: JsonObject): Variant | null {
  if (get(value, 'eventTimestamp') !== undefined && get(value, 'operationName') !== undefined) return 'rest';
  if (get(value, 'OperationNameValue') !== undefined && get(value, 'TimeGenerated') !== undefined)
    return 'log_analytics';
  const type = text(value, 'eventType', 'type') ?? '';
  if (/^microsoft\.resources\.resource\w+$/i.test(type) && object(value, 'data') !== null) return 'event_grid';
  const category = text(value, 'category')?.toLowerCase();
  const isExport = category !== undefined && CATEGORIES.has(category) && get(value, 'time') !== undefined;
  return isExport && get(value, 'operationName') !== undefined ? 'export' : null;
}

/** Where each form keeps what an event needs. */
interface Parts {
  readonly operation: string | null;
  readonly resource: string | null;
  readonly status: string | null;
  readonly correlation: string | null;
  readonly caller: string | null;
  readonly ip: string | null;
  readonly http: JsonObject | null;
  readonly properties: JsonObject | null;
}

function partsOf(value: JsonObject, variant: Variant): Parts {
  switch (variant) {
    case 'rest':
      return {
        operation: valueText(value, 'operationName'),
        resource: text(value, 'resourceId') ?? text(value, 'resourceUri'),
        status: valueText(value, 'status'),
        correlation: text(value, 'correlationId'),
        caller: text(value, 'caller'),
        ip: text(object(value, 'httpRequest'), 'clientIpAddress'),
        http: object(value, 'httpRequest'),
        properties: object(value, 'properties'),
      };
    case 'log_analytics':
      return {
        operation: text(value, 'OperationNameValue'),
        resource: text(value, '_ResourceId', 'ResourceId'),
        status: text(value, 'ActivityStatusValue', 'ActivityStatus'),
        correlation: text(value, 'CorrelationId'),
        caller: text(value, 'Caller'),
        ip: text(value, 'CallerIpAddress'),
        http: object(value, 'HTTPRequest'),
        properties: object(value, 'Properties_d', 'Properties'),
      };
    case 'event_grid': {
      const data = object(value, 'data');
      const http = object(data, 'httpRequest');
      return {
        operation: text(data, 'operationName'),
        resource: text(data, 'resourceUri') ?? text(value, 'subject'),
        status: text(data, 'status') ?? text(value, 'eventType', 'type'),
        correlation: text(data, 'correlationId'),
        caller: null,
        ip: text(http, 'clientIpAddress'),
        http,
        properties: null,
      };
    }
    case 'export': {
      const http = object(value, 'httpRequest');
      return {
        operation: text(value, 'operationName'),
        resource: text(value, 'resourceId'),
        status: text(value, 'resultType') ?? text(value, 'resultSignature'),
        correlation: text(value, 'correlationId'),
        caller: null,
        ip: text(value, 'callerIpAddress') ?? text(http, 'clientIpAddress'),
        http,
        properties: object(value, 'properties'),
      };
    }
  }
}

/** Start, Started; Accept, Accepted; Success, Succeeded; Failure, Failed; Cancelled is a failure. Anything else has not ended. */
function outcomeOf(status: string | null): Outcome {
  const word = (status ?? '').toLowerCase().replace(/^microsoft\.resources\.resource(?:write|delete|action)/, '');
  if (/^succe/.test(word)) return 'success';
  if (/^(?:fail|cancel)/.test(word)) return 'failure';
  return /^accept/.test(word) ? 'accepted' : 'started';
}

function normalise(value: JsonObject, { variant, time, position }: Form): Event {
  const parts = partsOf(value, variant);
  const operation = (parts.operation ?? '').toLowerCase();
  const resourceId = foldId(parts.resource ?? '');
  const outcome = outcomeOf(parts.status);
  const correlation = parts.correlation?.toLowerCase() ?? null;
  const account = accountOf(resourceId);
  const path = account === null ? null : armPath((parts.resource ?? '').trim().slice(account.length));
  const source = variant === 'event_grid' ? (object(value, 'data') ?? value) : value;
  const { claims, evidence } = identityOf(source);
  const inner = object(parts.properties, 'eventProperties');
  return {
    family: 'ActivityLog',
    variant,
    recordId: identity('ActivityLog', Math.floor(time / SECOND), resourceId, operation, correlation, outcome),
    time,
    operation,
    action: armAction(operation),
    outcome,
    resourceId,
    actionKey: correlation === null ? null : ['ActivityLog', correlation, resourceId, operation].join('\u001f'),
    correlationId: correlation,
    clientRequestId: text(parts.http, 'clientRequestId')?.toLowerCase() ?? null,
    phase: 'bare',
    status: number(parts.properties, 'statusCode'),
    method: text(parts.http, 'method')?.toUpperCase() ?? null,
    actor: actorFromClaims(claims, evidence, parts.caller, null),
    sourceIp: address(parts.ip ?? text(claims, 'ipaddr')),
    userAgent: null,
    account,
    api: path?.api ?? null,
    auth: null,
    database: path?.database ?? null,
    container: path?.container ?? null,
    count: 1,
    body: object(parts.properties, 'requestbody') ?? object(inner, 'requestbody'),
    raw: value,
    position,
  };
}

export const activityLog: LogFamily = {
  family: 'ActivityLog',
  recognise,
  time: (value) => text(value, 'eventTimestamp', 'TimeGenerated', 'eventTime', 'time'),
  normalise,
};
