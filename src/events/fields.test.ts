import { expect, test } from 'vitest';
import { ACCOUNT, activityExport, NOW, USER } from './families/forms.test-support.ts';
import { canonicalFields, FIELDS, fieldNamed } from './fields.ts';
import { normalise } from './normalise.ts';

test('every name stands once, and in lower case', () => {
  const names = FIELDS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => name !== name.toLowerCase())).toEqual([]);
});

test('a field is found by its name in any case; a raw field is none', () => {
  expect(fieldNamed('Event.Action')?.type).toBe('keyword');
  expect(fieldNamed('properties.requestbody')).toBeUndefined();
});

test('the fields of an event: what is unknown is absent', () => {
  const record = activityExport({
    operation: 'Microsoft.DocumentDB/databaseAccounts/listKeys/action',
    resource: ACCOUNT,
    result: 'Success',
  });
  const read = normalise(record, { source: 'test', line: 1, index: 0 }, { now: NOW });
  expect(read.kind === 'event' ? canonicalFields(read.event) : read).toEqual({
    '@timestamp': '2026-11-10T08:00:01.234Z',
    'event.action': 'cosmosdb.keys.list',
    'event.outcome': 'success',
    'event.family': 'ActivityLog',
    'event.count': 1,
    'actor.id': USER,
    'actor.name': 'ops.admin@contoso.example',
    'actor.type': 'user',
    'actor.app_id': '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
    'actor.app_name': 'Azure CLI',
    'source.ip': '203.0.113.10',
    'azure.subscription_id': '5f1e2d3c-0a1b-4c2d-8e3f-112233445566',
    'azure.resource_group': 'rg-data',
    'azure.resource_id': ACCOUNT.toLowerCase(),
    'cosmosdb.account': ACCOUNT.toLowerCase(),
    'cosmosdb.account_name': 'contoso-orders',
  });
});
