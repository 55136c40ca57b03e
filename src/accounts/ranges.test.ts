import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coversEverything, listContains } from './ranges.ts';

describe('does one list let in what the other does', () => {
  const cases: [name: string, outer: string[], inner: string[], expected: boolean][] = [
    ['nothing is in everything', [], [], true],
    ['nothing holds nothing', [], ['203.0.113.7'], false],
    ['an address in its range', ['203.0.113.0/24'], ['203.0.113.7'], true],
    ['a range in a wider one', ['10.0.0.0/8'], ['10.1.0.0/16', '10.2.3.4'], true],
    ['not the other way', ['10.1.0.0/16'], ['10.0.0.0/8'], false],
    ['two halves hold the whole', ['10.128.0.0/9', '10.0.0.0/9'], ['10.0.0.0/8'], true],
    ['with a hole they do not', ['10.0.0.0/9', '10.192.0.0/10'], ['10.0.0.0/8'], false],
    ['bits below the prefix do not count', ['10.1.2.3/8'], ['10.255.0.0/16'], true],
    ['IPv6', ['2001:db8::/32'], ['2001:db8:1::/48'], true],
    ['IPv4 is not in IPv6', ['::/0'], ['203.0.113.7'], false],
    ['any Azure is itself', ['0.0.0.0'], ['0.0.0.0/32'], true],
    ['any Azure is no address', ['0.0.0.0/8'], ['0.0.0.0'], false],
    ['but in everything', ['0.0.0.0/0'], ['0.0.0.0'], true],
    ['any Azure holds no address', ['0.0.0.0'], ['20.0.0.1'], false],
    ['first and last address', ['192.0.2.0/24'], ['192.0.2.7-192.0.2.9'], true],
    ['a range in the middle of first and last', ['192.0.1.0-192.0.3.255'], ['192.0.2.0/24'], true],
    ['beyond the last', ['192.0.2.0-192.0.2.9'], ['192.0.2.10'], false],
    ['last before first is no range', ['192.0.2.9-192.0.2.0'], ['192.0.2.5'], false],
    ['what is no range is itself', ['not-a-range'], ['not-a-range'], true],
    ['and nothing else', ['0.0.0.0/0'], ['not-a-range'], false],
    ['a prefix that is too long is no range', ['203.0.113.7/33'], ['203.0.113.7'], false],
  ];
  it.each(cases)('%s', (_, outer, inner, expected) => {
    expect(listContains(outer, inner)).toBe(expected);
  });

  /** Ranges below 192.0.2.0/28, so that every address can be tried. */
  const range = fc
    .record({ at: fc.nat(15), length: fc.integer({ min: 28, max: 32 }) })
    .map(({ at, length }) => `192.0.2.${at}/${length}`);
  const addresses = Array.from({ length: 16 }, (_, at) => `192.0.2.${at}`);

  it('agrees with trying every address', () => {
    const holds = (list: readonly string[], address: string): boolean =>
      list.some((one) => listContains([one], [address]));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 5 }), fc.array(range, { maxLength: 5 }), (outer, inner) => {
        const expected = addresses.every((address) => !holds(inner, address) || holds(outer, address));
        expect(listContains(outer, inner)).toBe(expected);
      }),
    );
  });
});

describe('is everything let in', () => {
  const cases: [list: string[], expected: boolean][] = [
    [[], false],
    [['0.0.0.0'], false],
    [['0.0.0.0/0'], true],
    [['203.0.113.9/0'], true],
    [['128.0.0.0/1', '0.0.0.0/2', '64.0.0.0/2'], true],
    [['128.0.0.0/1', '0.0.0.0/2'], false],
    [['::/1', '8000::/1'], true],
  ];
  it.each(cases)('%j: %s', (list, expected) => {
    expect(coversEverything(list)).toBe(expected);
  });
});
