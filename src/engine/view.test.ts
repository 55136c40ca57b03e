import { describe, expect, it } from 'vitest';
import { factOf } from './engine.test-support.ts';
import { FactView } from './view.ts';

const fact = factOf({
  at: 0,
  fields: { 'actor.name': 'ann@contoso.example' },
  raw: {
    operationName: 'Delete',
    'properties.literal': 1,
    properties: {
      literal: 2,
      Nested: { Deep: 'x' },
      list: [{ id: 1 }, { id: [2, 3] }, { other: 4 }],
      empty: [],
      nothing: null,
    },
    actor: { name: 'raw' },
  },
});

describe('the values of a field', () => {
  it.each([
    ['canonical', 'actor.name', ['ann@contoso.example']],
    ['canonical in another case', 'Actor.Name', ['ann@contoso.example']],
    ['raw', 'operationName', ['Delete']],
    ['raw in another case', 'OPERATIONNAME', ['Delete']],
    ['a literal name before a path', 'properties.literal', [1]],
    ['a path, in any case', 'properties.nested.deep', ['x']],
    ['through lists', 'properties.list.id', [1, 2, 3]],
    ['an empty list', 'properties.empty', []],
    ['null is a value', 'properties.nothing', [null]],
    ['not there', 'properties.missing', null],
    ['not there below a text', 'operationName.more', null],
    ['what every object has is no field', 'toString', null],
    ['nor is that a path', 'properties.constructor.name', null],
  ])('%s', (_, name, expected) => {
    const view = new FactView(fact);
    expect(view.values(name)).toEqual(expected);
    expect(view.values(name)).toEqual(expected);
  });

  it('leaves are all values at any depth', () => {
    const { leaves } = { leaves: new FactView(factOf({ at: 0, raw: { a: [1, { b: 'x' }], c: null } })).leaves() };
    expect(leaves).toEqual(expect.arrayContaining([1, 'x', null, 'test.act']));
  });

  it('a value nested without end is cut off, not followed', () => {
    let raw = {};
    for (let depth = 0; depth < 20_000; depth++) raw = { a: raw };
    expect(new FactView(factOf({ at: 0, raw })).leaves()).not.toContain('x');
  });
});
