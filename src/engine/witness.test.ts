import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Match, Piece } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import { compilePartial } from './partial.ts';
import { WitnessIndex, witnessOf } from './witness.ts';

const text = (field: string, pattern: readonly Piece[], cased = false): Match => ({
  kind: 'field',
  field,
  test: { kind: 'text', pattern, cased },
});
const all = (...of: Match[]): Match => ({ kind: 'all', of });
const any = (...of: Match[]): Match => ({ kind: 'any', of });
const not = (of: Match): Match => ({ kind: 'not', of });
const OPERATION = text('operationName', ['Delete']);
const OTHER = text('callerIpAddress', ['10.0.0.1']);

describe('what an event must have', () => {
  it.each<[string, Match, ReturnType<typeof witnessOf>]>([
    ['a text, its case folded', OPERATION, { field: 'operationname', values: ['delete'] }],
    ['one of several parts', all(OTHER, OPERATION), { field: 'operationname', values: ['delete'] }],
    [
      'one of several texts',
      any(OPERATION, text('OPERATIONNAME', ['Read'])),
      { field: 'operationname', values: ['delete', 'read'] },
    ],
    ['an empty text', text('category', []), { field: 'category', values: [''] }],
    ['nothing, where another field may do', any(OPERATION, OTHER), null],
    ['nothing, where two fields are asked', any(OPERATION, text('category', ['x'])), null],
    ['nothing, of none', any(), null],
    ['nothing, of a pattern', text('operationName', ['Del', { wild: 'any' }]), null],
    ['nothing, of what it must not have', not(OPERATION), null],
    [
      'nothing, of a number',
      { kind: 'field', field: 'operationName', test: { kind: 'number', op: 'eq', value: 1 } },
      null,
    ],
    ['nothing, of anything else', OTHER, null],
  ])('%s', (_, match, witness) => {
    expect(witnessOf(match)).toEqual(witness);
  });
});

describe('the index', () => {
  const leaf = fc.oneof(
    fc
      .tuple(
        fc.constantFrom('operationName', 'category', 'event.action', 'x'),
        fc.constantFrom('a', 'B', 'ς', ''),
        fc.boolean(),
      )
      .map(([field, value, cased]) => text(field, [value], cased)),
    fc.constant(text('operationName', ['a', { wild: 'any' }])),
    fc.constant<Match>({ kind: 'keyword', test: { kind: 'text', pattern: ['a'], cased: false } }),
    fc.boolean().map((value): Match => ({ kind: 'constant', value })),
  );
  const match = fc.letrec<{ tree: Match }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }).map((of) => all(...of)),
      fc.array(tie('tree'), { maxLength: 3 }).map((of) => any(...of)),
      tie('tree').map(not),
    ),
  })).tree;
  const known = fc.dictionary(
    fc.constantFrom('operationname', 'category', 'event.action', 'event.family'),
    fc.constantFrom<Json>('A', 'b', 'σ', 'ab', '', null, 1),
  );

  it('leaves out nothing that may match, and keeps the order', () => {
    fc.assert(
      fc.property(fc.array(match, { maxLength: 6 }), known, (matches, fields) => {
        const items = matches.map((one, at) => ({ one, at }));
        const found = new WitnessIndex(items, ({ one }) => one).candidates(fields);
        const possible = items.filter(({ one }) => compilePartial(one)(fields) !== 'no');
        expect(possible.filter((item) => !found.includes(item))).toEqual([]);
        expect(found.map(({ at }) => at)).toEqual(found.map(({ at }) => at).sort((a, b) => a - b));
      }),
      { numRuns: 3000 },
    );
  });

  it('asks nothing that cannot match', () => {
    const items = Array.from({ length: 1000 }, (_, n) => text('operationName', [`op${n}`]));
    expect(new WitnessIndex(items, (one) => one).candidates({ operationname: 'OP7' })).toEqual([items[7]]);
  });
});
