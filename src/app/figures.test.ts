import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../events/event.ts';
import { activityExport, NOW, resourceExport, resourceRow, TIME } from '../events/families/forms.test-support.ts';
import { normalise } from '../events/normalise.ts';
import type { JsonObject } from '../lib/json.ts';
import { percentile, sketchText } from '../lib/sketch.ts';
import type { FigureRow } from '../store/figures.ts';
import { FigureCollector } from './figures.ts';

function eventOf(record: JsonObject): Event {
  const result = normalise(record, { source: 'test', line: 1, index: 0 }, { now: NOW });
  if (result.kind !== 'event') throw new Error(JSON.stringify(result));
  return result.event;
}

function rowsOf(...records: readonly JsonObject[]): readonly FigureRow[] {
  const collector = new FigureCollector();
  for (const record of records) collector.add(eventOf(record));
  return collector.take();
}

const MINUTE = Math.floor(Date.parse(TIME) / 60_000) * 60;

const PROPERTIES = {
  activityId: 'a',
  requestResourceType: 'Document',
  statusCode: '200',
  clientIpAddress: '203.0.113.7',
  keyType: 'PrimaryMasterKey',
  duration: '12.5',
  requestCharge: '2.83',
  requestLength: '100',
  responseLength: '900',
  databaseName: 'shop',
  collectionName: 'carts',
};

function request(more: JsonObject = {}, category = 'DataPlaneRequests', operation = 'Read'): JsonObject {
  const record = resourceExport({ category, operation, properties: PROPERTIES });
  return { ...record, properties: { ...PROPERTIES, ...more } };
}

describe('what a record adds', () => {
  it('a request, with all that it cost', () => {
    const [row, ...others] = rowsOf(request());
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      at: MINUTE,
      log: 'request',
      operation: 'read',
      container: 'shop/carts',
      client: 'primary_key@203.0.113.7',
      address: '203.0.113.7',
      requests: 1,
      errors: 0,
      throttled: 0,
      units: 2.83,
      bytes: 1000,
    });
    expect(row!.account).toMatch(/\/databaseaccounts\/contoso-orders$/);
    expect(percentile(row!.durations, 0.5)! / 12.5).toBeCloseTo(1, 1);
  });

  it('the same from its row in a table', () => {
    const row = resourceRow({ category: 'DataPlaneRequests', operation: 'Read', properties: PROPERTIES });
    const [found] = rowsOf({ ...row, DurationMs: 12.5 });
    expect(found).toEqual(rowsOf(request())[0]);
  });

  it.each<readonly [string, JsonObject, string, number, number]>([
    ['a refusal', { statusCode: '403' }, 'DataPlaneRequests', 1, 0],
    ['throttling', { statusCode: '429' }, 'DataPlaneRequests', 1, 1],
    ['not modified', { statusCode: '304' }, 'DataPlaneRequests', 0, 0],
    ['no status', { statusCode: '' }, 'DataPlaneRequests', 1, 0],
    ['MongoDB: well', { errorCode: '0' }, 'MongoRequests', 0, 0],
    ['MongoDB: an error', { errorCode: '11000' }, 'MongoRequests', 1, 0],
    ['MongoDB: rate', { errorCode: '16500' }, 'MongoRequests', 1, 1],
    ['Cassandra: overloaded', { errorCode: '4097' }, 'CassandraRequests', 1, 1],
    ['Cassandra: well', { errorCode: '-1' }, 'CassandraRequests', 0, 0],
    ['Gremlin: rate', { errorCode: '429' }, 'GremlinRequests', 1, 1],
    ['tables: well', { errorCode: '204' }, 'TableApiRequests', 0, 0],
  ])('%s', (_name, more, category, errors, throttled) => {
    expect(rowsOf(request(more, category))).toMatchObject([{ requests: 1, errors, throttled }]);
  });

  it.each<readonly [string, JsonObject, Partial<FigureRow>]>([
    ['counts and totals', { requestCount: '300', totalRequestCharge: '900' }, { requests: 300, units: 900, log: '5m' }],
    ['counts and averages', { sampleCount: '10', avgRequestCharge: '3' }, { requests: 10, units: 30 }],
    ['all of them throttled', { requestCount: '7', statusCode: '429' }, { requests: 7, errors: 7, throttled: 7 }],
  ])('a sum: %s', (_name, more, expected) => {
    const [row] = rowsOf(request(more, 'DataPlaneRequests5M'));
    expect(row).toMatchObject(expected);
    expect(row!.durations.size).toBe(0);
  });

  it('a sum stands in the last minute that it is of', () => {
    const sum = { ...request({}, 'DataPlaneRequests5M'), time: '2026-11-10T08:05:00Z' };
    expect(rowsOf(sum)[0]!.at).toBe(Date.parse('2026-11-10T08:04:00Z') / 1000);
  });

  it.each<readonly [string, JsonObject]>([
    ['negative', { requestCharge: '-5', requestLength: '-1', responseLength: '', duration: '-2' }],
    ['not numbers', { requestCharge: 'NaN', requestLength: '{}', responseLength: null, duration: 'long' }],
  ])('measures that are %s add nothing', (_name, more) => {
    const [row] = rowsOf(request(more));
    expect([row!.requests, row!.units, row!.bytes, row!.durations.size]).toEqual([1, 0, 0, 0]);
  });

  it('measures beyond reason are cut', () => {
    const [row] = rowsOf(request({ requestCharge: '1e300', requestLength: '1e300', duration: '1e300' }));
    expect([row!.units, row!.bytes]).toEqual([1e9, 1e10 + 900]);
  });

  it('the control plane and statistics add nothing', () => {
    const control = activityExport({ operation: 'x/write', resource: '/subscriptions/a', result: 'Success' });
    expect(rowsOf(control, request({}, 'PartitionKeyRUConsumption'))).toEqual([]);
  });
});

