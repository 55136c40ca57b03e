import { identity } from '../../lib/hash.ts';
import type { JsonObject } from '../../lib/json.ts';
import { mongoAction } from '../actions.ts';
import { actorOfRequest, authOf } from '../actor.ts';
import { type Event, SECOND } from '../event.ts';
import { address, number, text } from '../read.ts';
import type { Form, LogFamily } from './family.ts';
import { columnsOf, resourceLogVariant, resourceOf, timeOf } from './resourceLog.ts';

function normalise(value: JsonObject, { variant, time, position }: Form): Event {
  const columns = columnsOf(value, variant);
  const { resourceId, account } = resourceOf(value);
  const operation = (text(value, 'operationName') ?? '').toLowerCase();
  const database = text(columns, 'databaseName');
  const container = text(columns, 'collectionName');
  const error = number(columns, 'errorCode');
  const activity = text(columns, 'activityId')?.toLowerCase() ?? null;
  const ip = address(text(columns, 'address', 'clientIpAddress'));
  const auth = authOf(text(columns, 'authorizationTokenType'), null);
  const userAgent = text(columns, 'userAgent');
  const parts = [
    'MongoRequests',
    resourceId,
    activity,
    operation,
    `${database ?? ''}/${container ?? ''}`,
    error ?? 0,
    Math.floor(time / SECOND),
  ];
  const isCommand = container === null || container === '$cmd';
  return {
    family: 'MongoRequests',
    variant,
    recordId: identity(...parts),
    time,
    operation,
    action: mongoAction(operation),
    // Error code 0, or none, is success.
    outcome: error === null || error === 0 ? 'success' : 'failure',
    resourceId,
    actionKey: activity === null ? null : parts.join('\u001f').toLowerCase(),
    correlationId: activity,
    clientRequestId: null,
    phase: 'bare',
    status: error,
    method: null,
    actor: actorOfRequest(auth, null, ip, userAgent),
    sourceIp: ip,
    userAgent,
    account,
    api: 'mongodb',
    auth,
    database,
    container: isCommand ? null : container,
    count: 1,
    body: null,
    raw: value,
    position,
  };
}

export const mongo: LogFamily = {
  family: 'MongoRequests',
  recognise: (value) => resourceLogVariant(value, 'MongoRequests', ['ActivityId', 'OpCode', 'ErrorCode']),
  time: timeOf,
  normalise,
};
