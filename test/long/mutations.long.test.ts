import { expect, it } from 'vitest';
import { CELLS } from '../support/cells.ts';
import { mutationFaults, scanWith } from '../support/mutations.ts';

/** Of all cells together. Another seed gives others. */
const ALL = Number(process.env['COSMOWATCH_LONG_MUTATIONS'] ?? 200_000);
const SEED = Number(process.env['COSMOWATCH_LONG_SEED'] ?? 2);

it.each(CELLS.map((cell, at) => [cell.name, at] as const))('%s: mutations of it cost no other record', (_, at) => {
  expect(mutationFaults(at, Math.ceil(ALL / CELLS.length), SEED)).toEqual([]);
});

it.each(Array.from({ length: 50 }, (_, at) => SEED * 1000 + at))(
  'seed %i: a scan of mutations tells the same',
  (seed) => {
    const { alone, among } = scanWith(40, seed);
    expect(among).toEqual(alone);
  },
);
