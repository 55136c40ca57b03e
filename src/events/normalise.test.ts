import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject, type JsonObject } from '../lib/json.ts';
import type { Event } from './event.ts';
import {
  ACCOUNT,
  activityExport,
  activityGrid,
  activityRest,
  activityRow,
  diagnosticsRow,
  NOW,
  resourceExport,
  resourceRow,
  TIME,
  VAULT,
  VAULT_FORMS,
} from './families/forms.test-support.ts';
import { isKnown, normalise } from './normalise.ts';

const POSITION = { source: 'test', line: 1, index: 0 };

function read(record: JsonObject) {
  return normalise(record, POSITION, { now: NOW });
}

function eventOf(record: JsonObject): Event {
  const result = read(record);
  if (result.kind !== 'event') throw new Error(JSON.stringify(result));
  return result.event;
}

const KEYS = {
  operation: 'Microsoft.DocumentDB/databaseAccounts/listKeys/action',
  resource: ACCOUNT,
  result: 'Success',
};
const DELETE = {
  category: 'DataPlaneRequests',
  operation: 'Delete',
  properties: { activityId: 'a', requestResourceType: 'Document', statusCode: '204', keyType: 'PrimaryMasterKey' },
};

describe('time', () => {
  const at = (time: string | null) => read({ ...activityExport(KEYS), time });
  test.each([
    ['no time', null, 'no_time'],
    ['blank', '', 'no_time'],
    ['no time at all', 'soon', 'bad_time'],
    ['more than a day ahead', '2026-11-12T00:00:01Z', 'future_time'],
    ['a record from 2099', '2099-01-01T00:00:00Z', 'future_time'],
    ['before there was a service', '2009-12-31T23:59:59Z', 'past_time'],
  ])('%s is invalid', (_, time, reason) => {
    expect(at(time)).toMatchObject({ kind: 'invalid', reason });
  });

  test.each<[string, JsonObject]>([
    ['an export record of the Activity Log', { category: 'Administrative', operationName: 'x', resourceId: ACCOUNT }],
    [
      'a REST event',
      {
        category: { value: 'Administrative' },
        operationName: { value: 'x' },
        resourceId: ACCOUNT,
        status: { value: 'x' },
      },
    ],
    ['a row of AzureActivity', { OperationNameValue: 'x', CorrelationId: 'c' }],
    ['a request', { category: 'DataPlaneRequests', operationName: 'Delete' }],
    ['a row of a table that is named', { Type: 'CDBDataPlaneRequests', OperationName: 'Delete' }],
  ])('%s that lost its time is known as what it is', (_, record) => {
    expect(read(record)).toMatchObject({ kind: 'invalid', reason: 'no_time' });
    expect(isKnown(record)).toBe(true);
  });

  test('a day ahead is not', () => expect(at('2026-11-12T00:00:00Z').kind).toBe('event'));
});

describe('what is no record of ours', () => {
  test.each<[string, JsonObject, string, boolean?]>([
    ['another category', { time: TIME, category: 'SignInLogs', operationName: 'x' }, 'SignInLogs'],
    ['another table', { TimeGenerated: TIME, Type: 'SigninLogs' }, 'SigninLogs'],
    [
      'another service in AzureDiagnostics',
      { TimeGenerated: TIME, Category: 'FunctionAppLogs', Type: 'AzureDiagnostics' },
      'FunctionAppLogs',
    ],
    [
      'an AuditEvent of another service',
      {
        time: TIME,
        category: 'AuditEvent',
        resourceId: '/subscriptions/s/resourcegroups/g/providers/microsoft.synapse/workspaces/w',
      },
      'AuditEvent',
    ],
    [
      'another event of Event Grid',
      { eventType: 'Microsoft.Storage.BlobCreated', eventTime: TIME, data: {} },
      'Microsoft.Storage.BlobCreated',
    ],
    ['no log', { hello: 'world' }, 'no log record', false],
    ['a log without a time', { category: 'SignInLogs', operationName: 'x' }, 'SignInLogs', false],
    ['a thing with a time', { timestamp: TIME, hello: 'world' }, 'no log record', false],
    ['nothing', {}, 'no log record', false],
    ['an operation without category', { time: TIME, operationName: 'x' }, 'a record without category'],
    ['a row of AzureActivity from a sum', { OperationNameValue: 'x', count_: 3 }, 'no log record', false],
  ])('%s', (_, record, what, isLog = true) => {
    expect(read(record)).toEqual({ kind: 'unknown', what, isLog });
    expect(isKnown(record)).toBe(false);
  });
});

