import fc from 'fast-check';
import { describe, it } from 'vitest';
import { outputOf } from '../support/product.ts';
import { disagreement } from '../support/reading/agreement.ts';
import { law } from '../support/reading/runs.ts';
import { stream, textOf } from '../support/reading/streams/streams.ts';

/** The laws of `test/laws`, on other streams each time: a failure prints the seed to run it again. */
function fresh(): number {
  return Math.floor(Math.random() * 0x7fffffff);
}

describe('laws on fresh streams', () => {
  it('the product and the naive reading agree', () => {
    law(fc.record({ stream }), (given) => disagreement(given.stream), { numRuns: 8000, seed: fresh() });
  });

  it('through the disk as in memory', () => {
    law(
      fc.record({ stream }),
      ({ stream: one }) => {
        const input = { files: [textOf(one)], declared: one.declared };
        return outputOf(input) === outputOf({ ...input, budget: 1 }) ? null : 'the alerts differ';
      },
      { numRuns: 500, seed: fresh() },
    );
  });
});
