import { expect, it } from 'vitest';
import { Rng } from './rng.ts';

function draws(seed: string | number, count = 50): number[] {
  const rng = new Rng(seed);
  return Array.from({ length: count }, () => rng.next());
}

it('a seed decides every number', () => {
  expect(draws('a')).toEqual(draws('a'));
  expect(draws(7)).toEqual(draws('7'));
  expect(draws('a')).not.toEqual(draws('b'));
});

it('numbers are spread over [0, 1)', () => {
  const numbers = draws('spread', 10_000);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  const tenths = new Map<number, number>();
  for (const number of numbers) tenths.set(Math.floor(number * 10), (tenths.get(Math.floor(number * 10)) ?? 0) + 1);
  expect([...tenths.values()].every((count) => count > 850 && count < 1150)).toBe(true);
});

it('ids look like ids and do not repeat', () => {
  const rng = new Rng('ids');
  const ids = Array.from({ length: 5000 }, () => rng.uuid());
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))).toEqual([]);
});

it.each([
  [0, 0],
  [1, 100],
])('a chance of %s comes true %s times in 100', (share, times) => {
  const rng = new Rng('chance');
  expect(Array.from({ length: 100 }, () => rng.chance(share)).filter(Boolean)).toHaveLength(times);
});
