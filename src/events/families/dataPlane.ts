import { identity } from '../../lib/hash.ts';
import type { JsonObject } from '../../lib/json.ts';
import { dataAction } from '../actions.ts';
import { actorOfRequest, authOf } from '../actor.ts';
import { type Event, SECOND } from '../event.ts';
import { address, lower, number, text } from '../read.ts';
import { ABSENT, type Form, type LogFamily } from './family.ts';
import { columnsOf, namesInPath, resourceLogVariant, resourceOf, timeOf } from './resourceLog.ts';

/** What per-request and aggregated records of the data plane have in common. */
export type Request = Pick<
  Event,
  | 'operation'
  | 'action'
  | 'outcome'
  | 'resourceId'
  | 'status'
  | 'actor'
  | 'sourceIp'
  | 'userAgent'
  | 'account'
  | 'auth'
  | 'region'
  | 'database'
  | 'container'
>;

export function requestOf(value: JsonObject): Request {
  const columns = columnsOf(value);
  const operation = lower(value, 'operationName') ?? '';
  const status = number(columns, 'statusCode');
  const ip = address(text(columns, 'clientIpAddress'));
  const principal = text(columns, 'aadPrincipalId');
  const auth = authOf(text(columns, 'keyType', 'authTokenType'), principal);
  const userAgent = text(columns, 'userAgent');
  const named = namesInPath(text(columns, 'requestResourceId'));
  return {
    ...resourceOf(value),
    operation,
    action: dataAction(operation, typeOf(columns)),
    outcome: status !== null && status >= 200 && status < 300 ? 'success' : 'failure',
    status,
    actor: actorOfRequest(auth, principal, ip, userAgent),
    sourceIp: ip,
    userAgent,
    auth,
    region: text(columns, 'region', 'regionName'),
    database: text(columns, 'databaseName') ?? named.database,
    container: text(columns, 'collectionName') ?? named.container,
  };
}

/** The name of the column until about 2018 was `resourceType`. */
function typeOf(columns: JsonObject): string | null {
  return text(columns, 'requestResourceType', 'resourceType');
}

function normalise(value: JsonObject, { variant, time, position }: Form): Event {
  const columns = columnsOf(value);
  const request = requestOf(value);
  const activity = lower(columns, 'activityId');
  // One batch under one activity id counts once: the log has nothing that tells its parts apart.
  const parts = [
    'DataPlaneRequests',
    request.resourceId,
    activity,
    request.operation,
    typeOf(columns),
    text(columns, 'requestResourceId'),
    request.status,
    Math.floor(time / SECOND),
  ];
  return {
    ...ABSENT,
    family: 'DataPlaneRequests',
    variant,
    recordId: identity(...parts),
    time,
    ...request,
    actionKey: activity === null ? null : parts.join('\u001f').toLowerCase(),
    correlationId: activity,
    raw: value,
    position,
  };
}

export const dataPlane: LogFamily = {
  family: 'DataPlaneRequests',
  recognise: (value) =>
    resourceLogVariant(value, 'DataPlaneRequests', ['ActivityId', 'RequestResourceType', 'StatusCode']),
  time: timeOf,
  normalise,
};
