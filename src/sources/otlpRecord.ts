import { isObject, type Json, type JsonObject } from '../lib/json.ts';
import type { OtlpRecord } from './otlpMessage.ts';

/*
 * A log record of OTLP as the Azure record that it was made of. The collector's receiver of event hubs has told them in several ways over the
 * years, and others send the record as it is:
 * - the record, or a whole message of a hub, as the body: text, bytes (`format: raw`) or an object;
 * - its columns as attributes with Azure's names (`format: azure`), those of `properties` in one attribute or each in one of its own;
 * - its columns as an object in the body;
 * - `event.original` beside them: what it was.
 * https://github.com/open-telemetry/opentelemetry-collector-contrib: receiver/azureeventhubreceiver, pkg/translator/azurelogs,
 * extension/encoding/azureencodingextension.
 */

/** Columns of a record by the names that they have had. */
const COLUMNS: readonly (readonly [column: string, names: readonly string[]])[] = [
  ['resourceId', ['azure.resource.id', 'cloud.resource_id']],
  ['tenantId', ['azure.tenant.id', 'tenant.id', 'cloud.account.id']],
  ['category', ['azure.category', 'category']],
  ['operationName', ['azure.operation.name', 'operation.name']],
  ['operationVersion', ['azure.operation.version', 'operation.version']],
  ['resultType', ['azure.result.type', 'result.type']],
  ['resultSignature', ['azure.result.signature', 'result.signature']],
  ['resultDescription', ['azure.result.description', 'result.description']],
  ['durationMs', ['azure.operation.duration', 'azure.duration', 'duration']],
  ['callerIpAddress', ['network.peer.address', 'net.sock.peer.addr']],
  ['correlationId', ['azure.correlation_id', 'azure.correlation.id', 'correlation.id']],
  ['identity', ['azure.identity', 'identity']],
  ['location', ['cloud.region', 'azure.location']],
  ['properties', ['azure.properties', 'properties']],
];

/** Attributes that are no column and no property. */
const OF_THE_TRANSPORT = ['cloud.provider', 'event.name', 'event.original'];
const KNOWN: ReadonlySet<string> = new Set([...COLUMNS.flatMap(([, names]) => names), ...OF_THE_TRANSPORT]);

/** The text of its record, or of the message of a hub that it is. */
export function azureText(log: OtlpRecord): string {
  const { attributes, body } = log;
  const bodyObject = isObject(body) && !(body instanceof Uint8Array) ? body : null;
  const original = attributes['event.original'] ?? bodyObject?.['event.original'];
  if (typeof original === 'string') return original;
  if (tellsOperation(attributes)) return JSON.stringify(rebuilt(log, attributes));
  if (bodyObject !== null && bodyObject['operationName'] === undefined && tellsOperation(bodyObject))
    return JSON.stringify(rebuilt(log, bodyObject));
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8');
  // Whatever it is: if it is no record, decoding says so.
  return JSON.stringify(body ?? attributes);
}

function tellsOperation(columns: JsonObject): boolean {
  return (columns['azure.operation.name'] ?? columns['operation.name'] ?? columns['azure.category']) !== undefined;
}

function rebuilt({ resource, body, nanos, severity }: OtlpRecord, columns: JsonObject): JsonObject {
  const time = nanos === null ? null : instantOf(nanos);
  const record: Record<string, Json> = {};
  if (time !== null) record['time'] = time;
  if (severity !== null) record['level'] = severity;
  for (const [column, names] of COLUMNS) {
    const name = names.find((one) => (columns[one] ?? resource[one] ?? null) !== null);
    if (name !== undefined) record[column] = columns[name] ?? resource[name]!;
  }
  record['properties'] ??= looseProperties(columns, body);
  return record;
}

/** Where each property is an attribute of its own, and `message` the body. */
function looseProperties(columns: JsonObject, body: Json | Uint8Array): JsonObject {
  const loose = Object.entries(columns).filter(([name]) => !KNOWN.has(name));
  return Object.fromEntries(typeof body === 'string' && body !== '' ? [...loose, ['message', body]] : loose);
}

const LAST_MS = 8_640_000_000_000_000n;

/** ISO 8601 with seven digits, as Azure writes; null: no date. */
function instantOf(nanos: bigint): string | null {
  const ms = nanos / 1_000_000n;
  if (ms > LAST_MS) return null;
  const ticks = String((nanos % 1_000_000_000n) / 100n).padStart(7, '0');
  return new Date(Number(ms)).toISOString().replace(/\.\d{3}Z$/, `.${ticks}Z`);
}
