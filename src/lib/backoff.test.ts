import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Backoff } from './backoff.ts';

const waits = (random: number, count: number) => {
  const backoff = new Backoff({ first: 1000, most: 60_000, random: () => random });
  return Array.from({ length: count }, () => backoff.next());
};

it('doubles up to the longest wait', () => {
  expect(waits(1, 8)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
});

it('waits at least half of its step', () => {
  expect(waits(0, 3)).toEqual([500, 1000, 2000]);
});

it('starts again after a success', () => {
  const backoff = new Backoff({ first: 1000, most: 60_000, random: () => 1 });
  backoff.next();
  backoff.next();
  expect(backoff.failures).toBe(2);
  backoff.succeeded();
  expect(backoff.failures).toBe(0);
  expect(backoff.next()).toBe(1000);
});

it('never waits less than it was asked to', () => {
  const backoff = new Backoff({ first: 1000, most: 2000, random: () => 1 });
  expect(backoff.next(90_000)).toBe(90_000);
  expect(backoff.next(10)).toBe(2000);
});

it('stays between half of the first step and the longest, however often it fails', () => {
  const run = fc.property(
    fc.integer({ min: 1, max: 5000 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    (count, random) => {
      const all = waits(random, count);
      expect(Math.min(...all)).toBeGreaterThanOrEqual(500);
      expect(Math.max(...all)).toBeLessThanOrEqual(60_000);
    },
  );
  fc.assert(run, { numRuns: 30 });
});
