import type { JsonObject } from '../../lib/json.ts';
import type { Variant } from '../event.ts';
import { get, object, text } from '../read.ts';
import { accountOf, foldId } from '../resource.ts';

/**
 * What Cosmos DB's resource logs have in common: an export record has a category and `properties`, a row of Log Analytics has a table
 * name (`Type`) or at least its columns, all at the top.
 */
export function resourceLogVariant(value: JsonObject, category: string, columns: readonly string[]): Variant | null {
  const own = text(value, 'category', 'Category');
  if (own !== null && get(value, 'TimeGenerated') === undefined)
    return own.toLowerCase() === category.toLowerCase() ? 'export' : null;
  const table = text(value, 'Type')?.toLowerCase();
  if (table !== undefined) return table === `cdb${category.toLowerCase()}` ? 'log_analytics' : null;
  const isRow =
    get(value, 'TimeGenerated') !== undefined && columns.every((column) => get(value, column) !== undefined);
  return isRow ? 'log_analytics' : null;
}

/** Export: `properties`; a row: itself. */
export function columnsOf(value: JsonObject, variant: Variant): JsonObject {
  return variant === 'export' ? (object(value, 'properties') ?? {}) : value;
}

/** Records of 2017 name only the account, not its ARM id: they keep the bare name as resource. */
export function resourceOf(value: JsonObject): { readonly resourceId: string; readonly account: string | null } {
  const written = text(value, 'resourceId', '_ResourceId') ?? text(value, 'AccountName') ?? '';
  const account = accountOf(written);
  return { resourceId: account ?? (written.includes('/') ? foldId(written) : written.toLowerCase()), account };
}

export function timeOf(value: JsonObject): string | null {
  return text(value, 'time', 'TimeGenerated', 'timeStamp');
}

/** `dbs/shop/colls/carts`, unless the names are resource ids of Cosmos DB's own (RIDs). */
export function namesInPath(path: string | null): {
  readonly database: string | null;
  readonly container: string | null;
} {
  const found = /(?:^|\/)dbs\/([^/]+)(?:\/colls\/([^/]+))?/i.exec(path ?? '');
  const name = (part: string | undefined) => (part === undefined || /=$/.test(part) ? null : part);
  return { database: name(found?.[1]), container: name(found?.[2]) };
}
