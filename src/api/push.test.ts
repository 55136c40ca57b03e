import { gzipSync } from 'node:zlib';
import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FastClock, MemoryStore, TestContext } from '../sources/context.test-support.ts';
import { eventGridKind } from '../sources/eventGrid.ts';
import { httpKind } from '../sources/http.ts';
import { otlpKind } from '../sources/otlp.ts';
import type { Source } from '../sources/source.ts';
import type { LogsPort } from './ports.ts';
import { ALL, type Running, start } from './server.test-support.ts';

/* The server with the real push sources behind it: from the socket to `emit`. */

const SOURCES: Readonly<Record<string, Source>> = {
  pushed: httpKind.create({ tokens: [] }),
  collector: otlpKind.create({ tokens: [] }),
  grid: eventGridKind.create({ tokens: [] }),
};

let running: Running;
let context: TestContext;

function routeOf(source: string, method: string, path: string): NonNullable<Source['routes']>[number] | undefined {
  return SOURCES[source]?.routes?.find((route) => route.method === method && route.path === path);
}

const logs: LogsPort = {
  sourceAt: (method, path, source) => {
    const there = Object.keys(SOURCES).filter((name) => routeOf(name, method, path) !== undefined);
    return there.find((name) => source === null || name === source) ?? null;
  },
  admit: () => null,
  push: (source, method, path, request) => routeOf(source, method, path)!.answer(request, context),
};

beforeAll(async () => {
  running = await start();
  Object.assign(running.ports.logs, logs);
  running.ports.bearer(ALL, { source: null });
});
afterAll(() => running.server.close());
beforeEach(() => {
  context = new TestContext(new MemoryStore(), new FastClock());
});

function given(): string[] {
  return context.store.commits.map(({ text }) => text);
}

async function post(path: string, type: string, body: string | Uint8Array, more = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${ALL}`, 'content-type': type, ...more };
  return fetch(running.url + path, { method: 'POST', headers, body });
}

const LOG = { body: '{"category":"AuditEvent"}', hrTime: [1, 0], hrTimeObserved: [1, 0], attributes: {} };
const REQUEST = ProtobufLogsSerializer.serializeRequest([
  { ...LOG, resource: { attributes: {} }, instrumentationScope: { name: 'x' }, droppedAttributesCount: 0 },
] as unknown as Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0])!;

describe('from a socket to a batch', () => {
  it('lines', async () => {
    const answer = await post('/api/v1/logs', 'application/x-ndjson', '{"a":1}\n{"a":2}\n');
    expect([answer.status, await answer.json()]).toEqual([200, { accepted: 1, rejected: [] }]);
    expect(given()).toEqual(['{"a":1}\n{"a":2}\n']);
  });

  it('OTLP as a collector sends it: protobuf in gzip', async () => {
    const answer = await post('/v1/logs', 'application/x-protobuf', gzipSync(REQUEST), { 'content-encoding': 'gzip' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-protobuf']);
    expect((await answer.arrayBuffer()).byteLength).toBe(0);
    expect(given()).toEqual(['{"category":"AuditEvent"}\n']);
  });

  it('OTLP that is none is refused in its own words', async () => {
    const answer = await post('/v1/logs', 'application/json', '{"resourceSpans":[]}');
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { code: 3, message: expect.stringContaining('CW-6013') },
    ]);
  });

  it('events of Event Grid, after its handshake, with the token in the address', async () => {
    const url = `${running.url}/api/v1/event-grid?token=${ALL}`;
    const headers = { 'webhook-request-origin': 'eventgrid.azure.net', 'webhook-request-rate': '10' };
    const asked = await fetch(url, { method: 'OPTIONS', headers });
    expect([
      asked.status,
      asked.headers.get('webhook-allowed-origin'),
      asked.headers.get('webhook-allowed-rate'),
    ]).toEqual([200, 'eventgrid.azure.net', '*']);
    const body = '{"specversion":"1.0","type":"Microsoft.Resources.ResourceActionSuccess","data":{}}';
    const type = 'application/cloudevents+json; charset=utf-8';
    expect((await fetch(url, { method: 'POST', headers: { 'content-type': type }, body })).status).toBe(200);
    expect(given()).toEqual([body]);
  });

  it('nobody without a token is agreed to', async () => {
    const headers = { 'webhook-request-origin': 'evil.example' };
    const asked = await fetch(`${running.url}/api/v1/event-grid`, { method: 'OPTIONS', headers });
    expect([asked.status, asked.headers.get('webhook-allowed-origin')]).toEqual([401, null]);
  });

  it.each<[string, string, string | Uint8Array]>([
    ['/api/v1/logs', 'application/json', '{}'],
    ['/v1/logs', 'application/x-protobuf', REQUEST],
    ['/api/v1/event-grid', 'application/json', '[{}]'],
  ])('%s: 503 when the commit fails, and taken when it is sent again', async (path, type, body) => {
    context.rejectNext(1);
    const answer = await post(path, type, body);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(given()).toEqual([]);
    expect((await post(path, type, body)).status).toBe(200);
    expect(given().length).toBe(1);
  });
});
