import { isObject, type Json, type JsonObject } from '../lib/json.ts';
import { get, lower, text } from './read.ts';

/**
 * Answers of log queries, in which a record is a row and its names stand once above all rows: `{"tables":[{"name","columns":[{"name",
 * "type"}],"rows":[[...]]}]}` of Log Analytics, `Tables`, `ColumnName`, `DataType` and `Rows` of its older interface, and both inside
 * `responses` (batches), `data`, and lists of frames. Sources: learn.microsoft.com, azure-monitor/logs/api/response-format and
 * kusto/api/rest/response.
 */

export type TableItem =
  | { readonly kind: 'row'; readonly value: JsonObject }
  /** A row that does not fit its columns, or an error that the service wrote into its answer. */
  | { readonly kind: 'bad_row' | 'query_error'; readonly detail: string };

interface Column {
  readonly name: string;
  /** Lower case: `string`, `datetime`, `dynamic`, `bool`; of the older interface `object`, `sbyte`. */
  readonly type: string;
}

/** Under these names tables may stand; anything else in an answer is not looked into. */
const WAYS: ReadonlySet<string> = new Set(['tables', 'responses', 'body', 'data']);

export function leadsToTables(name: string): boolean {
  return WAYS.has(name.toLowerCase());
}

/** Where `union withsource=` and command-line tools keep the name of the log. */
const SOURCES = ['TableName', '$table', 'SourceTable', '_table'];
const LOGS = /^(?:cdb\w+|azureactivity|azurediagnostics|azkvauditlogs|vcoremongorequests|cassandraaudit)$/i;

/** One table: turns its rows into records. */
export class Table {
  readonly #columns: readonly Column[];
  readonly #name: string;
  #rows = 0;

  private constructor(name: string, columns: readonly Column[]) {
    this.#name = name;
    this.#columns = columns;
  }

  /** Null: those are no columns. */
  static of(name: string | null, columns: Json | undefined): Table | null {
    if (!Array.isArray(columns)) return null;
    const read: Column[] = [];
    for (const column of columns as readonly Json[]) {
      const named = isObject(column) ? text(column, 'name', 'columnName') : null;
      if (named === null) return null;
      read.push({
        name: named,
        type: text(column as JsonObject, 'type', 'columnType', 'dataType')?.toLowerCase() ?? '',
      });
    }
    return new Table(name ?? '', read);
  }

  item(row: Json | undefined): TableItem {
    this.#rows += 1;
    if (isObject(row)) return { kind: 'query_error', detail: errorText(row) };
    if (!Array.isArray(row)) return this.#bad('is no JSON');
    const values = row as readonly Json[];
    if (values.length !== this.#columns.length)
      return this.#bad(`has ${values.length} values for ${this.#columns.length} columns`);
    const kept: [string, Json][] = [];
    for (const [at, { name, type }] of this.#columns.entries()) {
      const value = typed(values[at]!, type);
      if (!isBlank(value)) kept.push([name, value]);
    }
    return { kind: 'row', value: named(Object.fromEntries(kept), this.#name) };
  }

  #bad(what: string): TableItem {
    return { kind: 'bad_row', detail: `row ${this.#rows} of ${this.#name || 'a table'} ${what}` };
  }
}

/** In a row, the columns of every log that was asked for exist: a blank one says nothing, not even that there is such a column. */
function isBlank(value: Json): boolean {
  return value === null || value === '';
}

function typed(value: Json, type: string): Json {
  if (typeof value === 'number' && /^(?:bool|boolean|sbyte)$/.test(type)) return value !== 0;
  if (typeof value !== 'string' || !/^(?:dynamic|object)$/.test(type) || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

/** The row with the name of its log, where it does not have it but something else tells it. */
function named(row: JsonObject, table: string): JsonObject {
  if (text(row, 'Type') !== null) return row;
  const log = [text(row, ...SOURCES) ?? '', table].find((name) => LOGS.test(name));
  return log === undefined ? row : { ...row, Type: log };
}

/**
 * A row as `az monitor log-analytics query` prints it: one object each, with the name of the result, and `None` for what is missing.
 * Any other record stays as it is.
 */
export function printedRow(value: JsonObject): JsonObject {
  const table = value['TableName'];
  if (typeof table !== 'string' || get(value, 'TimeGenerated') === undefined) return value;
  const isResult = table === 'PrimaryResult' || table === 'Table_0';
  // The log of the Table API has a column of that name, which takes the place of the result's.
  if (!isResult && !LOGS.test(table) && lower(value, 'Type') !== 'cdbtableapirequests') return value;
  const kept = Object.entries(value).filter(
    ([name, inner]) => !isBlank(inner) && inner !== 'None' && !(isResult && name === 'TableName'),
  );
  return named(Object.fromEntries(kept), table);
}

/** What the rows of all tables in an answer are, in order; null: it is no answer. */
export function itemsOf(answer: JsonObject): readonly TableItem[] | null {
  // Asked of every record, so it first looks at names as services write them.
  const list = answer['tables'] ?? answer['Tables'] ?? answer['columns'] ?? answer['Columns'] ?? answer['responses'];
  if (!Array.isArray(list) && !isObject(answer['data'])) return refusal(answer);
  const items: TableItem[] = [];
  const isEmpty = Array.isArray(list) && list.length === 0;
  return collect(answer, items) || isEmpty ? items : refusal(answer);
}

/** An error in place of an answer, and nothing else. */
function refusal(answer: JsonObject): readonly TableItem[] | null {
  const { error } = answer;
  if (error === undefined || !isError('error', error) || Object.keys(answer).length > 1) return null;
  return [{ kind: 'query_error', detail: errorText(error) }];
}

/** Did it hold a table? */
function collect(value: Json, items: TableItem[]): boolean {
  if (Array.isArray(value)) {
    let found = false;
    for (const inner of value as readonly Json[]) found = collect(inner, items) || found;
    return found;
  }
  if (!isObject(value)) return false;
  const table = Table.of(tableName(value), get(value, 'columns'));
  const rows = table === null ? undefined : get(value, 'rows');
  let found = Array.isArray(rows);
  if (found) for (const row of rows as readonly Json[]) items.push(table!.item(row));
  for (const [name, inner] of Object.entries(value)) {
    if (leadsToTables(name)) found = collect(inner, items) || found;
    else if (isError(name, inner)) items.push({ kind: 'query_error', detail: errorText(inner) });
  }
  return found;
}

function tableName(value: JsonObject): string | null {
  return text(value, 'name', 'tableName');
}

/** `{"code": "PartialError", "message": "..."}` beside tables that hold only a part, or in place of them. */
export function isError(name: string, value: Json): value is JsonObject {
  return name === 'error' && isObject(value) && text(value, 'code') !== null && text(value, 'message') !== null;
}

export function errorText(error: JsonObject): string {
  const code = text(error, 'code');
  const message = text(error, 'message');
  return (code !== null && message !== null ? `${code}: ${message}` : wordsIn(error)).slice(0, 160);
}

/** The first texts in a value of any depth. */
function wordsIn(error: JsonObject): string {
  const words: string[] = [];
  const stack: Json[] = [error];
  for (let next = stack.pop(); next !== undefined && words.length < 4; next = stack.pop()) {
    if (typeof next === 'string') words.push(next);
    else if (typeof next === 'object' && next !== null)
      stack.push(...(Object.values(next) as Json[]).slice(0, 100).reverse());
  }
  return words.length === 0 ? 'an object in place of a row' : words.join(': ');
}
