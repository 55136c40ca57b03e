import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../lib/json.ts';
import { isSensitive } from './fields.ts';
import { redact } from './redact.ts';

const CANARY = 'canary-4471';

describe('no secret is left', () => {
  test.each<[string, JsonObject]>([
    ['text of a command', { properties: { piiCommandText: CANARY } }],
    ['text of a query', { properties: { querytext: CANARY } }],
    ['a column of AzureDiagnostics', { piiCommandText_s: CANARY }],
    ['a password in a body', { properties: { requestbody: JSON.stringify({ properties: { password: CANARY } }) } }],
    [
      'in a body within a text',
      { properties: JSON.stringify({ requestbody: JSON.stringify({ administratorLoginPassword: CANARY }) }) },
    ],
    ['in a body that is a text twice over', { requestbody: JSON.stringify(JSON.stringify({ password: CANARY })) }],
    ['in a list', { requestbody: JSON.stringify([{ clientSecret: CANARY }]) }],
    ['in a body that was cut off', { requestbody: `{"properties":{"password":"${CANARY}","roles":[` }],
    ['at the very end of one', { requestbody: `{"properties":{"password":"${CANARY}` }],
    ['escaped, in one that was cut off', { properties: `{"requestbody":"{\\"password\\":\\"${CANARY}\\",\\"x` }],
    [
      'keys in an answer',
      { responseBody: JSON.stringify({ primaryMasterKey: CANARY, secondaryReadonlyMasterKey: CANARY }) },
    ],
    [
      'connection strings in an answer',
      { responseBody: JSON.stringify({ connectionStrings: [{ connectionString: CANARY }] }) },
    ],
    ['a connection string', { message: `AccountEndpoint=https://contoso.example;AccountKey=${CANARY}==;` }],
    ['a connection string of a hub', { x: `Endpoint=sb://contoso.example/;SharedAccessKey=${CANARY}` }],
    ['a password in a URL', { x: `mongodb://app:${CANARY}@contoso.example:10255` }],
    ['a signed URL', { x: `https://contoso.example/blob?sv=2024&sig=${CANARY}&se=1` }],
    ['deeper than any record', { a: deep(80) }],
  ])('%s', (_, record) => {
    expect(JSON.stringify(redact(record))).not.toContain(CANARY);
  });
});

function deep(levels: number): JsonObject {
  let value: JsonObject = { password: CANARY, x: CANARY };
  for (let level = 0; level < levels; level++) value = { a: value };
  return value;
}

test.each([
  'keyVaultKeyUri',
  'keyType',
  'KeyType',
  'authorizationTokenType',
  'authTokenType',
  'disableKeyBasedMetadataWriteAccess',
  'resourceTokenPermissionId',
  'authorization',
  'partitionKey',
  'keyProperties',
  'apiKind',
  'keyKind',
])('%s is no secret', (name) => {
  expect(isSensitive(name)).toBe(false);
});

test('what is clean is the same object', () => {
  const record = {
    time: 't',
    properties: { requestbody: '{"properties":{"ipRules":[]}}', uri: 'https://a/b?api-version=1' },
  };
  expect(redact(record)).toBe(record);
});

test('redacting twice changes nothing more, and nothing throws', () => {
  fc.assert(
    fc.property(
      fc.object({
        maxDepth: 5,
        key: fc.oneof(fc.string(), fc.constantFrom('password', 'pii', '__proto__')),
        values: [fc.json(), fc.string()],
      }),
      (value) => {
        const once = redact(JSON.parse(JSON.stringify(value)));
        expect(redact(once)).toEqual(once);
      },
    ),
    { numRuns: 300 },
  );
});
