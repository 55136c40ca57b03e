import { identity } from '../../lib/hash.ts';
import { isObject, type JsonObject } from '../../lib/json.ts';
import { armAction } from '../actions.ts';
import { actorOf, identityIn } from '../actor.ts';
import { type Event, type Outcome, SECOND, type Variant } from '../event.ts';
import { address, get, httpStatus, lower, object, text, valueText } from '../read.ts';
import { accountIn, accountOf, armPath, belowAccount, foldId, spelled } from '../resource.ts';
import { ABSENT, type Form, type LogFamily } from './family.ts';

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

/** `Microsoft.Resources.ResourceWriteSuccess`, in the schema of Event Grid and in CloudEvents. */
const GRID_TYPE = /^microsoft\.resources\.resource(write|delete|action)(success|failure|cancel)$/;

/** A record that lost its time is still one: it is told of as that, not as somebody else's. */
function recognise(value: JsonObject): Variant | null {
  if (get(value, 'eventTimestamp') !== undefined && get(value, 'operationName') !== undefined) return 'rest';
  const isRow = get(value, 'OperationNameValue') !== undefined;
  if (isRow && (get(value, 'TimeGenerated') ?? get(value, 'CorrelationId')) !== undefined) return 'log_analytics';
  if (GRID_TYPE.test(lower(value, 'eventType', 'type') ?? '') && object(value, 'data') !== null) return 'event_grid';
  if (!CATEGORIES.has(valueText(value, 'category')?.toLowerCase() ?? '')) return null;
  const isTimed = get(value, 'time') !== undefined;
  if (get(value, 'operationName') === undefined) return null;
  // Only the REST form has names as objects.
  const isRest = isObject(get(value, 'category'));
  if (isTimed) return isRest ? null : 'export';
  if (get(value, 'TimeGenerated') !== undefined || get(value, 'resourceId') === undefined) return null;
  return isRest ? 'rest' : 'export';
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
}

function partsOf(value: JsonObject, variant: Variant): Parts {
  switch (variant) {
    case 'rest':
      return {
        operation: valueText(value, 'operationName'),
        resource: text(value, 'resourceId', 'resourceUri'),
        status: valueText(value, 'status'),
        correlation: lower(value, 'correlationId'),
        caller: text(value, 'caller'),
        ip: text(object(value, 'httpRequest'), 'clientIpAddress'),
        http: object(value, 'httpRequest'),
      };
    case 'log_analytics':
      return {
        operation: text(value, 'OperationNameValue'),
        resource: text(value, '_ResourceId', 'ResourceId'),
        status: text(value, 'ActivityStatusValue', 'ActivityStatus'),
        correlation: lower(value, 'CorrelationId'),
        caller: text(value, 'Caller'),
        ip: text(value, 'CallerIpAddress'),
        http: object(value, 'HTTPRequest'),
      };
    case 'event_grid': {
      const data = object(value, 'data');
      return {
        operation: text(data, 'operationName'),
        resource: text(data, 'resourceUri') ?? text(value, 'subject'),
        status: GRID_TYPE.exec(lower(value, 'eventType', 'type') ?? '')?.[2] ?? text(data, 'status'),
        correlation: lower(data, 'correlationId'),
        caller: null,
        ip: text(object(data, 'httpRequest'), 'clientIpAddress'),
        http: object(data, 'httpRequest'),
      };
    }
    case 'export':
      return {
        operation: text(value, 'operationName'),
        resource: text(value, 'resourceId'),
        status: text(value, 'resultType', 'resultSignature'),
        correlation: lower(value, 'correlationId'),
        caller: null,
        ip: text(value, 'callerIpAddress') ?? text(object(value, 'httpRequest'), 'clientIpAddress'),
        http: object(value, 'httpRequest'),
      };
  }
}

/** Start, Started; Accept, Accepted; Success, Succeeded; Failure, Failed; Cancelled is a failure. Anything else has not ended. */
function outcomeOf(status: string | null): Outcome {
  const word = (status ?? '').toLowerCase();
  if (word.startsWith('succe')) return 'success';
  if (word.startsWith('fail') || word.startsWith('cancel')) return 'failure';
  return word.startsWith('accept') ? 'accepted' : 'started';
}

/** What the caller was allowed to act on, which mostly is what was acted on. */
function scopeIn(value: JsonObject, variant: Variant): string | null {
  const holder =
    variant === 'event_grid' ? object(value, 'data') : variant === 'export' ? object(value, 'identity') : value;
  return text(object(holder, 'authorization'), 'scope');
}

function normalise(value: JsonObject, { variant, time, position }: Form): Event {
  const { operation: written, resource, status, correlation, caller, ip, http } = partsOf(value, variant);
  const operation = (written ?? '').toLowerCase();
  const resourceId = foldId(resource ?? '');
  const outcome = outcomeOf(status);
  const properties = object(value, 'properties');
  const ownSpelling = spelled(resource ?? '', [text(properties, 'entity'), scopeIn(value, variant)]);
  return {
    ...ABSENT,
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
    clientRequestId: lower(http, 'clientRequestId'),
    status: httpStatus(properties, 'statusCode'),
    method: text(http, 'method')?.toUpperCase() ?? null,
    actor: actorOf({
      ...identityIn(variant === 'event_grid' ? (object(value, 'data') ?? value) : value),
      caller,
      userAgent: null,
    }),
    // The claim `ipaddr` is where the token was given out, which need not be where it was used.
    sourceIp: address(ip),
    account: accountOf(resourceId),
    accountSpelled: accountIn(ownSpelling),
    ...armPath(belowAccount(ownSpelling ?? resource ?? '')),
    body: object(properties, 'requestbody') ?? object(object(properties, 'eventProperties'), 'requestbody'),
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
