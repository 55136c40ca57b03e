import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberText } from './text.ts';

describe('numbers', () => {
  it.each<[number, string]>([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [-1234567, '-1,234,567'],
    [1234.5678, '1,234.568'],
    [0.1, '0.1'],
  ])('%d', (value, text) => expect(numberText(value)).toBe(text));

  it('read as the language itself writes them', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (value) => {
        expect(numberText(value)).toBe(value.toLocaleString('en-US'));
      }),
    );
  });
});
