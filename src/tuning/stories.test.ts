import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVELS, levelRank } from '../ir/ir.ts';
import { type Marks, type Member, marksOf, STORY_WINDOW, UNMARKED } from './stories.ts';

const HOUR = 3600;

function member(id: string, fields: Partial<Member> = {}): Member {
  return { id, rule: 'r', account: 'orders', opened: 0, level: 'medium', ties: ['ann'], marks: UNMARKED, ...fields };
}

function told(members: readonly Member[]): Record<string, Marks> {
  const marks = marksOf(members);
  return Object.fromEntries(members.map(({ id }) => [id, marks.get(id) ?? UNMARKED]));
}

describe('a story', () => {
  it.each<
    [
      name: string,
      members: Member[],
      expected: Record<string, readonly [story: string | null, inhibitedBy: string | null]>,
    ]
  >([
    ['one alert is none', [member('a')], { a: [null, null] }],
    [
      'alerts that share an actor within a day are one, with the id of the first',
      [member('a'), member('b', { opened: 24 * HOUR })],
      { a: ['a', null], b: ['a', null] },
    ],
    [
      'a second more than a day later is none',
      [member('a'), member('b', { opened: 24 * HOUR + 1 })],
      { a: [null, null], b: [null, null] },
    ],
    [
      'a day counts from the first alert, not from the last',
      [member('a'), member('b', { opened: 20 * HOUR }), member('c', { opened: 40 * HOUR })],
      { a: ['a', null], b: ['a', null], c: [null, null] },
    ],
    [
      'other accounts have other stories',
      [member('a'), member('b', { account: 'carts' })],
      { a: [null, null], b: [null, null] },
    ],
    ['other actors too', [member('a'), member('b', { ties: ['bob'] })], { a: [null, null], b: [null, null] }],
    [
      'an alert that belongs to two makes them one',
      [
        member('a'),
        member('b', { opened: 1, ties: ['key'] }),
        member('c', { opened: 1, rule: 's', ties: ['key', 'ann'], level: 'high' }),
      ],
      { a: ['a', 'c'], b: ['a', 'c'], c: ['a', null] },
    ],
    [
      'a stronger alert inhibits those that opened with it or before, not those that come later',
      [member('a'), member('b', { opened: 5, level: 'high' }), member('c', { opened: 5 }), member('d', { opened: 6 })],
      { a: ['a', 'b'], b: ['a', null], c: ['a', 'b'], d: ['a', null] },
    ],
    [
      'the strongest inhibits all, and of two as strong neither the other',
      [
        member('a', { level: 'low' }),
        member('b', { opened: 1 }),
        member('c', { opened: 2, level: 'critical' }),
        member('d', { opened: 3, level: 'critical' }),
      ],
      { a: ['a', 'c'], b: ['a', 'c'], c: ['a', null], d: ['a', null] },
    ],
    [
      'what was decided stays while it holds',
      [
        member('a', { marks: { story: 'x', inhibitedBy: 'b' } }),
        member('b', { opened: 1, level: 'high', marks: { story: 'x', inhibitedBy: null } }),
        member('c', { opened: 2, level: 'critical' }),
      ],
      { a: ['x', 'b'], b: ['x', 'c'], c: ['x', null] },
    ],
    [
      'an inhibitor that is gone, or not stronger any more, inhibits nothing',
      [
        member('a', { level: 'high', marks: { story: 'a', inhibitedBy: 'gone' } }),
        member('b', { opened: 1, level: 'high', marks: { story: 'a', inhibitedBy: 'a' } }),
      ],
      { a: ['a', null], b: ['a', null] },
    ],
  ])('%s', (_name, members, expected) => {
    const marks = Object.entries(expected).map(([id, [story, inhibitedBy]]) => [id, { story, inhibitedBy }] as const);
    expect(told(members)).toEqual(Object.fromEntries(marks));
  });
});

const members = fc
  .array(
    fc.record({
      opened: fc.nat({ max: 3 * STORY_WINDOW }),
      level: fc.constantFrom(...LEVELS),
      account: fc.constantFrom('orders', 'carts'),
      ties: fc.uniqueArray(fc.constantFrom('ann', 'bob', 'key', 'app'), { maxLength: 2 }),
    }),
    { maxLength: 25 },
  )
  .map((list) => list.map((fields, at) => member(`${at}`.padStart(2, '0'), fields)));

describe('whatever alerts there are', () => {
  it('their order changes nothing', () => {
    fc.assert(
      fc.property(
        members.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(told(shuffled)).toEqual({ ...told(list) });
        },
      ),
    );
  });

  it('an alert is only inhibited by a stronger one of its story, and that one by nobody', () => {
    fc.assert(
      fc.property(members, (list) => {
        const marks = told(list);
        for (const one of list) {
          const inhibitor = list.find(({ id }) => id === marks[one.id]!.inhibitedBy);
          if (marks[one.id]!.inhibitedBy === null) continue;
          expect(levelRank(inhibitor!.level)).toBeGreaterThan(levelRank(one.level));
          expect(marks[inhibitor!.id]).toEqual({ story: marks[one.id]!.story, inhibitedBy: null });
        }
      }),
    );
  });

  it('people hear of the strongest of each story', () => {
    fc.assert(
      fc.property(members, (list) => {
        const marks = told(list);
        for (const [, own] of Map.groupBy(list, ({ id }) => marks[id]!.story ?? id)) {
          const most = Math.max(...own.map(({ level }) => levelRank(level)));
          const strongest = own.filter(({ level }) => levelRank(level) === most);
          expect(strongest.map(({ id }) => marks[id]!.inhibitedBy)).toEqual(strongest.map(() => null));
        }
      }),
    );
  });

  it('what was decided is decided again the same', () => {
    fc.assert(
      fc.property(members, (list) => {
        const marks = told(list);
        expect(told(list.map((one) => ({ ...one, marks: marks[one.id]! })))).toEqual(marks);
      }),
    );
  });
});