describe('outcomes', () => {
  test.each([
    ['Start', 'started'],
    ['Started', 'started'],
    ['Accept', 'accepted'],
    ['Accepted', 'accepted'],
    ['Success', 'success'],
    ['Succeeded', 'success'],
    ['Succeeded.', 'success'],
    ['Failure', 'failure'],
    ['Failed', 'failure'],
    ['Canceled', 'failure'],
    ['Cancelled', 'failure'],
    ['In Progress', 'started'],
    ['Resolved', 'started'],
  ])('Activity Log: %s', (word, outcome) => {
    expect(eventOf({ ...activityExport(KEYS), resultType: word }).outcome).toBe(outcome);
    expect(eventOf({ ...activityRest(KEYS), status: { value: word, localizedValue: 'Zustand' } }).outcome).toBe(
      outcome,
    );
    expect(eventOf({ ...activityRow(KEYS), ActivityStatusValue: word.toUpperCase() }).outcome).toBe(outcome);
  });

  test.each([
    ['Success', 'success'],
    ['Failure', 'failure'],
    ['Cancel', 'failure'],
  ])('Event Grid: %s', (word, outcome) => {
    const record = { ...activityGrid(KEYS), eventType: `Microsoft.Resources.ResourceAction${word}` };
    expect(eventOf(record).outcome).toBe(outcome);
  });

  test.each([
    ['AccountUpdateStart', '202', 'Accepted', 'accepted'],
    ['AccountUpdateStart', '403', 'Forbidden', 'failure'],
    ['AccountUpdateComplete', '200', 'OK', 'success'],
    ['AccountUpdateComplete', '202', 'Accepted', 'success'],
    ['AccountUpdateComplete', '500', 'InternalServerError', 'failure'],
    ['SqlContainersCreate', '201', '', 'success'],
    ['SqlContainersCreate', '409', 'Conflict', 'failure'],
    ['SqlContainersCreate', '', 'OK', 'success'],
    ['SqlContainersCreate', '', 'Conflict', 'failure'],
  ])('ControlPlaneRequests: %s %s %s', (operation, httpstatusCode, result, outcome) => {
    const logged = {
      category: 'ControlPlaneRequests',
      operation,
      properties: { activityId: 'a', httpstatusCode, result },
    };
    expect(eventOf(resourceExport(logged)).outcome).toBe(outcome);
  });

  test.each([
    ['204', 'success'],
    ['200', 'success'],
    ['404', 'failure'],
    ['429', 'failure'],
    ['403', 'failure'],
    ['', 'failure'],
    ['none', 'failure'],
  ])('DataPlaneRequests: %s', (statusCode, outcome) => {
    const record = resourceExport({ ...DELETE, properties: { ...DELETE.properties, statusCode } });
    expect(eventOf(record).outcome).toBe(outcome);
  });

  test.each([
    ['MongoRequests', '0', 'success'],
    ['MongoRequests', '', 'success'],
    ['MongoRequests', '16500', 'failure'],
    ['MongoRequests', 'Unauthorized', 'failure'],
    ['MongoRequests', '-1', 'failure'],
    ['CassandraRequests', '-1', 'success'],
    ['CassandraRequests', '8704', 'failure'],
    ['GremlinRequests', '200', 'success'],
    ['GremlinRequests', '500', 'failure'],
    ['TableApiRequests', '204', 'success'],
    ['TableApiRequests', '<empty>', 'success'],
  ])('%s: %s', (category, errorCode, outcome) => {
    const record = resourceExport({ category, operation: 'x', properties: { activityId: 'a', errorCode } });
    expect(eventOf(record).outcome).toBe(outcome);
  });

  test.each([
    ['a 403 that says Success', { resultType: 'Success', properties: { httpStatusCode: 403 } }, 'failure'],
    ['a 404 as text', { resultType: 'Success', properties: { httpStatusCode: '404' } }, 'failure'],
    ['no status', { resultType: 'Failure', properties: {} }, 'failure'],
    ['a notification without both', { properties: {} }, 'success'],
  ])('Key Vault: %s', (_, record, outcome) => {
    const base = { time: TIME, category: 'AuditEvent', operationName: 'KeyPurge', resourceId: VAULT };
    expect(eventOf({ ...base, ...record }).outcome).toBe(outcome);
  });
});

