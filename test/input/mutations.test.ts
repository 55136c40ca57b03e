import { expect, it } from 'vitest';
import { CELLS } from '../support/cells.ts';
import { mutationFaults, scanWith } from '../support/mutations.ts';

/** `test/long` does this with 200,000 mutations. */
const EACH = Math.ceil(2000 / CELLS.length);

it.each(CELLS.map((cell, at) => [cell.name, at] as const))('%s: mutations of it cost no other record', (_, at) => {
  expect(mutationFaults(at, EACH, 1)).toEqual([]);
});

it('a scan of mutations tells the same about a record between them', () => {
  const { alone, among } = scanWith(20, 3);
  expect(alone).toHaveLength(1);
  expect(among).toEqual(alone);
});
