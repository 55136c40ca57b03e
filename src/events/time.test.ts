import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime } from './time.ts';

const T = Date.UTC(2026, 10, 24, 3, 12, 7) * 1000;

describe('times as Azure writes them', () => {
  it.each([
    ['2026-11-24T03:12:07Z', T],
    ['2026-11-24T03:12:07.1Z', T + 100_000],
    ['2026-11-24T03:12:07.123456Z', T + 123_456],
    ['2026-11-24T03:12:07.1234567Z', T + 123_456],
    ['2026-11-24T03:12:07.123456789Z', T + 123_456],
    ['2026-11-24t03:12:07z', T],
    ['2026-11-24 03:12:07', T],
    ['2026-11-24T04:12:07+01:00', T],
    ['2026-11-23T22:12:07-0500', T],
    ['2026-11-24T03:12Z', T - 7_000_000],
    ['Tue, 24 Nov 2026 03:12:07.250 GMT', T + 250_000],
    ['2026-12-31T23:59:60Z', Date.UTC(2026, 11, 31, 23, 59, 59) * 1000],
  ])('%s', (text, expected) => expect(parseTime(text)).toBe(expected));

  it.each([
    '',
    'yesterday',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-24T25:00:00Z',
    '2026-11-24T03:61:00Z',
    '1795490140',
    '2026-11-24T03:12:07.Zx',
  ])('not %s', (text) => expect(parseTime(text)).toBeNull());

  it('agrees with Date.parse to the millisecond', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
        (date) => {
          expect(parseTime(date.toISOString())).toBe(date.getTime() * 1000);
        },
      ),
    );
  });
});
