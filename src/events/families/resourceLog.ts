import type { JsonObject } from '../../lib/json.ts';
import type { Family, Variant } from '../event.ts';
import { isDiagnosticsRow } from '../open.ts';
import { get, lower, object, text } from '../read.ts';
import { accountOf, foldId } from '../resource.ts';

/**
 * What Cosmos DB's resource logs have in common. An export record has a category and `properties`; a row of AzureDiagnostics has them
 * too once it is opened; a row of its own table has a table name (`Type`), or at least its columns, all at the top.
 * @param columns that together no other table has; none: a row is known by its table's name only
 */
export function resourceLogVariant(
  value: JsonObject,
  category: Family,
  columns: readonly string[] = [],
  table?: string,
): Variant | null {
  const own = lower(value, 'category');
  const isTimed = get(value, 'TimeGenerated') !== undefined;
  if (own !== null) {
    if (own !== category.toLowerCase()) return null;
    if (!isTimed) return 'export';
    return isDiagnosticsRow(value) ? 'log_analytics' : null;
  }
  const written = lower(value, 'Type');
  if (written !== null) return written === (table ?? `CDB${category}`).toLowerCase() ? 'log_analytics' : null;
  const isRow = isTimed && columns.length > 0 && columns.every((column) => get(value, column) !== undefined);
  return isRow ? 'log_analytics' : null;
}

/** The columns of an opened record: its `properties`, or the row itself. */
export function columnsOf(value: JsonObject): JsonObject {
  return object(value, 'properties') ?? value;
}

interface Resource {
  readonly resourceId: string;
  readonly account: string | null;
}

/** Few resources have many records: what each id means is worked out once. */
const resources = new Map<string, Resource>();
const RESOURCES = 10_000;

/** Records of 2017 name only the account, not its ARM id: they keep the bare name as resource. */
export function resourceOf(value: JsonObject): Resource {
  const written = text(value, 'resourceId', '_ResourceId', 'AccountName') ?? '';
  const known = resources.get(written);
  if (known !== undefined) return known;
  const account = accountOf(written);
  const resource = {
    resourceId: account ?? (written.includes('/') ? foldId(written) : written.toLowerCase()),
    account,
  };
  if (resources.size < RESOURCES) resources.set(written, resource);
  return resource;
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
  return { database: nameIn(found?.[1]), container: nameIn(found?.[2]) };
}

/** RIDs are base64 of 4 or 8 bytes, so they end in a sign that no name may have. */
function nameIn(part: string | undefined): string | null {
  return part === undefined || part.endsWith('=') ? null : part;
}
