import { JsonLogsSerializer, ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../events/event.ts';
import {
  ACCOUNT,
  activityExport,
  NOW,
  resourceExport,
  TIME,
  VAULT_FORMS,
} from '../events/families/forms.test-support.ts';
import { normalise } from '../events/normalise.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import { FastClock, MemoryStore, TestContext } from './context.test-support.ts';
import { otlpKind } from './otlp.ts';
import type { PushAnswer, Receipt } from './source.ts';

const [route] = otlpKind.create({ tokens: [] }).routes!;
const TYPES = { protobuf: 'application/x-protobuf', json: 'application/json; charset=utf-8' } as const;
const SERIALIZERS = { protobuf: ProtobufLogsSerializer, json: JsonLogsSerializer } as const;
type Encoding = keyof typeof TYPES;

/** What a program gives to the OpenTelemetry packages. */
interface Log {
  readonly body?: unknown;
  readonly attributes?: JsonObject;
  readonly resource?: JsonObject;
  readonly severityText?: string;
}

function serialized(logs: readonly Log[], encoding: Encoding): Uint8Array {
  const seconds = Date.parse(TIME) / 1000;
  const made = logs.map(({ body, attributes = {}, resource = {}, severityText }) => ({
    hrTime: [Math.floor(seconds), 234_567_800],
    hrTimeObserved: [Math.floor(seconds) + 60, 0],
    severityText,
    body,
    attributes,
    resource: { attributes: resource },
    instrumentationScope: { name: 'otelcol/azureeventhubreceiver', version: '0.130.0' },
    droppedAttributesCount: 0,
  }));
  type Logs = Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0];
  return SERIALIZERS[encoding].serializeRequest(made as unknown as Logs)!;
}

async function send(
  body: Uint8Array,
  encoding: Encoding,
  receipt?: Receipt,
): Promise<{ answer: PushAnswer; text: string }> {
  const context = new TestContext(new MemoryStore(), new FastClock());
  const commit = context.emit.bind(context);
  context.emit = async (batch) => {
    const given = await commit(batch);
    return receipt ?? given;
  };
  const headers = { 'content-type': TYPES[encoding] };
  const answer = await route!.answer({ query: new Map(), headers, body, speaksFor: null }, context);
  return { answer, text: context.store.commits.map(({ text }) => text).join('') };
}

function eventOf(record: JsonObject): Omit<Event, 'raw'> {
  const read = normalise(record, { source: 'test', line: 1, index: 0 }, { now: NOW });
  if (read.kind !== 'event') throw new Error(`${JSON.stringify(read)}: ${JSON.stringify(record)}`);
  const { raw: _, ...event } = read.event;
  return event;
}

const RECORDS: Readonly<Record<string, JsonObject>> = {
  'an act told by the Activity Log': activityExport({
    operation: 'Microsoft.DocumentDB/databaseAccounts/listKeys/action',
    resource: ACCOUNT,
    result: 'Success',
  }),
  'a request': resourceExport({
    category: 'DataPlaneRequests',
    operation: 'Delete',
    properties: {
      activityId: 'ac9c2a1c-5b4b-4c9f-9b3e-0c8f1f6d1d11',
      requestResourceType: 'Document',
      requestResourceId: '/dbs/shop/colls/orders/docs/7',
      statusCode: '204',
      clientIpAddress: '203.0.113.20',
      authTokenType: 'PrimaryMasterKey',
      databaseName: 'shop',
      collectionName: 'orders',
    },
  }),
  'an act told by the account': resourceExport({
    category: 'ControlPlaneRequests',
    operation: 'SqlContainersUpdateComplete',
    properties: {
      activityId: 'bc9c2a1c-5b4b-4c9f-9b3e-0c8f1f6d1d11',
      httpstatusCode: '200',
      httpMethod: 'PUT',
      resourceUri: `${ACCOUNT}/sqlDatabases/shop/containers/orders`,
      result: 'OK',
    },
  }),
  'a request to a vault': VAULT_FORMS['export']!,
};

