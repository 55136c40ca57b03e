import { describe, it } from 'vitest';
import { course, difference, differenceInOrder } from '../support/live.ts';
import { law } from '../support/reading/runs.ts';

/** 10,000 orders of arrival, on other streams each time: a failure prints the seed to run it again. */
const SEED = Number(process.env['COSMOWATCH_SEED'] ?? Math.floor(Math.random() * 0x7fffffff));
const PARTS = Array.from({ length: 20 }, (_, part) => part);

describe('live detection ends with the alerts of a scan', () => {
  it.each(PARTS)('in any course, part %i', (part) => {
    law(course, difference, { numRuns: 500, seed: SEED + part });
  });

  it.each(PARTS.slice(0, 4))('with silence, where records come when they happen, part %i', (part) => {
    law(course, differenceInOrder, { numRuns: 250, seed: SEED + 100 + part });
  });
});
