import { mongoAction } from '../actions.ts';
import { namesInMongo } from '../commands.ts';
import type { Event } from '../event.ts';
import { entraId, isEntraId, text } from '../read.ts';
import { type ApiLog, apiRequest } from './apiRequest.ts';
import type { LogFamily } from './family.ts';
import { columnsOf, resourceLogVariant, timeOf } from './resourceLog.ts';

const LOG: ApiLog = { family: 'VCoreMongoRequests', api: 'mongodb', action: mongoAction, named: namesInMongo };

/** Requests to a cluster for MongoDB. Its users log in by name, so `userId` says who it was. */
export const vcoreMongo: LogFamily = {
  family: 'VCoreMongoRequests',
  recognise: (value) =>
    resourceLogVariant(value, 'VCoreMongoRequests', ['ActivityId', 'ClusterName', 'ErrorCode'], 'VCoreMongoRequests'),
  time: timeOf,
  normalise: (value, form) => {
    const event = apiRequest(LOG, value, form);
    const user = text(columnsOf(value), 'userId');
    return user === null ? event : { ...event, ...loggedIn(user, event) };
  },
};

function loggedIn(user: string, { actor, auth }: Event): Pick<Event, 'actor' | 'auth'> {
  const id = entraId(user);
  const isEntra = isEntraId(id);
  return {
    actor: { id, name: isEntra ? null : user, type: 'unknown', appId: null, appName: actor?.appName ?? null },
    auth: isEntra ? 'entra' : auth,
  };
}