function given(columns: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** As the receiver's `format: azure` has told a record. */
function asAttributes(record: JsonObject, correlation: string, address: string): JsonObject {
  return given({
    'cloud.provider': 'azure',
    'azure.category': record['category'],
    'azure.operation.name': record['operationName'],
    'azure.result.type': record['resultType'],
    'azure.result.signature': record['resultSignature'],
    [correlation]: record['correlationId'],
    [address]: record['callerIpAddress'],
    'azure.identity': record['identity'],
  });
}

/** Every way in which a record has been told. */
const SHAPES: Readonly<Record<string, (record: JsonObject) => Log>> = {
  'its JSON as the body': (record) => ({ body: JSON.stringify(record) }),
  'its JSON over several lines as the body': (record) => ({ body: JSON.stringify(record, null, 2) }),
  'itself as the body': (record) => ({ body: record }),
  'a message of a hub as bytes': (record) => ({ body: Buffer.from(JSON.stringify({ records: [record] })) }),
  'attributes of format azure': (record) => ({
    attributes: given({
      ...asAttributes(record, 'azure.correlation.id', 'net.sock.peer.addr'),
      'azure.properties': record['properties'],
    }),
    resource: { 'azure.resource.id': record['resourceId']! },
    severityText: 'Informational',
  }),
  'attributes of format azure, with the names of today': (record) => ({
    attributes: given({
      ...asAttributes(record, 'azure.correlation_id', 'network.peer.address'),
      'azure.properties': record['properties'],
    }),
    resource: { 'cloud.resource_id': record['resourceId']!, 'cloud.provider': 'azure' },
  }),
  'properties as attributes of their own': (record) => ({
    attributes: {
      ...(record['properties'] as JsonObject),
      ...asAttributes(record, 'azure.correlation_id', 'network.peer.address'),
    },
    resource: { 'cloud.resource_id': record['resourceId']! },
  }),
  'columns in the body': (record) => ({
    body: given({
      category: record['category'],
      'operation.name': record['operationName'],
      'result.type': record['resultType'],
      'result.signature': record['resultSignature'],
      'correlation.id': record['correlationId'],
      'network.peer.address': record['callerIpAddress'],
      identity: record['identity'],
      properties: record['properties'],
    }),
    resource: { 'cloud.resource_id': record['resourceId']!, 'event.name': 'az.resource.log' },
  }),
  'the original beside what became of it': (record) => ({
    body: { 'operation.name': 'x', 'event.original': JSON.stringify(record, null, '\t') },
  }),
};

describe.each(['protobuf', 'json'] as const)('%s', (encoding) => {
  const cases = Object.keys(SHAPES).flatMap((shape) => Object.keys(RECORDS).map((name) => [name, shape] as const));

  it.each(cases)('%s, told as %s, is the same event', async (name, shape) => {
    const record = RECORDS[name]!;
    const { answer, text } = await send(serialized([SHAPES[shape]!(record)], encoding), encoding);
    expect(answer.status).toBe(200);
    const read = JSON.parse(text) as JsonObject;
    const told = Array.isArray(read['records']) ? (read['records'][0] as JsonObject) : read;
    expect(eventOf(told)).toEqual(eventOf(record));
  });

  it('several records stay several, in order', async () => {
    const logs = Object.values(RECORDS).map((record) => SHAPES['itself as the body']!(record));
    const { text } = await send(serialized(logs, encoding), encoding);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(Object.values(RECORDS));
  });

  it('what is no record of Azure is given too, and rejected by who reads it', async () => {
    const { text } = await send(
      serialized([{ attributes: { 'http.method': 'GET' } }, { body: 'hello' }], encoding),
      encoding,
    );
    expect(text).toBe('{"http.method":"GET"}\nhello\n');
  });

  it('everything taken: an empty answer in the same encoding', async () => {
    const { answer } = await send(serialized([{ body: '{}' }], encoding), encoding);
    const { status, headers, body } = answer;
    expect([status, headers]).toEqual([200, { 'content-type': TYPES[encoding].split(';')[0] }]);
    expect(Buffer.from(body as Uint8Array).toString()).toBe(encoding === 'json' ? '{}' : '');
  });

  it('some rejected: a partial success that the sender can read', async () => {
    const rejected = [
      { index: 0, code: 'CW-1', reason: 'no log record' },
      { index: 2, code: 'CW-1', reason: 'no log record' },
      { index: 3, code: 'CW-2', reason: 'another' },
    ];
    const logs = Array.from({ length: 4 }, () => ({ body: '{}' }));
    const { answer } = await send(serialized(logs, encoding), encoding, { accepted: 1, rejected });
    const read = SERIALIZERS[encoding].deserializeResponse(answer.body as Uint8Array);
    expect(answer.status).toBe(200);
    expect(Number(read.partialSuccess?.rejectedLogRecords)).toBe(3);
    expect(read.partialSuccess?.errorMessage).toBe('CW-1 no log record; CW-2 another');
  });

  it('a request without records is taken, and nothing is given', async () => {
    const { answer, text } = await send(serialized([], encoding), encoding);
    expect([answer.status, text]).toEqual([200, '']);
  });
});

describe('what is no request', () => {
  it.each<[string, Encoding, string | Uint8Array]>([
    ['JSON as protobuf', 'protobuf', '{"resourceLogs":[]}'],
    ['protobuf as JSON', 'json', serialized([{ body: 'x' }], 'protobuf')],
    ['cut off', 'protobuf', serialized([{ body: 'hello' }], 'protobuf').subarray(0, 30)],
    ['other JSON', 'json', '{"resourceSpans":[]}'],
    ['a list', 'json', '[]'],
    ['a list where an object belongs', 'json', '{"resourceLogs":[[]]}'],
    ['no list', 'json', '{"resourceLogs":{"a":1}}'],
    ['nothing', 'json', ''],
  ])('%s: 400, which is not sent again', async (_what, encoding, body) => {
    const { answer, text } = await send(Buffer.from(body), encoding);
    expect([answer.status, text]).toEqual([400, '']);
    expect(Buffer.from(answer.body as Uint8Array).toString()).toContain('CW-6013');
  });

  it('a value that is nested without end is refused, and nothing breaks', async () => {
    const value = `${'{"arrayValue":{"values":['.repeat(50_000)}{}${']}}'.repeat(50_000)}`;
    const body = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${value}}]}]}]}`;
    const { answer } = await send(Buffer.from(body), 'json');
    expect(answer.status).toBe(400);
    // The same as protobuf: field 5 (array) in field 1 (values), length-delimited, a thousand times.
    let bytes = Buffer.from([0x0a, 0x00]);
    for (let depth = 0; depth < 1000; depth++) bytes = field(depth % 2 === 0 ? 0x2a : 0x0a, bytes);
    const nested = field(0x0a, field(0x12, field(0x12, field(0x2a, bytes))));
    expect((await send(nested, 'protobuf')).answer.status).toBe(400);
  });

  it('names of members that mean something to JavaScript are names', async () => {
    const body = {
      resourceLogs: [
        { scopeLogs: [{ logRecords: [{ attributes: [{ key: '__proto__', value: { stringValue: 'x' } }] }] }] },
      ],
    };
    const { text } = await send(Buffer.from(JSON.stringify(body)), 'json');
    expect(text).toBe('{"__proto__":"x"}\n');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('any bytes: an answer, never an exception', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.boolean(), async (bytes, isJson) => {
        const { answer } = await send(bytes, isJson ? 'json' : 'protobuf');
        expect([200, 400]).toContain(answer.status);
      }),
      { numRuns: 100 },
    );
  });
});

function field(tag: number, bytes: Buffer): Buffer<ArrayBuffer> {
  const length: number[] = [];
  for (let left = bytes.length; ; left >>= 7) {
    length.push(left > 127 ? (left & 127) | 128 : left);
    if (left <= 127) break;
  }
  return Buffer.concat([Buffer.from([tag, ...length]), bytes]);
}

describe('values', () => {
  const VALUES: Readonly<Record<string, [JsonObject, Json]>> = {
    'a large integer keeps its digits': [{ intValue: '9007199254740993' }, '9007199254740993'],
    'an integer as text': [{ intValue: '-7' }, -7],
    'an integer as number': [{ intValue: 7 }, 7],
    'a fraction': [{ doubleValue: 1.5 }, 1.5],
    'yes and no': [{ boolValue: false }, false],
    'bytes within a record': [{ bytesValue: Buffer.from('ä').toString('base64') }, 'ä'],
    nothing: [{}, null],
  };

  it.each(Object.keys(VALUES))('%s', async (name) => {
    const [value, expected] = VALUES[name]!;
    const record = { attributes: [{ key: 'v', value }] };
    const { text } = await send(
      Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] })),
      'json',
    );
    expect(JSON.parse(text)).toEqual({ v: expected });
  });

  it.each<[string, Json, string | undefined]>([
    ['a time as number', 1_762_761_601_000_000_000, '2025-11-10T08:00:01.0000000Z'],
    ['no time', '0', undefined],
    ['the last time there is', '18446744073709551615', '2554-07-21T23:34:33.7095516Z'],
    ['a time after the end of dates', 1e30, undefined],
  ])('%s', async (_name, timeUnixNano, time) => {
    const attributes = [{ key: 'azure.operation.name', value: { stringValue: 'x' } }];
    const body = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano, attributes }] }] }] };
    const { text } = await send(Buffer.from(JSON.stringify(body)), 'json');
    expect((JSON.parse(text) as JsonObject)['time']).toBe(time);
  });
});