describe('adding up', () => {
  it('what is alike in one row, what differs in its own', () => {
    const rows = rowsOf(request(), request(), request({ collectionName: 'orders' }), request({}, undefined, 'Query'));
    expect(rows.map(({ operation, container, requests }) => [operation, container, requests])).toEqual([
      ['read', 'shop/carts', 2],
      ['read', 'shop/orders', 1],
      ['query', 'shop/carts', 1],
    ]);
  });

  it('is over when it is taken', () => {
    const collector = new FigureCollector();
    collector.add(eventOf(request()));
    expect([collector.take().length, collector.take().length]).toEqual([1, 0]);
  });

  it('too many names of a minute are counted as others, and nothing is lost', () => {
    const many = Array.from({ length: 300 }, (_, i) =>
      request({ clientIpAddress: `203.0.${Math.floor(i / 200)}.${i % 200}`, collectionName: `c${i}` }),
    );
    const rows = rowsOf(...many);
    expect(new Set(rows.map(({ client }) => client)).size).toBe(101);
    expect(new Set(rows.map(({ container }) => container)).size).toBe(51);
    expect(rows.find(({ client }) => client === 'other')!.requests).toBeGreaterThan(100);
    expect(rows.reduce((sum, row) => sum + row.requests, 0)).toBe(300);
  });

  it('order changes nothing', () => {
    const records = ['200', '404', '429'].flatMap((statusCode) =>
      ['1', '20', '300'].map((duration) => eventOf(request({ statusCode, duration, requestCharge: '2' }))),
    );
    const told = (events: readonly Event[]): unknown => {
      const collector = new FigureCollector();
      for (const event of events) collector.add(event);
      return collector.take().map(({ durations, ...row }) => ({ ...row, durations: sketchText(durations) }));
    };
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (shuffled) => {
        expect(told(shuffled)).toEqual(told(records));
      }),
      { numRuns: 30 },
    );
  });
});
