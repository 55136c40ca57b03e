import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Silences } from './silences.ts';

function of(seconds: readonly number[]): Silences {
  const silences = new Silences();
  for (const second of seconds) silences.add(second);
  return silences;
}

describe('the longest silence', () => {
  test.each<[string, number[], number, ReturnType<Silences['longest']>]>([
    ['between two records', [0, 30, 500, 520, 700], 700, { from: 30, to: 500, isOpen: false }],
    ['to the end', [0, 100], 1000, { from: 100, to: 1000, isOpen: true }],
    ['of equals the first', [0, 200, 400], 400, { from: 0, to: 200, isOpen: false }],
    ['none: a minute is no silence', [0, 60, 120], 180, null],
    ['none: one record at the end', [50], 50, null],
    ['whatever the order', [700, 0, 520, 500, 30], 700, { from: 30, to: 500, isOpen: false }],
    ['filled by a record that comes late', [0, 100, 50], 100, null],
    ['cut by a record that comes late', [0, 1000, 300], 1000, { from: 300, to: 1000, isOpen: false }],
  ])('%s', (_name, seconds, end, expected) => {
    expect(of(seconds).longest(end)).toEqual(expected);
  });
});

/** By sorting everything. */
function longestOf(seconds: readonly number[], end: number): number {
  const sorted = [...seconds].sort((a, b) => a - b);
  const gaps = sorted.map((second, at) => (sorted[at + 1] ?? end) - second).filter((gap) => gap > 60);
  return Math.max(0, ...gaps);
}

const END = 2_000_000;
const lengthOf = (silences: Silences): number => {
  const found = silences.longest(END);
  return found === null ? 0 : found.to - found.from;
};
const times = fc.array(fc.integer({ min: 0, max: 1_999_000 }), { minLength: 1, maxLength: 600 });

test('law: records in order of time give the true one, however many silences there are', () => {
  fc.assert(
    fc.property(times, (seconds) => {
      const sorted = [...seconds].sort((a, b) => a - b);
      expect(lengthOf(of(sorted))).toBe(longestOf(seconds, END));
    }),
  );
});

test('law: in any order, none longer than what is told and what was forgotten is missed', () => {
  fc.assert(
    fc.property(times, (seconds) => {
      const silences = of(seconds);
      const [told, truth] = [lengthOf(silences), longestOf(seconds, END)];
      expect(told).toBeLessThanOrEqual(truth);
      expect(truth).toBeLessThanOrEqual(Math.max(told, silences.forgotten));
    }),
  );
});
