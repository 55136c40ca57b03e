import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternOf } from './engine.test-support.ts';
import { compilePattern } from './text.ts';

describe('a text matches a pattern', () => {
  it.each([
    ['the whole text', 'list', 'list', true],
    ['not a part of it', 'list', 'listKeys', false],
    ['in any case', 'LISTkeys', 'listKEYS', true],
    ['beyond ASCII', 'ÄRGER', 'ärger', true],
    ['a sigma at the end of a word or not', 'ΟΔΟΣ*', 'οδοσα', true],
    ['at the start', 'list*', 'listKeys', true],
    ['at the end', '*keys', 'listKeys', true],
    ['anywhere', '*stk*', 'listKeys', true],
    ['start and end may not overlap', 'aba*aba', 'ababa', false],
    ['parts in order', 'a*b*c', 'a-b-c', true],
    ['parts out of order', 'a*c*b', 'a-b-c', false],
    ['the last part is bound to the end', 'a*b', 'ab-b-', false],
    ['a part may stand twice', '*a*a*', 'a', false],
    ['any may be nothing', 'a*b', 'ab', true],
    ['any reaches over lines', 'a*b', 'a\n\nb', true],
    ['one is one', 'a?c', 'abc', true],
    ['one is not none', 'a?c', 'ac', false],
    ['one is a character, not a UTF-16 unit', 'a?c', 'a😀c', true],
    ['one after any', '*?c', 'c', false],
    ['any and one', '?*?', 'ab', true],
    ['nothing is the empty text', '', '', true],
    ['nothing is no text', '', 'a', false],
    ['any is every text', '*', '', true],
  ])('%s', (_, pattern, text, expected) => {
    expect(compilePattern(patternOf(pattern), false)(text)).toBe(expected);
  });

  it('cased: letter by letter', () => {
    expect(compilePattern(patternOf('*Keys'), true)('listKeys')).toBe(true);
    expect(compilePattern(patternOf('*Keys'), true)('listkeys')).toBe(false);
  });

  it('as a regular expression says', () => {
    const letters = (of: string, maxLength: number) => fc.string({ unit: fc.constantFrom(...of), maxLength });
    fc.assert(
      fc.property(letters('ab*?', 7), letters('ab', 10), (pattern, text) => {
        const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
        expect(compilePattern(patternOf(pattern), true)(text)).toBe(new RegExp(`^${source}$`, 'su').test(text));
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['*a*a*a*a*a*a*a*a*b', '*a?a?a?a?a?a?a?a*b', 'a*a*a*a*a*a*a?b'])(
    '%s gives up soon on a long text',
    (pattern) => {
      expect(compilePattern(patternOf(pattern), false)('a'.repeat(200_000))).toBe(false);
    },
  );
});
