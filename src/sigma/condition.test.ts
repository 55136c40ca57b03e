import { describe, expect, it } from 'vitest';
import { type Condition, parseCondition, patternMatches } from './condition.ts';
import { Problems } from './diagnostic.ts';
import type { Scalar } from './tree.ts';

function scalar(text: string): Scalar {
  return {
    kind: 'scalar',
    value: text,
    text,
    quoted: false,
    span: { line: 1, column: 1, length: text.length },
    textAt: 0,
  };
}

function parse(text: string): { shown: string | null; problems: string[] } {
  const problems = new Problems('f');
  const condition = parseCondition(scalar(text), problems);
  return {
    shown: condition && show(condition),
    problems: problems.found.map(({ code, column }) => `${code}@${column}`),
  };
}

function show(condition: Condition): string {
  switch (condition.kind) {
    case 'name':
      return condition.name;
    case 'of':
      return `${condition.quantifier}(${condition.pattern})`;
    case 'not':
      return `!${show(condition.of)}`;
    default:
      return `(${condition.of.map(show).join(condition.kind === 'and' ? ' & ' : ' | ')})`;
  }
}

describe('parseCondition', () => {
  it.each([
    ['a name', 'selection', 'selection'],
    ['not before and before or', 'not a and b or c', '((!a & b) | c)'],
    ['parentheses', 'a and (b or c)', '(a & (b | c))'],
    ['1 of', '1 of sel_*', 'any(sel_*)'],
    ['any of', 'any of sel_*', 'any(sel_*)'],
    ['all of them', 'all of them', 'all(*)'],
    ['not 1 of', 'a and not 1 of filter_*', '(a & !any(filter_*))'],
    ['double negation', 'not not a', 'a'],
    ['names that begin like words', 'note and order', '(note & order)'],
    ['a star in the middle', '1 of *_x_*', 'any(*_x_*)'],
    ['no spaces at parentheses', 'a and(b)', '(a & b)'],
  ])('%s', (_, text, shown) => {
    expect(parse(text)).toEqual({ shown, problems: [] });
  });

  it.each([
    ['upper case operator', 'a AND b', 'CW-3005@3'],
    ['upper case not', 'NOT a', 'CW-3005@1'],
    ['ends early', 'a and', 'CW-3005@1'],
    ['begins with an operator', 'or a', 'CW-3005@1'],
    ['two names', 'a b', 'CW-3005@3'],
    ['2 of', '2 of x*', 'CW-3005@1'],
    ['not closed', '(a or b', 'CW-3005@1'],
    ['never opened', 'a)', 'CW-3005@2'],
    ['empty parentheses', '()', 'CW-3005@2'],
    ['of nothing', '1 of', 'CW-3005@1'],
    ['aggregation', 'a | count() by b > 5', 'CW-3006@3'],
    ['near', 'a | near b', 'CW-3006@3'],
    ['nested too deep', `${'('.repeat(65)}a${')'.repeat(65)}`, 'CW-3005@65'],
  ])('refuses: %s', (_, text, problem) => {
    expect(parse(text)).toEqual({ shown: null, problems: [problem] });
  });
});

describe('patternMatches', () => {
  it.each([
    ['them', '*', 'a', true],
    ['them, not underscored', '*', '_a', false],
    ['underscored, asked for', '_*', '_a', true],
    ['a name is no prefix', 'selection', 'selection_extra', false],
    ['prefix', 'sel*', 'selection', true],
    ['suffix', '*_x', 'a_x', true],
    ['middle', 'a*b*c', 'a1b2c', true],
    ['middle, out of order', 'a*b*c', 'acb', false],
    ['overlap', 'ab*ba', 'aba', false],
    ['no regular expression', 'a.c', 'abc', false],
  ])('%s', (_, pattern, name, expected) => {
    expect(patternMatches(pattern, name)).toBe(expected);
  });
});
