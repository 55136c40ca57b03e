import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.ts';

const WORDS = ['scan', 'demo', 'rules', 'simulate', 'explain'];

describe('nearest', () => {
  it.each([
    ['a swap of neighbours', 'sacn', 'scan'],
    ['a missing letter', 'rule', 'rules'],
    ['a letter too many', 'demoo', 'demo'],
    ['a wrong letter', 'scam', 'scan'],
    ['two mistakes in a long word', 'simualtd', 'simulate'],
    ['another case', 'SCAN', 'scan'],
    ['the word itself', 'explain', 'explain'],
    ['nothing like it', 'weather', null],
    ['two mistakes in a short word', 'scxx', null],
    ['an empty word', '', null],
  ])('%s: %s', (_name, word, expected) => {
    expect(nearest(word, WORDS)).toBe(expected);
  });

  it('the first of equally near ones wins', () => {
    expect(nearest('cat', ['bat', 'rat'])).toBe('bat');
    expect(nearest('cat', ['rat', 'bat'])).toBe('rat');
  });

  it('finds nothing among nothing', () => {
    expect(nearest('scan', [])).toBeNull();
  });

  it('finds a word with one letter changed, whatever the word', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{3,12}$/), fc.nat(), fc.constantFrom('', '-', '--'), (word, at, added) => {
        const i = at % word.length;
        expect(nearest(word.slice(0, i) + (added[0] ?? '') + word.slice(i + 1), [word])).toBe(word);
      }),
    );
  });
});
