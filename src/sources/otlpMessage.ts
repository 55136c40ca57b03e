import type { Type } from 'protobufjs';
import { isObject, type Json, type JsonObject } from '../lib/json.ts';

/*
 * OTLP as it is on the wire, in both encodings. Numbers of fields: https://github.com/open-telemetry/opentelemetry-proto. Fields that nothing
 * here needs are left out; they are passed over.
 */

const PROTO = `
syntax = "proto3";
message Request { repeated ResourceLogs resource_logs = 1; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeLogs { repeated LogRecord log_records = 2; }
message LogRecord {
  fixed64 time_unix_nano = 1;
  string severity_text = 3;
  AnyValue body = 5;
  repeated KeyValue attributes = 6;
}
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value {
    string string_value = 1;
    bool bool_value = 2;
    int64 int_value = 3;
    double double_value = 4;
    ArrayValue array_value = 5;
    KeyValueList kvlist_value = 6;
    bytes bytes_value = 7;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message Response { PartialSuccess partial_success = 1; }
message PartialSuccess { int64 rejected_log_records = 1; string error_message = 2; }
message Status { int32 code = 1; string message = 2; }
`;

/** One log record of a request, with what its resource says. */
export interface OtlpRecord {
  readonly resource: JsonObject;
  readonly attributes: JsonObject;
  readonly body: Json | Uint8Array;
  /** Nanoseconds since 1970; null: not told. */
  readonly nanos: bigint | null;
  readonly severity: string | null;
}

export type Encoding = 'protobuf' | 'json';

interface Types {
  readonly request: Type;
  readonly response: Type;
  readonly status: Type;
}

let types: Promise<Types> | null = null;

/** The library is large, and only who is pushed to in this way needs it. */
function loadTypes(): Promise<Types> {
  types ??= import('protobufjs').then(({ default: protobuf }) => {
    const { root } = protobuf.parse(PROTO);
    return {
      request: root.lookupType('Request'),
      response: root.lookupType('Response'),
      status: root.lookupType('Status'),
    };
  });
  return types;
}

/** Null: it is none. */
export async function readRequest(body: Uint8Array, encoding: Encoding): Promise<readonly OtlpRecord[] | null> {
  try {
    return encoding === 'json' ? ofRequest(JSON.parse(Buffer.from(body).toString('utf8'))) : await ofProtobuf(body);
  } catch {
    return null;
  }
}

async function ofProtobuf(body: Uint8Array): Promise<readonly OtlpRecord[] | null> {
  const { request } = await loadTypes();
  return ofRequest(request.toObject(request.decode(body), { longs: String }));
}

function ofRequest(request: unknown): readonly OtlpRecord[] | null {
  if (!isObject(request)) return null;
  if (request['resourceLogs'] === undefined) return Object.keys(request).length === 0 ? [] : null;
  return listIn(request, 'resourceLogs').flatMap((logs) => {
    const resource = attributesOf(objectsIn(logs, 'resource'));
    return listIn(logs, 'scopeLogs').flatMap((scope) => listIn(scope, 'logRecords').map((log) => ofLog(log, resource)));
  });
}

function ofLog(log: JsonObject, resource: JsonObject): OtlpRecord {
  const { timeUnixNano: time, severityText } = log;
  const nanos = typeof time === 'string' || typeof time === 'number' ? BigInt(time) : 0n;
  return {
    resource,
    attributes: attributesOf(log),
    body: anyValue(log['body'], 0),
    nanos: nanos > 0n ? nanos : null,
    severity: typeof severityText === 'string' && severityText !== '' ? severityText : null,
  };
}

function objectsIn(value: JsonObject, name: string): JsonObject {
  const inner = value[name];
  return isObject(inner) ? inner : {};
}

/** @throws if it is no list of objects */
function listIn(value: JsonObject, name: string): readonly JsonObject[] {
  const inner = value[name] ?? [];
  if (Array.isArray(inner) && inner.every(isObject)) return inner;
  throw new TypeError(`${name} is no list`);
}

function attributesOf(value: JsonObject): JsonObject {
  return keyed(listIn(value, 'attributes'), 0);
}

/** `Object.fromEntries` makes a member of each name, `__proto__` too. */
function keyed(pairs: readonly JsonObject[], depth: number): JsonObject {
  return Object.fromEntries(pairs.map(({ key, value }) => [String(key), jsonOf(anyValue(value, depth + 1))]));
}

/** Bytes within a value are text: a log record has no others. */
function jsonOf(value: Json | Uint8Array): Json {
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value;
}

const MOST_DEPTH = 100;

/** An AnyValue as JSON; bytes stay bytes. @throws if it is deeper than any log record */
function anyValue(value: unknown, depth: number): Json | Uint8Array {
  if (depth > MOST_DEPTH) throw new RangeError('too deep');
  if (!isObject(value)) return null;
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = value;
  if (stringValue !== undefined) return String(stringValue);
  if (boolValue !== undefined) return boolValue === true;
  if (intValue !== undefined) return integerOf(intValue);
  if (doubleValue !== undefined) return doubleValue;
  if (isObject(kvlistValue)) return keyed(listIn(kvlistValue, 'values'), depth);
  if (isObject(arrayValue)) return listIn(arrayValue, 'values').map((item) => jsonOf(anyValue(item, depth + 1)));
  return bytesOf(bytesValue);
}

function integerOf(value: Json): Json {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** JSON has them as base64. */
function bytesOf(value: unknown): Uint8Array | null {
  if (value instanceof Uint8Array) return value;
  return typeof value === 'string' ? Buffer.from(value, 'base64') : null;
}

/** What is answered to a request that was taken. @param message empty if nothing was rejected */
export async function writeResponse(rejected: number, message: string, encoding: Encoding): Promise<Uint8Array> {
  if (encoding === 'json') {
    const told = { partialSuccess: { rejectedLogRecords: String(rejected), errorMessage: message } };
    return Buffer.from(JSON.stringify(rejected === 0 ? {} : told));
  }
  if (rejected === 0) return new Uint8Array();
  const { response } = await loadTypes();
  return response.encode({ partialSuccess: { rejectedLogRecords: rejected, errorMessage: message } }).finish();
}

/** `INVALID_ARGUMENT` of google.rpc.Code: trying again is of no use. */
const INVALID_ARGUMENT = 3;

/** What is answered to a request that was not. */
export async function writeStatus(message: string, encoding: Encoding): Promise<Uint8Array> {
  const told = { code: INVALID_ARGUMENT, message };
  if (encoding === 'json') return Buffer.from(JSON.stringify(told));
  const { status } = await loadTypes();
  return status.encode(told).finish();
}