describe('identities', () => {
  const delivered = eventOf(resourceExport(DELETE));

  test.each([
    ['another request', { ...DELETE, properties: { ...DELETE.properties, activityId: 'b' } }],
    ['another status', { ...DELETE, properties: { ...DELETE.properties, statusCode: '404' } }],
    ['another type', { ...DELETE, properties: { ...DELETE.properties, requestResourceType: 'Collection' } }],
    ['another operation', { ...DELETE, operation: 'Read' }],
    ['another account', { ...DELETE, resource: `${ACCOUNT}2` }],
  ])('data plane: %s is another record and action', (_, logged) => {
    const other = eventOf(resourceExport(logged));
    expect(other.recordId).not.toBe(delivered.recordId);
    expect(other.actionKey).not.toBe(delivered.actionKey);
  });

  test('data plane: within a second it is the same, a second later another', () => {
    const at = (time: string) => eventOf({ ...resourceExport(DELETE), time }).recordId;
    expect(at('2026-11-10T08:00:01.9Z')).toBe(delivered.recordId);
    expect(at('2026-11-10T08:00:02Z')).not.toBe(delivered.recordId);
  });

  test('Activity Log: records of one action share its key, not their id', () => {
    const [start, end] = ['Start', 'Success'].map((result) => eventOf(activityExport({ ...KEYS, result })));
    expect(start!.actionKey).toBe(end!.actionKey);
    expect(start!.recordId).not.toBe(end!.recordId);
  });

  test('Activity Log: one deployment is an action for each resource', () => {
    const other = eventOf(activityExport({ ...KEYS, resource: `${ACCOUNT}2` }));
    expect(other.actionKey).not.toBe(eventOf(activityExport(KEYS)).actionKey);
  });

  test('ControlPlaneRequests: Start and Complete share the key', () => {
    const [start, end] = ['AccountUpdateStart', 'AccountUpdateComplete'].map((operation) =>
      eventOf(
        resourceExport({
          category: 'ControlPlaneRequests',
          operation,
          properties: { activityId: 'A', httpstatusCode: '200' },
        }),
      ),
    );
    expect([start!.phase, end!.phase]).toEqual(['start', 'complete']);
    expect(start!.actionKey).toBe(end!.actionKey);
    expect(start!.recordId).not.toBe(end!.recordId);
  });

  test('ControlPlaneRequests: a short name with its columns is the long one', () => {
    const properties = {
      activityId: 'a',
      httpstatusCode: '200',
      apiKind: 'Sql',
      apiKindResourceType: 'Containers',
      operationType: 'Create',
    };
    const [long, short] = ['SqlContainersCreate', 'Create'].map((operation) =>
      eventOf(resourceRow({ category: 'ControlPlaneRequests', operation, properties })),
    );
    expect(short!.action).toBe('cosmosdb.container.create');
    expect(short!.actionKey).toBe(long!.actionKey);
  });

  test('aggregates: every dimension counts, no measure does', () => {
    const logged = {
      category: 'DataPlaneRequests5M',
      operation: 'Delete',
      properties: { statusCode: '204', userAgent: 'a', requestCount: '3' },
    };
    const id = (properties: Record<string, string>) =>
      eventOf(resourceExport({ ...logged, properties: { ...logged.properties, ...properties } })).recordId;
    expect(id({ requestCount: '4' })).toBe(id({}));
    expect(id({ userAgent: 'b' })).not.toBe(id({}));
    expect(id({ region: 'West Europe' })).not.toBe(id({}));
  });

  test('no correlation or activity id: an action of its own', () => {
    const { correlationId: _, ...rest } = activityExport(KEYS);
    expect(eventOf(rest).actionKey).toBeNull();
    const { activityId: __, ...properties } = DELETE.properties;
    expect(eventOf(resourceExport({ ...DELETE, properties })).actionKey).toBeNull();
  });
});

