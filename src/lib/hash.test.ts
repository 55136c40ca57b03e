import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identity } from './hash.ts';

describe('identity', () => {
  it('is the beginning of the SHA-256 of the joined texts, so that other programs can work it out', () => {
    // printf 'a\037b' | sha256sum
    expect(identity('a', 'b')).toBe('f04cdced9736a69da6103f08a4daaf8c');
    expect(identity('')).toBe('e3b0c44298fc1c149afbf4c8996fb924');
    expect(identity('x')).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['case does not count', identity('Alpha', 'B'), identity('alpha', 'b')],
    ['a number is its text', identity('a', 42), identity('a', '42')],
    ['null is the empty text', identity('a', null), identity('a', '')],
    ['undefined is the empty text', identity('a', undefined), identity('a', '')],
  ])('%s', (_name, one, other) => {
    expect(one).toBe(other);
  });

  it('never runs neighbours into each other', () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c') }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        expect(identity(...one) === identity(...other)).toBe(
          one.join('|') === other.join('|') && one.length === other.length,
        );
      }),
    );
  });
});
