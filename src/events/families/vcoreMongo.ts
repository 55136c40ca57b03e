import { mongoAction } from '../actions.ts';
import { namesInMongo } from '../commands.ts';
import type { Event } from '../event.ts';
import { entraId, isEntraId, text } from '../read.ts';
import { apiFamily } from './apiRequest.ts';
import type { LogFamily } from './family.ts';
import { columnsOf } from './resourceLog.ts';

const requests = apiFamily({
  family: 'VCoreMongoRequests',
  api: 'mongodb',
  action: mongoAction,
  named: namesInMongo,
  columns: ['ActivityId', 'ClusterName', 'ErrorCode'],
  table: 'VCoreMongoRequests',
});

/** Requests to a cluster for MongoDB. Its users log in by name, so `userId` says who it was. */
export const vcoreMongo: LogFamily = {
  ...requests,
  normalise: (value, form) => {
    const event = requests.normalise(value, form);
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
