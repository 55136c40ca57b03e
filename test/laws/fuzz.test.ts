import { expect, it } from 'vitest';
import { fuzzRules } from '../support/fuzz.ts';

/** `test/long` goes on with 100,000. */
it('1,000 rules with something changed: no crash, no more work than a rule may make, nothing polluted', () => {
  const { loaded, largest, misplaced, cureless, polluted } = fuzzRules(1000, [], 1);
  expect(loaded).toBeGreaterThan(300);
  expect(largest).toBeLessThan(10_000);
  expect(misplaced).toEqual([]);
  expect(cureless).toEqual([]);
  expect(polluted).toEqual([]);
});
