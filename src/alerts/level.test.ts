import { describe, expect, it } from 'vitest';
import { field, levelOf } from '../engine/engine.test-support.ts';
import type { Level, LevelRule } from '../ir/ir.ts';
import { decideLevel } from './level.ts';

const public_ = levelOf({ kind: 'selection', name: 'public', match: field('a', 'x') }, 'critical', 11);
const ranges = levelOf({ kind: 'selection', name: 'ranges', match: field('a', 'y') }, 'medium', 12);
const many = levelOf({ kind: 'count', op: 'gte', value: 100 }, 'high', 13);
const touched = levelOf({ kind: 'touched' }, 'high', 14);
const lower = levelOf({ kind: 'selection', name: 'routine', match: field('a', 'z') }, 'informational', 15);

interface Case {
  readonly levels: readonly LevelRule[];
  /** Per kind of hit, the indexes of `levels` that hold. */
  readonly selections?: readonly (readonly number[])[];
  readonly count?: number;
  readonly touched?: boolean;
}

describe('the level of an alert', () => {
  it.each<[string, Case, Level, string | null]>([
    ['the rule\u2019s own', { levels: [] }, 'low', null],
    ['none holds', { levels: [public_], selections: [[]] }, 'low', null],
    ['a selection', { levels: [public_, ranges], selections: [[1]] }, 'medium', 'ranges 12'],
    ['the first that holds', { levels: [ranges, public_], selections: [[0, 1]] }, 'medium', 'ranges 12'],
    ['the highest of the hits', { levels: [public_, ranges], selections: [[1], [0], []] }, 'critical', 'public 11'],
    ['a hit may lower its own level', { levels: [lower], selections: [[0]] }, 'informational', 'routine 15'],
    ['but not that of another hit', { levels: [lower], selections: [[0], []] }, 'low', null],
    ['the count of the alert', { levels: [many], selections: [[]], count: 100 }, 'high', 'count gte 100 13'],
    ['too low a count', { levels: [many], selections: [[]], count: 99 }, 'low', null],
    ['an alert without hits: its count', { levels: [many], count: 100 }, 'high', 'count gte 100 13'],
    ['touched', { levels: [touched], touched: true }, 'high', 'touched 14'],
    ['not touched', { levels: [touched] }, 'low', null],
  ])('%s', (_, { levels, selections = [], count = 1, touched: isTouched = false }, level, why) => {
    const decided = decideLevel('low', levels, { selections, count, touched: isTouched });
    expect(decided.level).toBe(level);
    expect(decided.why && `${decided.why.when} ${decided.why.line}`).toBe(why);
  });

  it.each([
    ['eq', [false, true, false]],
    ['neq', [true, false, true]],
    ['lt', [true, false, false]],
    ['lte', [true, true, false]],
    ['gt', [false, false, true]],
    ['gte', [false, true, true]],
  ] as const)('count %s', (op, expected) => {
    const levels = [levelOf({ kind: 'count', op, value: 2 }, 'high')];
    const found = [1, 2, 3].map((count) => decideLevel('low', levels, { selections: [], count, touched: false }).level);
    expect(found.map((level) => level === 'high')).toEqual(expected);
  });
});
