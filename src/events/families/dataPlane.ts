import { identity } from '../../lib/hash.ts';
import type { JsonObject } from '../../lib/json.ts';
import { dataAction } from '../actions.ts';
import { actorOfRequest, authOf } from '../actor.ts';
import { type Event, SECOND } from '../event.ts';
import { address, number, text } from '../read.ts';
import type { Form, LogFamily } from './family.ts';
import { columnsOf, namesInPath, resourceLogVariant, resourceOf, timeOf } from './resourceLog.ts';

function normalise(value: JsonObject, { variant, time, position }: Form): Event {
  const columns = columnsOf(value, variant);
  const { resourceId, account } = resourceOf(value);
  const operation = (text(value, 'operationName') ?? '').toLowerCase();
  const type = text(columns, 'requestResourceType', 'resourceType');
  const path = text(columns, 'requestResourceId');
  const status = number(columns, 'statusCode');
  const activity = text(columns, 'activityId')?.toLowerCase() ?? null;
  const ip = address(text(columns, 'clientIpAddress'));
  const principal = text(columns, 'aadPrincipalId');
  const auth = authOf(text(columns, 'keyType') ?? text(columns, 'authTokenType'), principal);
  const userAgent = text(columns, 'userAgent');
  const named = namesInPath(path);
  // One batch under one activity id counts once: the log has nothing that tells its parts apart.
  const parts = ['DataPlaneRequests', resourceId, activity, operation, type, path, status, Math.floor(time / SECOND)];
  return {
    family: 'DataPlaneRequests',
    variant,
    recordId: identity(...parts),
    time,
    operation,
    action: dataAction(operation, type),
    outcome: status !== null && status >= 200 && status < 300 ? 'success' : 'failure',
    resourceId,
    actionKey: activity === null ? null : parts.join('\u001f').toLowerCase(),
    correlationId: activity,
    clientRequestId: null,
    phase: 'bare',
    status,
    method: null,
    actor: actorOfRequest(auth, principal, ip, userAgent),
    sourceIp: ip,
    userAgent,
    account,
    api: null,
    auth,
    database: text(columns, 'databaseName') ?? named.database,
    container: text(columns, 'collectionName') ?? named.container,
    count: 1,
    body: null,
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
