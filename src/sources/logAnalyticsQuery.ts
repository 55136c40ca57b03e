import { isObject, type Json, type JsonObject } from '../lib/json.ts';
import { Passing } from './azureFailure.ts';
import type { Ask } from './azureRest.ts';

/** Tables that hold records of logs that are known, and what is wanted of those that hold others too. */
export const TABLES: Readonly<Record<string, string | null>> = {
  AzureActivity: null,
  AzureDiagnostics: 'ResourceProvider in~ ("MICROSOFT.DOCUMENTDB", "MICROSOFT.KEYVAULT")',
  AZKVAuditLogs: null,
  CDBControlPlaneRequests: null,
  CDBDataPlaneRequests: null,
  CDBDataPlaneRequests5M: null,
  CDBDataPlaneRequests15M: null,
  CDBMongoRequests: null,
  CDBCassandraRequests: null,
  CDBGremlinRequests: null,
  CDBTableApiRequests: null,
  VCoreMongoRequests: null,
};

const NEEDS = 'Log Analytics Reader on the workspace';
/** Times of the service are this long: `2026-11-24T10:00:00.1234567Z`. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z$/;
const INGESTED = '_IngestedAt';
/** A record that says it is older is given the time at which it came (Azure Monitor, data ingestion time: two days). */
const OLDEST_DAYS = 3;

export interface TableSlice {
  readonly workspace: string;
  readonly table: string;
  /** Both are times of ingestion, and included. */
  readonly from: string;
  readonly to: string;
  readonly rows: number;
}

/** Rows of one answer, in order of their ingestion. */
export interface Rows {
  readonly columns: Json;
  readonly rows: readonly (readonly Json[])[];
  /** When the last of them came; null: there is none. */
  readonly last: string | null;
  /** There may be more: as many came as were asked for. */
  readonly isFull: boolean;
}

/** Rows by the time they came. @throws Passing where an answer is no table, or tells of a part only */
export async function tableRows(get: Ask, slice: TableSlice, signal: AbortSignal): Promise<Rows> {
  const query = new URLSearchParams({ query: queryOf(slice) });
  const { body } = await get(`/v1/workspaces/${slice.workspace}/query?${query}`, NEEDS, signal);
  if (isObject(body['error'])) throw new Passing(`Log Analytics, ${slice.table}: only a part was answered`);
  return rowsIn(body, slice);
}

/** Exported for tests. */
export function queryOf({ table, from, to, rows }: TableSlice): string {
  for (const time of [from, to]) if (!TIME.test(time)) throw new Error(`no time: ${time}`);
  const filter = TABLES[table];
  return [
    table,
    `where TimeGenerated >= datetime(${from}) - ${OLDEST_DAYS}d`,
    ...(filter ? [`where ${filter}`] : []),
    `extend ${INGESTED} = ingestion_time()`,
    `where ${INGESTED} between (datetime(${from}) .. datetime(${to}))`,
    `top ${rows} by ${INGESTED} asc`,
  ].join(' | ');
}

function rowsIn(body: JsonObject, { table, rows: wanted }: TableSlice): Rows {
  const tables = body['tables'];
  const first = Array.isArray(tables) ? (tables as readonly Json[])[0] : undefined;
  if (!isObject(first)) throw new Passing(`Log Analytics, ${table}: an answer without a table`);
  const { columns, rows } = first;
  if (!Array.isArray(columns) || !Array.isArray(rows))
    throw new Passing(`Log Analytics, ${table}: an answer without rows`);
  const at = (columns as readonly Json[]).findIndex((one) => isObject(one) && one['name'] === INGESTED);
  const found = (rows as readonly Json[]).filter((row): row is readonly Json[] => Array.isArray(row));
  const last = found.at(-1)?.[at];
  if (found.length > 0 && (typeof last !== 'string' || !TIME.test(last)))
    throw new Passing(`Log Analytics, ${table}: rows that do not say when they came`);
  return {
    columns,
    rows: found,
    last: typeof last === 'string' ? last : null,
    isFull: found.length >= wanted,
  };
}

/** Rows as an answer that `events/answers.ts` reads. */
export function answerOf(table: string, columns: Json, rows: readonly (readonly Json[])[]): Buffer {
  return Buffer.from(`${JSON.stringify({ tables: [{ name: table, columns, rows }] })}\n`);
}
