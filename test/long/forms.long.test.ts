import fc from 'fast-check';
import { it } from 'vitest';
import { anyPlay, expectTruth, play } from '../acceptance/play.ts';

/** The law of the acceptance tests, on other tenants each time: a failure prints the seed to run it again. */
it('any tenant, in any form: what is raised is what happened', () => {
  fc.assert(
    fc.property(anyPlay, (options) => expectTruth(play(options))),
    { numRuns: 300 },
  );
});
