import fc from 'fast-check';
import { describe, it } from 'vitest';
import { disagreement } from '../support/reading/agreement.ts';
import { law, runs } from '../support/reading/runs.ts';
import { stream } from '../support/reading/streams/streams.ts';

/** The specification is read twice, by the product and by a quadratic program that shares nothing with it. */
describe('the product and the naive reading agree', () => {
  it.each([1, 2, 3, 4])('part %i', (part) => {
    law(fc.record({ stream }), (given) => disagreement(given.stream), runs(part, 0.25));
  });
});
