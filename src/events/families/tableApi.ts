import { tableAction } from '../actions.ts';
import { apiFamily } from './apiRequest.ts';
import type { LogFamily } from './family.ts';

/** No record of this log is public: its columns are documented, its operation names and codes are not. */
export const tableApi: LogFamily = apiFamily({
  family: 'TableApiRequests',
  api: 'table',
  action: tableAction,
  isSuccess: (code) => code >= 200 && code < 300,
  columns: ['ActivityId', 'TableName', 'ErrorCode'],
});
