import { cassandraAction } from '../actions.ts';
import { namesInCql } from '../commands.ts';
import { type ApiLog, apiRequest } from './apiRequest.ts';
import type { LogFamily } from './family.ts';
import { resourceLogVariant, timeOf } from './resourceLog.ts';

/** Microsoft's own sample of a query that went well has the error code -1. */
const LOG: ApiLog = {
  family: 'CassandraRequests',
  api: 'cassandra',
  action: cassandraAction,
  isSuccess: (code) => code === -1,
  named: namesInCql,
};

export const cassandra: LogFamily = {
  family: 'CassandraRequests',
  recognise: (value) => resourceLogVariant(value, 'CassandraRequests'),
  time: timeOf,
  normalise: (value, form) => apiRequest(LOG, value, form),
};
