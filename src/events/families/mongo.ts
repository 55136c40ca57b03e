import { mongoAction } from '../actions.ts';
import { namesInMongo } from '../commands.ts';
import { apiFamily } from './apiRequest.ts';
import type { LogFamily } from './family.ts';

export const mongo: LogFamily = apiFamily({
  family: 'MongoRequests',
  api: 'mongodb',
  action: mongoAction,
  named: namesInMongo,
  columns: ['ActivityId', 'OpCode', 'ErrorCode'],
});
