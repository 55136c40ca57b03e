import { gremlinAction } from '../actions.ts';
import { apiFamily } from './apiRequest.ts';
import type { LogFamily } from './family.ts';

/** Microsoft's own sample has the error code 200: the log carries HTTP statuses. */
export const gremlin: LogFamily = apiFamily({
  family: 'GremlinRequests',
  api: 'gremlin',
  action: gremlinAction,
  isSuccess: (code) => code >= 200 && code < 300,
});