describe('single fields', () => {
  test('an aggregate stands for its requests', () => {
    const count = (properties: Record<string, string>) =>
      eventOf(resourceExport({ category: 'DataPlaneRequests15M', operation: 'Delete', properties })).count;
    expect([
      count({ requestCount: '41' }),
      count({ sampleCount: '7' }),
      count({ requestCount: 'many' }),
      count({}),
    ]).toEqual([41, 7, 1, 1]);
  });

  test('a record of 2017: time by RFC 1123, a bare name, the old column', () => {
    const event = eventOf({
      time: 'Fri, 23 Jun 2017 19:29:50.266 GMT',
      resourceId: 'contosocosmosdb',
      category: 'DataPlaneRequests',
      operationName: 'Delete',
      properties: { activityId: 'a', resourceType: 'Document', statusCode: '204' },
    });
    expect(event).toMatchObject({
      resourceId: 'contosocosmosdb',
      account: null,
      action: 'cosmosdb.item.delete',
      outcome: 'success',
    });
  });

  test("names that are Cosmos DB's own ids are none", () => {
    const event = eventOf(
      resourceExport({
        ...DELETE,
        properties: { ...DELETE.properties, requestResourceId: 'dbs/aBcDeA==/colls/aBcDeF1=' },
      }),
    );
    expect([event.database, event.container]).toEqual([null, null]);
  });

  test.each(['requestbody', 'requestBody'])('the body of a request: %s', (name) => {
    const properties = { [name]: '{"properties":{"ipRules":[]}}' };
    for (const record of [
      activityExport({ ...KEYS, properties }),
      activityRest({ ...KEYS, properties }),
      activityRow({ ...KEYS, properties }),
    ]) {
      expect(eventOf(record).body).toEqual({ properties: { ipRules: [] } });
    }
    const nested = { eventCategory: 'Administrative', eventProperties: properties };
    expect(eventOf(activityExport({ ...KEYS, properties: nested })).body).toEqual({ properties: { ipRules: [] } });
  });

  test('a body that was cut off is none, and the event is kept', () => {
    expect(eventOf(activityExport({ ...KEYS, properties: { requestbody: '{"properties":{' } })).body).toBeNull();
  });

  test('where a token was given out is not where it was used', () => {
    const { callerIpAddress: _, ...rest } = activityExport({ ...KEYS, claims: { ipaddr: '198.51.100.4' } });
    expect(eventOf(rest).sourceIp).toBeNull();
  });

  test('fields of other types are absent, and the event is kept', () => {
    const event = eventOf({
      ...resourceExport(DELETE),
      operationName: { a: 1 },
      properties: { ...DELETE.properties, statusCode: [], clientIpAddress: {}, userAgent: null, keyType: 7 },
    });
    expect(event).toMatchObject({ operation: '', outcome: 'failure', status: null, sourceIp: null, userAgent: null });
  });
});

/** Records of every family, to be damaged. */
const RECORDS: readonly JsonObject[] = [
  activityExport(KEYS),
  activityRest(KEYS),
  activityRow(KEYS),
  activityGrid(KEYS),
  ...Object.values(VAULT_FORMS),
  ...[
    'DataPlaneRequests',
    'DataPlaneRequests5M',
    'MongoRequests',
    'CassandraRequests',
    'GremlinRequests',
    'ControlPlaneRequests',
  ].flatMap((category) => [
    resourceExport({ ...DELETE, category }),
    resourceRow({ ...DELETE, category }),
    diagnosticsRow({ ...DELETE, category }),
  ]),
];

describe('laws', () => {
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonObject[string]>;

  test('any JSON object is an event, unknown or invalid: nothing throws', () => {
    const names = fc.constantFrom(
      'time',
      'TimeGenerated',
      'category',
      'Type',
      'operationName',
      'properties',
      'data',
      'eventType',
      '__proto__',
      'constructor',
    );
    const values = fc.oneof(
      json,
      fc.constantFrom(
        TIME,
        'DataPlaneRequests',
        'CDBMongoRequests',
        'AuditEvent',
        'Administrative',
        'AzureDiagnostics',
      ),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(names, fc.string()), values), (record) => {
        expect(['event', 'unknown', 'invalid']).toContain(read(record).kind);
        isKnown(record);
      }),
      { numRuns: 1000 },
    );
  });

  test('a damaged record is read as far as it goes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RECORDS), fc.nat(), json, fc.boolean(), (record, at, value, inside) => {
        const result = read(damaged(record, at, value, inside));
        if (result.kind === 'event') expect(Number.isSafeInteger(result.event.time)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('the order of keys does not matter', () => {
    for (const record of RECORDS) {
      const turned = Object.fromEntries(Object.entries(record).reverse());
      expect({ ...eventOf(turned), raw: null }).toEqual({ ...eventOf(record), raw: null });
    }
  });
});

function damaged(record: JsonObject, at: number, value: JsonObject[string], inside: boolean): JsonObject {
  const { properties } = record;
  if (inside && isObject(properties)) return { ...record, properties: damaged(properties, at, value, false) };
  const names = Object.keys(record);
  return { ...record, [names[at % names.length]!]: value };
}
