import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Match } from './ir.ts';
import { simplify } from './simplify.ts';

const leaf = (name: string): Match => ({ kind: 'field', field: name, test: { kind: 'exists', value: true } });
const TRUE: Match = { kind: 'constant', value: true };
const FALSE: Match = { kind: 'constant', value: false };
const all = (...of: Match[]): Match => ({ kind: 'all', of });
const any = (...of: Match[]): Match => ({ kind: 'any', of });
const not = (of: Match): Match => ({ kind: 'not', of });

/** Reads a match over events that are sets of field names. */
function holds(match: Match, event: ReadonlySet<string>): boolean {
  switch (match.kind) {
    case 'all':
      return match.of.every((part) => holds(part, event));
    case 'any':
      return match.of.some((part) => holds(part, event));
    case 'not':
      return !holds(match.of, event);
    case 'field':
      return event.has(match.field);
    case 'keyword':
      return event.size > 0;
    case 'constant':
      return match.value;
  }
}

const names = ['a', 'b', 'c'];
const { tree } = fc.letrec<{ tree: Match }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(...names.map(leaf), TRUE, FALSE),
    fc.array(tie('tree'), { maxLength: 4 }).map((of) => all(...of)),
    fc.array(tie('tree'), { maxLength: 4 }).map((of) => any(...of)),
    tie('tree').map(not),
  ),
}));

describe('simplify', () => {
  it.each([
    ['flattens', all(leaf('a'), all(leaf('b'), leaf('c'))), all(leaf('a'), leaf('b'), leaf('c'))],
    [
      'keeps groups of another kind',
      all(leaf('a'), any(leaf('b'), leaf('c'))),
      all(leaf('a'), any(leaf('b'), leaf('c'))),
    ],
    ['undoes groups of one', any(all(leaf('a'))), leaf('a')],
    [
      'drops what stands twice',
      any(leaf('a'), leaf('a'), not(leaf('b')), not(leaf('b'))),
      any(leaf('a'), not(leaf('b'))),
    ],
    ['double negation', not(not(leaf('a'))), leaf('a')],
    ['false in all', all(leaf('a'), FALSE), FALSE],
    ['true in all', all(leaf('a'), TRUE), leaf('a')],
    ['true in any', any(leaf('a'), not(FALSE)), TRUE],
    ['all of nothing', all(), TRUE],
    ['any of nothing', any(), FALSE],
  ])('%s', (_, match, expected) => {
    expect(simplify(match)).toEqual(expected);
  });

  it('never changes a match, and is done after one time', () => {
    fc.assert(
      fc.property(tree, fc.subarray(names), (match, present) => {
        const short = simplify(match);
        expect(holds(short, new Set(present))).toBe(holds(match, new Set(present)));
        expect(simplify(short)).toEqual(short);
      }),
      { numRuns: 2000 },
    );
  });
});
