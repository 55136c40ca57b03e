import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALPHA, record } from './records.test-support.ts';
import { Refusals } from './refusals.ts';

const refused = (at: number, more: Parameters<typeof record>[0] | object = {}) =>
  record({ at, action: 'cosmosdb.keys.list', outcome: 'failure', ...more });
const readonly = (at: number, actor = 'ann') => record({ at, action: 'cosmosdb.keys.list_readonly', actor });

describe('the full keys were refused before', () => {
  it.each([
    ['a minute before, to the second', [refused(0)], readonly(60), true],
    ['in the same second', [refused(5)], readonly(5), true],
    ['longer ago', [refused(0)], readonly(60.5), false],
    ['afterwards', [refused(10)], readonly(9), false],
    ['to somebody else', [refused(0)], readonly(1, 'bob'), false],
    ['of another account', [refused(0, { account: `${ALPHA}2` })], readonly(1), false],
    ['never: it worked', [refused(0, { outcome: 'success' })], readonly(1), false],
    ['never: it was another read', [refused(0, { action: 'cosmosdb.connection_strings.list' })], readonly(1), false],
    ['to nobody who is named', [refused(0, { actor: null })], record({ at: 1, action: 'x', actor: null }), false],
  ])('%s', (_, refusals, read, expected) => {
    const seen = new Refusals();
    for (const one of refusals) seen.saw(one);
    expect(seen.precede(read)).toBe(expected);
  });

  it('whatever their order and number, as each of them alone says', () => {
    const seconds = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 40 });
    fc.assert(
      fc.property(seconds, fc.integer({ min: 0, max: 1100 }), (times, at) => {
        const seen = new Refusals();
        for (const time of times) seen.saw(refused(time));
        expect(seen.precede(readonly(at))).toBe(times.some((time) => time <= at && at <= time + 60));
      }),
      { numRuns: 500 },
    );
  });
});
