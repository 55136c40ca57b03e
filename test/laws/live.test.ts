import { describe, it } from 'vitest';
import { course, difference, differenceInOrder, forgetful, forgettingChanges } from '../support/live.ts';
import { law, runs } from '../support/reading/runs.ts';

/** Whatever the order, the batches, the copies, the restarts and the failures: the alerts are those of a scan of the same records. */
describe('live detection ends with the alerts of a scan', () => {
  it('in any course', () => {
    law(course, difference, runs(40, 0.01));
  });

  it('with silence, where records come when they happen', () => {
    law(course, differenceInOrder, runs(41, 0.01));
  });
});

describe('retention', () => {
  it('takes old alerts and tallies, and changes nothing else that is told', () => {
    law(forgetful, forgettingChanges, runs(42, 0.01));
  });
});
