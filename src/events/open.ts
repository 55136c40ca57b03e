import { isObject, type Json, type JsonObject, parseObject } from '../lib/json.ts';
import { get, object, text } from './read.ts';

/**
 * Records as the families read them: with `properties` as an object. Azure writes it as an object or as a text that holds one; rows of
 * AzureDiagnostics and AZKVAuditLogs have its members as columns of their own, and get it back beside those, so that rules written for
 * an export record match them too.
 */
export function opened(value: JsonObject): JsonObject {
  if (isDiagnosticsRow(value)) return { ...value, properties: unfolded(value) };
  if (isVaultRow(value)) return { ...value, properties: { ...object(value, 'Properties'), ...camelCased(value) } };
  const written = get(value, 'properties');
  if (isObject(written)) return Object.hasOwn(value, 'properties') ? value : { ...value, properties: written };
  const parsed = typeof written === 'string' ? parseObject(written) : null;
  const properties = parsed ?? object(value, 'Properties_d');
  return properties === null ? value : { ...value, properties };
}

/** A row of the table AzureDiagnostics, by its name or by what every row of it has. */
export function isDiagnosticsRow(value: JsonObject): boolean {
  if (get(value, 'TimeGenerated') === undefined || get(value, 'Category') === undefined) return false;
  const table = text(value, 'Type')?.toLowerCase();
  return table === 'azurediagnostics' || (table === undefined && get(value, 'ResourceProvider') !== undefined);
}

/** A row of the table AZKVAuditLogs, by its name or by columns that no other log has together. */
export function isVaultRow(value: JsonObject): boolean {
  if (get(value, 'TimeGenerated') === undefined) return false;
  const table = text(value, 'Type')?.toLowerCase();
  if (table !== undefined) return table === 'azkvauditlogs';
  return ['OperationName', 'HttpStatusCode', 'RequestUri', 'ResultSignature'].every(
    (name) => get(value, name) !== undefined,
  );
}

/**
 * Columns of AzureDiagnostics are the export's names with a type behind (`activityId_g`, `statusCode_s`). Objects were flattened with
 * the same sign that stands in names, so only those that are needed are built again: the attributes of a key.
 */
function unfolded(row: JsonObject): JsonObject {
  const properties: Record<string, Json> = {};
  for (const [name, value] of Object.entries(row)) {
    const found = /^([a-z]\w*?)_[sgdbt]$/i.exec(name);
    if (found !== null && found[1] !== undefined && value !== null && value !== '') properties[found[1]] = value;
  }
  const attributes = {
    enabled: properties['keyProperties_attributes_enabled'],
    exp: properties['keyProperties_attributes_exp'],
  };
  if (attributes.enabled === undefined && attributes.exp === undefined) return properties;
  return { ...properties, keyProperties: { attributes: withoutGaps(attributes) } };
}

function withoutGaps(values: Readonly<Record<string, Json | undefined>>): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) kept[name] = value;
  return kept;
}

/** `HttpStatusCode` is `httpStatusCode` in an export record; dynamic columns may be texts. */
function camelCased(row: JsonObject): JsonObject {
  const properties: Record<string, Json> = {};
  for (const [name, value] of Object.entries(row)) {
    if (name.startsWith('_') || value === null || value === '' || name.toLowerCase() === 'properties') continue;
    const inner = typeof value === 'string' && value.startsWith('{') ? (parseObject(value) ?? value) : value;
    properties[name.charAt(0).toLowerCase() + name.slice(1)] = inner;
  }
  return properties;
}
