import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64, base64Offsets, dashVariants, utf16 } from './encode.ts';
import { open, parseText, writeText } from './text.ts';

const ANY = { wild: 'any' } as const;
const ONE = { wild: 'one' } as const;

describe('parseText', () => {
  it.each([
    ['plain', 'C:\\Windows', ['C:\\Windows']],
    ['star', 'a*b', ['a', ANY, 'b']],
    ['question mark', 'a?b', ['a', ONE, 'b']],
    ['escaped star', '\\*', ['*']],
    ['backslash and wildcard', 'a\\\\*', ['a\\', ANY]],
    ['backslash and literal star', 'a\\\\\\*', ['a\\*']],
    ['two backslashes', '\\\\\\\\', ['\\\\']],
    ['backslash at the end', 'end\\', ['end\\']],
    ['all at once', 'escaped\\*\\?\\\\*?', ['escaped*?\\', ANY, ONE]],
    ['doubled star', '**', [ANY]],
    ['empty', '', []],
  ])('%s', (_, text, pieces) => {
    expect(parseText(text)).toEqual(pieces);
  });

  it('reads back what writeText wrote', () => {
    const literal = fc.string({ unit: fc.constantFrom('\\', '*', '?', 'a', ' '), maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            literal,
            fc.constant('*').map(() => ANY),
          ),
          { maxLength: 6 },
        ),
        (pieces) => {
          const canonical = parseText(writeText(pieces));
          expect(parseText(writeText(canonical))).toEqual(canonical);
          expect(canonical.filter((piece) => typeof piece === 'string').join('')).toBe(
            pieces.filter((piece) => typeof piece === 'string').join(''),
          );
        },
      ),
    );
  });

  it('opens a side once', () => {
    expect(open(['a'], 'both')).toEqual([ANY, 'a', ANY]);
    expect(open([ANY, 'a'], 'both')).toEqual([ANY, 'a', ANY]);
    expect(open(['a\\'], 'after')).toEqual(['a\\', ANY]);
    expect(open([], 'both')).toEqual([ANY]);
  });
});

describe('encodings', () => {
  it('base64offset cuts what the neighbours decide', () => {
    expect(base64Offsets('foobar', false)).toEqual(['Zm9vYmFy', 'Zvb2Jhc', 'mb29iYX']);
  });

  it('finds the text at any offset inside any base64', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 5 }),
        fc.string({ minLength: 3, maxLength: 12 }),
        fc.string({ maxLength: 5 }),
        (a, b, c) => {
          const whole = Buffer.from(a + b + c).toString('base64');
          expect(base64Offsets(b, false).some((part) => whole.includes(part))).toBe(true);
        },
      ),
    );
  });

  it.each([
    ['le', 'YwBtAGQA'],
    ['be', 'AGMAbQBk'],
    ['bom', '//5jAG0AZAA='],
  ] as const)('utf16 %s before base64', (form, expected) => {
    expect(base64(utf16('cmd', form), true)).toBe(expected);
  });

  it('windash changes every dash at the start of a word, in all permutations', () => {
    const texts = dashVariants(['-param-1 /param2'])!.map((pieces) => pieces.join(''));
    expect(texts).toHaveLength(25);
    expect(texts).toContain('/param-1 \u2015param2');
    expect(texts).toContain('\u2013param-1 \u2014param2');
    expect(dashVariants(['-a -b -c -d -e -f'])).toBeNull();
  });
});
