import { mongoAction } from '../actions.ts';
import { namesInMongo } from '../commands.ts';
import { type ApiLog, apiRequest } from './apiRequest.ts';
import type { LogFamily } from './family.ts';
import { resourceLogVariant, timeOf } from './resourceLog.ts';

const LOG: ApiLog = { family: 'MongoRequests', api: 'mongodb', action: mongoAction, named: namesInMongo };

export const mongo: LogFamily = {
  family: 'MongoRequests',
  recognise: (value) => resourceLogVariant(value, 'MongoRequests', ['ActivityId', 'OpCode', 'ErrorCode']),
  time: timeOf,
  normalise: (value, form) => apiRequest(LOG, value, form),
};
