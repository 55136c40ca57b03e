import { describe, expect, test } from 'vitest';
import { address, entraId, get, httpStatus, number, object, text } from './read.ts';
import { accountOf, belowAccount, foldId } from './resource.ts';

describe('get', () => {
  test.each([
    ['the exact name', { a: 1, A: 2 }, 'a', 1],
    ['another case', { StatusCode: 3 }, 'statusCode', 3],
    ['of two in other cases the first', { AB: 1, Ab: 2 }, 'ab', 1],
    ['a name that every object has', {}, 'constructor', undefined],
    ['a name like the prototype', JSON.parse('{"__proto__": 5}'), '__proto__', 5],
  ])('%s', (_, value, name, expected) => {
    expect(get(value, name)).toBe(expected);
  });
});

describe('text', () => {
  test.each([
    ['trimmed', { a: ' x ' }, 'x'],
    ['a number', { a: 4 }, '4'],
    ['a boolean', { a: false }, 'false'],
    ['blank', { a: ' ' }, null],
    ["Azure's word for blank", { a: '<empty>' }, null],
    ['an object', { a: {} }, null],
    ['null', { a: null }, null],
    ['the next name where the first is blank', { a: '', b: 'y' }, 'y'],
  ])('%s', (_, value, expected) => {
    expect(text(value, 'a', 'b')).toBe(expected);
  });
});

test('object: itself, or the JSON in a text; anything else is absent', () => {
  expect(object({ a: { b: 1 } }, 'a')).toEqual({ b: 1 });
  expect(object({ a: ' {"b":1}' }, 'a')).toEqual({ b: 1 });
  expect(object({ a: '{"b":' }, 'a')).toBeNull();
  expect(object({ a: [1] }, 'a')).toBeNull();
  expect(object(null, 'a')).toBeNull();
});

test('number: of texts too, finite only', () => {
  expect([
    number({ a: '204' }, 'a'),
    number({ a: 1.5 }, 'a'),
    number({ a: 'x' }, 'a'),
    number({ a: 'Infinity' }, 'a'),
  ]).toEqual([204, 1.5, null, null]);
});

test('httpStatus: numbers, and the names that ARM writes', () => {
  const read = ['200', 202, 'NotFound', 'Created', 'constructor', ''].map((status) => httpStatus({ status }, 'status'));
  expect(read).toEqual([200, 202, 404, 201, null, null]);
});

describe('entraId', () => {
  const id = 'c62973cc-5684-4b0e-a73e-9e3c40b6e1f0';
  test.each([
    ['dashed', id],
    ['upper case', id.toUpperCase()],
    ['without dashes', id.replaceAll('-', '')],
    ['in braces', `{${id}}`],
  ])('%s', (_, written) => {
    expect(entraId(written)).toBe(id);
  });
  test('a text that is none stays, in lower case', () => expect(entraId('App-User')).toBe('app-user'));
});

describe('address', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:50132', '203.0.113.7'],
    ['[2001:DB8::1]:443', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
  ])('%s', (written, expected) => {
    expect(address(written)).toBe(expected);
  });
});

describe('resource ids', () => {
  const account = '/subscriptions/s/resourcegroups/g/providers/microsoft.documentdb/databaseaccounts/a';
  test.each([
    ['the account', account, account],
    ['upper case, closing slash', `${account.toUpperCase()}/`, account],
    ['no leading slash', account.slice(1), account],
    ['a container', `${account}/sqlDatabases/d/containers/c`, account],
    ['a lock on it', `${account}/providers/Microsoft.Authorization/locks/l`, account],
    [
      'a cluster for MongoDB',
      account.replace('databaseaccounts', 'mongoClusters'),
      account.replace('databaseaccounts', 'mongoclusters'),
    ],
    ['another account whose name goes on', `${account}2`, `${account}2`],
    ['a group', '/subscriptions/s/resourcegroups/g', null],
    ['a bare name', 'contosocosmosdb', null],
    ['another service', '/subscriptions/s/resourcegroups/g/providers/microsoft.sql/servers/a', null],
  ])('account of %s', (_, id, expected) => {
    expect(accountOf(id)).toBe(expected);
  });

  test('what lies below keeps its spelling', () => {
    expect(belowAccount(`${account}/sqlDatabases/Shop/containers/Orders/`)).toBe(
      '/sqlDatabases/Shop/containers/Orders',
    );
    expect(belowAccount('/subscriptions/s')).toBe('');
  });

  test('folding twice changes nothing more', () => {
    expect(foldId(foldId(' Subscriptions/S// '))).toBe('/subscriptions/s');
    expect(foldId('')).toBe('');
  });
});
