import { describe, expect, test } from 'vitest';
import { customActionIn, deedInGremlin, isMongoRemoval, namesInMongo, readCql } from './commands.ts';

describe('CQL', () => {
  test.each([
    ['SELECT key from system.local', 'select', null, 'system', 'local'],
    ['{"request":"SELECT key from system.local"}', 'select', null, 'system', 'local'],
    ["INSERT INTO shop.orders (note) VALUES ('x from y.z')", 'insert', null, 'shop', 'orders'],
    ["update shop.orders set a = 'DELETE FROM b'", 'update', null, 'shop', 'orders'],
    ['DELETE note FROM "Shop"."Orders" WHERE id = 1', 'delete', null, 'Shop', 'Orders'],
    ['TRUNCATE orders', 'truncate', null, null, 'orders'],
    ['truncate table shop.orders;', 'truncate', null, 'shop', 'orders'],
    ['-- tidy up\n/* all */ DELETE FROM shop.orders', 'delete', null, 'shop', 'orders'],
    ['CREATE TABLE shop.orders (id int PRIMARY KEY)', 'create', 'table', 'shop', 'orders'],
    ['create table if not exists "Shop"."My Orders" (id int)', 'create', 'table', 'Shop', 'My Orders'],
    ['CREATE TABLE orders (id int)', 'create', 'table', null, 'orders'],
    ['DROP TABLE IF EXISTS shop.orders', 'drop', 'table', 'shop', 'orders'],
    ['CREATE MATERIALIZED VIEW shop.by_day AS SELECT', 'create', 'table', 'shop', 'by_day'],
    ['CREATE KEYSPACE IF NOT EXISTS shop WITH replication', 'create', 'keyspace', 'shop', null],
    ['ALTER TABLE shop.orders ADD x int', 'alter', 'table', 'shop', 'orders'],
    ['CREATE INDEX by_day ON shop.orders (day)', 'create', 'other', null, null],
    ['BEGIN UNLOGGED BATCH DELETE FROM a', 'delete', null, null, 'a'],
    ['BEGIN BATCH INSERT INTO a (i) VALUES (1); DELETE FROM s.b; APPLY BATCH', 'delete', null, 's', 'b'],
    ["BEGIN BATCH INSERT INTO a (i) VALUES ('delete from b') APPLY BATCH", 'batch', null, null, null],
    ['BEGIN BATCH UPDATE "delete from" SET i = 1 APPLY BATCH', 'batch', null, null, null],
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

test('MongoDB: one removal among many writes', () => {
  expect(isMongoRemoval('{"bulkWrite":1,"ops":[{"insert":0},{"delete":0,"filter":{}}]}')).toBe(true);
  expect(isMongoRemoval('{"bulkWrite":1,"ops":[{"insert":0,"document":{"delete":1}}]}')).toBe(false);
});

test('MongoDB: commands that Azure added', () => {
  const command = '{"customAction":"CreateCollection","collection":"carts","$db":"shop"}';
  expect(customActionIn(command)).toBe('createcollection');
  expect(namesInMongo(command)).toEqual({ database: 'shop', container: 'carts' });
  expect(customActionIn('{"find":"carts"}')).toBeNull();
});

describe('Gremlin', () => {
  test.each([
    ["g.V('a').drop( )", 'delete'],
    ['{"request":"g.V("a").drop()"}', 'delete'],
    ['g.V().sideEffect(drop())', 'delete'],
    ["g.V('a').properties('note').drop()", 'update'],
    ["g.V('a').properties('note').drop().V('b').drop()", 'delete'],
    ["g.V().has('name','drop')", 'query'],
    ["g.addV('x').property('note','.drop()')", 'create'],
    ['g.addV("x").property("note", "it\\"s .drop() time")', 'create'],
    ["g.V('a').property('note','x')", 'update'],
    ["g.V('a').property('cut off .drop()", 'update'],
    ['g.V().count()', 'query'],
  ])('%s: %s', (text, deed) => {
    expect(deedInGremlin(text)).toBe(deed);
  });

  test('a text made to be slow is not', () => {
    const start = process.hrtime.bigint();
    deedInGremlin(`g.V(${"'\\".repeat(200_000)}`);
    expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(500);
  });
});
