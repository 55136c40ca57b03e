import { describe, expect, test } from 'vitest';
import { dropsInGremlin, isMongoRemoval, namesInMongo, readCql } from './commands.ts';

describe('CQL', () => {
  test.each([
    ['SELECT key from system.local', 'select', null, null, null],
    ['{"request":"SELECT key from system.local"}', 'select', null, null, null],
    ['CREATE TABLE shop.orders (id int PRIMARY KEY)', 'create', 'table', 'shop', 'orders'],
    ['create table if not exists "Shop"."My Orders" (id int)', 'create', 'table', 'Shop', 'My Orders'],
    ['CREATE TABLE orders (id int)', 'create', 'table', null, 'orders'],
    ['DROP TABLE IF EXISTS shop.orders', 'drop', 'table', 'shop', 'orders'],
    ['CREATE MATERIALIZED VIEW shop.by_day AS SELECT', 'create', 'table', 'shop', 'by_day'],
    ['CREATE KEYSPACE IF NOT EXISTS shop WITH replication', 'create', 'keyspace', 'shop', null],
    ['ALTER TABLE shop.orders ADD x int', 'alter', 'table', 'shop', 'orders'],
    ['CREATE INDEX by_day ON shop.orders (day)', 'create', 'other', null, null],
    ['BEGIN UNLOGGED BATCH DELETE FROM a', 'batch', null, null, null],
  ])('%s', (text, verb, object, database, container) => {
    expect(readCql(text)).toEqual({ verb, object, names: { database, container } });
  });

  test.each(['', 'USE shop', '{"request":""}', 'selected'])('nothing to read: %s', (text) => {
    expect(readCql(text)).toBeNull();
  });
});

test('MongoDB: what is created, and where', () => {
  expect(namesInMongo('{"create":"carts","$db":"shop"}')).toEqual({ database: 'shop', container: 'carts' });
  expect(namesInMongo('{"find":"carts"}')).toEqual({ database: null, container: null });
  expect(namesInMongo('no JSON')).toEqual({ database: null, container: null });
});

test('MongoDB: a removal is told by the command itself', () => {
  expect(isMongoRemoval('{"command":"{\\"remove\\":true}"}')).toBe(true);
  expect(isMongoRemoval('{"remove":"true"}')).toBe(false);
  expect(isMongoRemoval('remove')).toBe(false);
});

test('Gremlin: the step that deletes', () => {
  expect(dropsInGremlin("g.V('a').drop( )")).toBe(true);
  expect(dropsInGremlin("g.V().has('name','drop')")).toBe(false);
});
