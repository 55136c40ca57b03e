import { gremlinAction } from '../actions.ts';
import { type ApiLog, apiRequest } from './apiRequest.ts';
import type { LogFamily } from './family.ts';
import { resourceLogVariant, timeOf } from './resourceLog.ts';

/** Microsoft's own sample has the error code 200: the log carries HTTP statuses. */
const LOG: ApiLog = {
  family: 'GremlinRequests',
  api: 'gremlin',
  action: gremlinAction,
  isSuccess: (code) => code >= 200 && code < 300,
};

export const gremlin: LogFamily = {
  family: 'GremlinRequests',
  recognise: (value) => resourceLogVariant(value, 'GremlinRequests'),
  time: timeOf,
  normalise: (value, form) => apiRequest(LOG, value, form),
};
