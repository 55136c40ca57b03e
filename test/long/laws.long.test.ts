import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naiveAlerts } from '../support/naive/alerts.ts';
import { show, stream } from '../support/naive/streams.ts';
import { alertsOf, outputOf } from '../support/product.ts';

/** The laws of `test/laws`, on other streams each time: a failure prints the seed to run it again. */
describe('laws on fresh streams', () => {
  it('the product counts what the naive evaluators count', () => {
    fc.assert(
      fc.property(stream, (records) => {
        const ours = alertsOf([show(records)]).map(
          ({ rule, account, count, level }) => `${rule} ${account} ${count} ${level}`,
        );
        const theirs = naiveAlerts(records).map(
          ({ rule, account, count, level }) => `${rule} ${account} ${count} ${level}`,
        );
        expect(ours.sort(), show(records)).toEqual(theirs.sort());
      }),
      { numRuns: 8000 },
    );
  });

  it('through the disk as in memory', () => {
    fc.assert(
      fc.property(stream, (records) => {
        expect(outputOf([show(records)], { budget: 1 })).toBe(outputOf([show(records)]));
      }),
      { numRuns: 500 },
    );
  });
});
