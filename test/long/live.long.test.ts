import { describe, it } from 'vitest';
import { course, difference, differenceInOrder } from '../support/live.ts';
import { law } from '../support/reading/runs.ts';

/**
 * Orders of arrival, on other streams each time: a failure prints the seed to run it again. All 10,000 of them take some 25 minutes of one
 * core: COSMOWATCH_LONG_ORDERS=10000.
 */
const ORDERS = Number(process.env['COSMOWATCH_LONG_ORDERS'] ?? 800);
const SEED = Number(process.env['COSMOWATCH_SEED'] ?? Math.floor(Math.random() * 0x7fffffff));
const PARTS = Array.from({ length: 20 }, (_, part) => part);

describe('live detection ends with the alerts of a scan', () => {
  it.each(PARTS)('in any course, part %i', (part) => {
    law(course, difference, { numRuns: ORDERS / PARTS.length, seed: SEED + part });
  });

  it.each(PARTS.slice(0, 4))('with silence, where records come when they happen, part %i', (part) => {
    law(course, differenceInOrder, { numRuns: ORDERS / 10 / 4, seed: SEED + 100 + part });
  });
});
