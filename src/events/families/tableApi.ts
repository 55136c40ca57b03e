import { tableAction } from '../actions.ts';
import { type ApiLog, apiRequest } from './apiRequest.ts';
import type { LogFamily } from './family.ts';
import { resourceLogVariant, timeOf } from './resourceLog.ts';

/** No record of this log is public: its columns are documented, its operation names and codes are not. */
const LOG: ApiLog = {
  family: 'TableApiRequests',
  api: 'table',
  action: tableAction,
  isSuccess: (code) => code >= 200 && code < 300,
};

export const tableApi: LogFamily = {
  family: 'TableApiRequests',
  recognise: (value) => resourceLogVariant(value, 'TableApiRequests', ['ActivityId', 'TableName', 'ErrorCode']),
  time: timeOf,
  normalise: (value, form) => apiRequest(LOG, value, form),
};
