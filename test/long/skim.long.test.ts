import { expect, it } from 'vitest';
import { Rng } from '../../src/simulate/rng.ts';
import { compareMany } from '../../src/skim/bulk.test-support.ts';

/** 10,000,000 takes about a quarter of an hour. */
const RECORDS = Number(process.env['COSMOWATCH_LONG_RECORDS'] ?? 1_000_000);

it(`the fast way tells what parsing tells, of ${RECORDS.toLocaleString('en-US')} other records`, () => {
  const relevant = (_: string, operation: string): boolean => operation.toLowerCase() === 'delete';
  const { told, counted, wrong } = compareMany(new Rng('long'), RECORDS, relevant);
  expect(wrong).toBeNull();
  expect(counted).toBeGreaterThan(told / 4);
}, 3_600_000);
