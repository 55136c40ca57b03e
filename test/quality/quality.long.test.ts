import { beforeAll, describe, expect, it } from 'vitest';
import { isLouder, judgeTenancy, kindFor, type Outcome } from '../support/quality.ts';
import { expectQuiet } from './bars.ts';

/* The bars of docs/quality.md over 200 seeds. */

const SEEDS = 200;

describe('quality over many seeds', () => {
  const outcomes: Outcome[] = [];
  beforeAll(() => {
    for (let number = 0; number < SEEDS; number++) outcomes.push(judgeTenancy(`${number}`, 60, kindFor(number)));
  }, 900_000);

  it('every benign month is quiet', () => {
    expect(outcomes).toHaveLength(SEEDS);
    for (const outcome of outcomes) expectQuiet(outcome);
  });

  it('every theft from elsewhere is louder than every routine alert, and those of known users nearly all high', () => {
    const elsewhere = outcomes.filter(({ theft }) => theft!.kind !== 'from inside');
    expect(elsewhere.filter((outcome) => !isLouder(outcome))).toEqual([]);
    const users = elsewhere.filter(({ theft }) => theft!.kind === 'known user');
    expect(users.length).toBe(SEEDS / 5);
    // After a holiday the routine of a user is closed: the theft keeps the level of its rule.
    expect(users.filter(({ theft }) => theft!.level === 'high').length).toBeGreaterThanOrEqual(36);
  });

  it('at least three in four alerts of ordinary life are told as routine, and none of them above low', () => {
    for (const { routine } of outcomes) {
      expect(routine.lowered / routine.all).toBeGreaterThan(0.75);
      expect(routine.loudest).toBe('low');
    }
  });
});
