import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Match, Test } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import { matches as slowly } from '../sigma/evaluate.test-support.ts';
import { factOf, field, textTest } from './engine.test-support.ts';
import { compileMatch } from './match.ts';
import { compilePartial } from './partial.ts';
import { FactView } from './view.ts';

function matches(match: Match, raw: Readonly<Record<string, Json>>): boolean {
  return compileMatch(match)(new FactView({ fields: {}, raw }));
}

const number = (op: Extract<Test, { kind: 'number' }>['op'], value: number): Test => ({ kind: 'number', op, value });
const isNull: Test = { kind: 'null' };
const exists = (value: boolean): Test => ({ kind: 'exists', value });
const regex = (source: string, flags = ''): Test => ({ kind: 'regex', source, flags });
const cidr = (range: string): Test => ({ kind: 'cidr', range });
const week = (value: number): Test => ({ kind: 'time', part: 'week', op: 'eq', value });
const hour = (value: number): Test => ({ kind: 'time', part: 'hour', op: 'eq', value });
const other = (op: Extract<Test, { kind: 'fieldref' }>['op'], cased = false): Test => ({
  kind: 'fieldref',
  other: 'b',
  op,
  cased,
});

describe('a test of the field "a"', () => {
  it.each<[string, Test, Record<string, Json>, boolean]>([
    ['a number is read as text', textTest('429'), { a: 429 }, true],
    ['a boolean is read as text', textTest('true'), { a: true }, true],
    ['any element of a list', textTest('x'), { a: ['y', 'x'] }, true],
    ['null is no text', textTest('null'), { a: null }, false],
    ['an object is no text', textTest('*'), { a: { b: 1 } }, false],
    ['missing', textTest('*'), {}, false],
    ['number', number('gte', 400), { a: 429 }, true],
    ['number as text', number('gte', 400), { a: ' 4.29e2 ' }, true],
    ['text that only starts as a number', number('gte', 4), { a: '429 too many' }, false],
    ['hexadecimal is no number', number('eq', 255), { a: '0xff' }, false],
    ['the empty text is no number', number('eq', 0), { a: '' }, false],
    ['true is no number', number('eq', 1), { a: true }, false],
    ['boolean', { kind: 'boolean', value: true }, { a: true }, true],
    ['boolean as text', { kind: 'boolean', value: false }, { a: 'False' }, true],
    ['1 is not true', { kind: 'boolean', value: true }, { a: 1 }, false],
    ['null: missing', isNull, {}, true],
    ['null: null', isNull, { a: null }, true],
    ['null: in a list', isNull, { a: ['x', null] }, true],
    ['null: not the empty text', isNull, { a: '' }, false],
    ['null: not the empty list', isNull, { a: [] }, false],
    ['exists', exists(true), { a: '' }, true],
    ['exists: null does', exists(true), { a: null }, true],
    ['exists: missing', exists(true), {}, false],
    ['exists not', exists(false), {}, true],
    ['regex anywhere', regex('ist[KC]'), { a: 'listKeys' }, true],
    ['regex cases', regex('LIST'), { a: 'listKeys' }, false],
    ['regex without case', regex('LIST', 'i'), { a: 'listKeys' }, true],
    ['regex by line', regex('^b$', 'm'), { a: 'a\nb' }, true],
    ['regex over lines', regex('a.b', 's'), { a: 'a\nb' }, true],
    ['cidr', cidr('203.0.113.0/24'), { a: '203.0.113.77' }, true],
    ['cidr: outside', cidr('203.0.113.0/24'), { a: '203.0.114.1' }, false],
    ['cidr: an address alone', cidr('203.0.113.7'), { a: '203.0.113.7' }, true],
    ['cidr: IPv6', cidr('2001:db8::/32'), { a: '2001:DB8::1' }, true],
    ['cidr: IPv4 as IPv6', cidr('203.0.113.0/24'), { a: '::ffff:203.0.113.7' }, true],
    ['cidr: other kind', cidr('0.0.0.0/0'), { a: '::1' }, false],
    ['cidr: a number is no address', cidr('0.0.0.0/0'), { a: '1' }, false],
    ['cidr: no address', cidr('0.0.0.0/0'), { a: 'contoso.example' }, false],
    ['the other field: equal', other('equals'), { a: 'X', b: 'x' }, true],
    ['the other field: cased', other('equals', true), { a: 'X', b: 'x' }, false],
    ['the other field: starts', other('startswith'), { a: 'listKeys', b: 'List' }, true],
    ['the other field: ends', other('endswith'), { a: 'listKeys', b: 'keys' }, true],
    ['the other field: contains', other('contains'), { a: 'listKeys', b: 'stk' }, true],
    ['the other field: less', other('lt'), { a: 9, b: '10' }, true],
    ['the other field: equal numbers', other('eq'), { a: 5, b: '5.0' }, true],
    ['the other field: different', other('neq'), { a: 'x', b: 'y' }, true],
    ['the other field: texts have no order', other('lt'), { a: 'x', b: 'y' }, false],
    ['the other field: missing', other('neq'), { a: 'x' }, false],
    ['time: without a zone it is UTC', hour(3), { a: '2026-11-24T03:12:07.1234567' }, true],
    ['time: with a zone', hour(1), { a: '2026-11-24T03:12:07+02:00' }, true],
    ['time: seconds', hour(1), { a: 3600 }, true],
    ['time: the week of a new year may be the old one', week(53), { a: '2027-01-01T00:00:00Z' }, true],
    ['time: no time', hour(0), { a: 'yesterday' }, false],
  ])('%s', (_, test, event, expected) => {
    expect(matches(field('a', test), event)).toBe(expected);
    expect(matches({ kind: 'not', of: field('a', test) }, event)).toBe(!expected);
  });

  it('an expression that kills backtracking engines is quick', () => {
    expect(matches(field('a', regex('(a+)+$')), { a: `${'a'.repeat(100_000)}!` })).toBe(false);
  });

  it('keywords: any value at any depth, also in lists', () => {
    const keyword: Match = { kind: 'keyword', test: textTest('*delete*') };
    expect(matches(keyword, { x: [{ y: 'listKeys' }, { z: ['itemDELETEd'] }] })).toBe(true);
    expect(matches(keyword, { delete: 'a name is no value' })).toBe(false);
  });
});

