import { cassandraAction } from '../actions.ts';
import { namesInCql } from '../commands.ts';
import { apiFamily } from './apiRequest.ts';
import type { LogFamily } from './family.ts';

/** Microsoft's own sample of a query that went well has the error code -1. */
export const cassandra: LogFamily = apiFamily({
  family: 'CassandraRequests',
  api: 'cassandra',
  action: cassandraAction,
  isSuccess: (code) => code === -1,
  named: namesInCql,
});