// Without null in lists: the slow reading has no opinion on it.
const values = fc.constantFrom<Json>('x', 'xy', 'X', '', 1, 2, '2', true, null, ['x', 2], [], { c: 'x' }, [
  { c: 'y' },
  { d: 1 },
]);
const events = fc.dictionary(fc.constantFrom('a', 'A.c', 'b'), values, { maxKeys: 3 });
const tests = fc.constantFrom<Test>(
  textTest('x'),
  textTest('*y'),
  textTest('?'),
  textTest('X', true),
  number('gt', 1),
  number('eq', 2),
  { kind: 'boolean', value: true },
  isNull,
  exists(true),
  exists(false),
  regex('^x'),
  regex('X|y$', 'i'),
  regex('^.?$', 'ms'),
  regex('(x|xy)*y'),
  regex('\\bx\\b'),
  other('equals'),
  other('contains'),
);

const { match: matchesArbitrary } = fc.letrec<{ match: Match }>((tie) => ({
  match: fc.oneof(
    { maxDepth: 3 },
    fc.record({ kind: fc.constant('field' as const), field: fc.constantFrom('a', 'b', 'a.c', 'B'), test: tests }),
    fc.record({ kind: fc.constant('keyword' as const), test: fc.constantFrom(textTest('*x*'), textTest('2')) }),
    fc.record({ kind: fc.constantFrom('all' as const, 'any' as const), of: fc.array(tie('match'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('not' as const), of: tie('match') }),
  ),
}));

function present(name: string, value: Json): Record<string, Json> {
  return value === null ? {} : { [name]: value };
}

describe('laws', () => {
  it('a second, slow reading says the same', () => {
    fc.assert(
      fc.property(matchesArbitrary, events, (match, event) => {
        expect(matches(match, event)).toBe(slowly(match, event));
      }),
      { numRuns: 1000 },
    );
  });

  it('what is said of some fields holds of every event that has them', () => {
    const known = fc.record({ a: fc.constantFrom<Json>('x', 'xy', 1, null), b: fc.constantFrom<Json>('x', '2', null) });
    const rest = fc.dictionary(fc.constantFrom('b', 'd'), values);
    fc.assert(
      fc.property(matchesArbitrary, known, fc.boolean(), rest, (match, { a, b }, isKnown, more) => {
        const event = { ...more, ...present('a', a), ...(isKnown ? present('b', b) : {}) };
        if (isKnown && b === null) delete event['b'];
        const answer = compilePartial(match)({ a, 'a.c': null, ...(isKnown ? { b } : {}) });
        if (answer !== 'maybe') expect(matches(match, event)).toBe(answer === 'yes');
      }),
      { numRuns: 1000 },
    );
  });

  it('canonical fields come first', () => {
    const view = new FactView(factOf({ at: 0, action: 'test.act', raw: { 'event.action': 'raw' } }));
    expect(compileMatch(field('event.action', 'test.act'))(view)).toBe(true);
    expect(compileMatch(field('event.action', 'raw'))(view)).toBe(false);
  });
});
