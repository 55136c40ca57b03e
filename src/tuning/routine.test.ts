import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVELS, levelRank } from '../ir/ir.ts';
import { keepMarks, type Marks } from './routine.ts';
import { Routines } from './routines.ts';
import { type Read, raisedBy } from './tuning.test-support.ts';

/** What is said of each of these reads, in their order. */
function marksOf(reads: readonly Read[], isRoutine?: boolean): Marks[] {
  const routines = new Routines();
  return reads.map((read) => {
    const { level, routine, levelReason } = routines.mark(raisedBy(read, isRoutine)).alert;
    return { level, routine, levelReason };
  });
}

function lastOf(reads: readonly Read[], isRoutine?: boolean): Marks {
  return marksOf(reads, isRoutine).at(-1)!;
}

const nights = (count: number, more: Partial<Read> = {}): Read[] =>
  Array.from({ length: count }, (_, day) => ({ day, hour: 4, ...more }));

describe('a routine', () => {
  it('is recognised after 3 times on 3 days, and says since when, when, who and from where', () => {
    expect(marksOf(nights(5)).map(({ level }) => level)).toEqual(['medium', 'medium', 'medium', 'low', 'low']);
    expect(lastOf(nights(28)).levelReason).toBe(
      'routine: 27 times since 2 Nov, about 04:00, by terraform from 198.51.100.7',
    );
  });

  it('has one id, whatever is read beside it', () => {
    const ids = new Set(marksOf(nights(9)).flatMap(({ routine }) => routine ?? []));
    expect([...ids]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
    const beside = nights(9).flatMap((read) => [read, { ...read, hour: 9, actor: 'ada' }]);
    expect(marksOf(beside)[16]?.routine).toBe([...ids][0]);
  });

  it.each<[string, readonly Read[], Read, string, RegExp | null]>([
    ['3 times on 2 days', [...nights(2), { day: 1, hour: 16 }], { day: 2, hour: 4 }, 'medium', null],
    ['the hour is not judged before 5 times', nights(4), { day: 4, hour: 16 }, 'low', /^routine: 4 times/],
    ['an hour before', nights(5), { day: 5, hour: 3 }, 'low', /^routine/],
    ['two hours later', nights(5), { day: 5, hour: 6 }, 'medium', /^not the routine: at 06:00; 5 times/],
    ['another address', nights(5), { day: 5, hour: 4, address: '203.0.113.9' }, 'medium', /from 203.0.113.9; 5/],
    ['no address', nights(5), { day: 5, hour: 4, address: '' }, 'medium', /an address that is not known/],
    ['another application', nights(5), { day: 5, hour: 4, application: 'x' }, 'medium', /with application x; 5/],
    [
      'another address at another hour',
      nights(5),
      { day: 5, hour: 23, address: '203.0.113.9' },
      'high',
      /^unlike the routine: from 203.0.113.9 and at 23:00/,
    ],
    [
      'another address with another application',
      nights(3),
      { day: 5, hour: 4, address: '203.0.113.9', application: 'x' },
      'high',
      /^unlike the routine: from 203.0.113.9 and with application x/,
    ],
    ['another caller', nights(5), { day: 5, hour: 4, actor: 'eve' }, 'medium', /first time by this caller; one other/],
    ['far more at once', nights(5), { day: 5, hour: 4, count: 40 }, 'medium', /40 at once, 3 at most before/],
    ['8 days later', nights(5), { day: 12, hour: 4 }, 'low', /^routine/],
    ['9 days later', nights(5), { day: 13, hour: 4 }, 'medium', /^not routine any more/],
    ['a level that is lower already', nights(5), { day: 5, hour: 4, level: 'informational' }, 'informational', /^rou/],
    [
      'critical is never made',
      nights(5, { level: 'high' }),
      { day: 5, hour: 16, address: '', level: 'high' },
      'high',
      /^unlike/,
    ],
  ])('%s', (_what, before, now, level, reason) => {
    const marks = lastOf([...before, now]);
    expect(marks.level).toBe(level);
    if (reason === null) expect(marks.levelReason).toBeNull();
    else expect(marks.levelReason).toMatch(reason);
    expect(marks.routine === null).toBe(!(reason?.source.startsWith('^rou') ?? false));
  });

  it('what came once teaches nothing: an address is usual after 3 days, and its hours with it', () => {
    const stolen = (day: number): Read => ({ day, hour: 22, address: '203.0.113.9' });
    const reads = [...nights(9), stolen(9), { ...stolen(9), minute: 50 }, stolen(10), { day: 11, hour: 22 }];
    expect(
      marksOf(reads)
        .slice(9)
        .map(({ level }) => level),
    ).toEqual(['high', 'high', 'high', 'medium']);
    expect(lastOf([...nights(9), stolen(9), stolen(10), stolen(11), stolen(12)]).level).toBe('low');
  });

  it.each<[string, Partial<Read>, boolean | undefined]>([
    ['a rule that does not say so', {}, undefined],
    ['a rule that says no', {}, false],
    [
      'an account that became weaker',
      { changes: [{ property: 'ipRules', before: [], after: ['x'], effect: 'weakened', exposure: 'ranges' }] },
      true,
    ],
    ['a caller that is not certain', { caller: 'likely' }, true],
    ['a caller that is not known', { caller: 'unknown', actors: [] }, true],
    [
      'several callers',
      {
        actors: ['a', 'b'].map((id) => ({ id, name: id, type: 'user', appId: null, appName: null })),
      },
      true,
    ],
  ])('is never %s', (_what, more, isRoutine) => {
    const marks = isRoutine === undefined ? marksOfSilent(nights(9, more)) : marksOf(nights(9, more), isRoutine);
    expect(marks.map(({ level, routine }) => [level, routine])).toEqual(Array(9).fill(['medium', null]));
  });

  function marksOfSilent(reads: readonly Read[]): Marks[] {
    const routines = new Routines();
    return reads.map((read) => {
      const { alert, detail } = raisedBy(read);
      const { routine: _, ...rule } = detail.rule;
      return routines.mark({ alert, detail: { ...detail, rule } }).alert;
    });
  }

  it('is of what is done, not only of who does it: another container is another one', () => {
    const purge = (day: number, container: string): Read => ({
      ...{ day, hour: 2, level: 'medium', count: 200 },
      key: { 'cosmosdb.account': 'a', 'cosmosdb.container_id': container, 'actor.id': 'terraform' },
    });
    const reads = [0, 1, 2, 3, 4].map((day) => purge(day, 'sessions'));
    expect(
      marksOf([...reads, purge(5, 'sessions'), purge(5, 'orders')])
        .slice(5)
        .map(({ level }) => level),
    ).toEqual(['low', 'medium']);
  });

  it.each([
    ['office hours', [9, 11, 13, 16, 10, 14], 'between 09:00 and 17:00'],
    ['around midnight', [23, 0, 1, 23, 0, 1], 'between 23:00 and 02:00'],
    ['all day', [0, 4, 8, 12, 16, 20], 'at any hour'],
  ])('hours in words: %s', (_what, hours, words) => {
    const reads = Array.from({ length: 4 }, () => hours)
      .flat()
      .map((hour, day): Read => ({ day, hour }));
    expect(lastOf([...reads, { day: reads.length, hour: hours[0]! }]).levelReason).toContain(words);
  });
});

const read = fc.record({
  day: fc.integer({ min: 0, max: 40 }),
  hour: fc.integer({ min: 0, max: 23 }),
  actor: fc.constantFrom('a', 'b'),
  address: fc.constantFrom('198.51.100.7', '203.0.113.9', ''),
  application: fc.constantFrom('x', 'y'),
  count: fc.integer({ min: 1, max: 60 }),
  level: fc.constantFrom(...LEVELS),
});
const reads = fc.array(read, { maxLength: 60 }).map((all) => all.sort((a, b) => a.day - b.day || a.hour - b.hour));

describe('laws of routines', () => {
  it('law: nothing is lowered before it was done 3 times on 3 days, from there and with that', () => {
    fc.assert(
      fc.property(reads, (all) => {
        for (const [at, { level, routine }] of marksOf(all).entries()) {
          const now = all[at]!;
          if (routine === null) expect(levelRank(level)).toBeGreaterThanOrEqual(levelRank(now.level));
          else {
            const alike = all.slice(0, at).filter(({ actor }) => actor === now.actor);
            for (const part of ['address', 'application'] as const) {
              const days = new Set(alike.filter((one) => one[part] === now[part]).map(({ day }) => day));
              expect(days.size).toBeGreaterThanOrEqual(3);
            }
          }
        }
      }),
    );
  });

  it('law: what comes later changes nothing of what was said before', () => {
    fc.assert(
      fc.property(reads, fc.nat(), (all, cut) => {
        const part = all.slice(0, cut % (all.length + 1));
        expect(marksOf(all).slice(0, part.length)).toEqual(marksOf(part));
      }),
    );
  });

  it('law: a follow-up only raises', () => {
    const marks = fc.record({
      level: fc.constantFrom(...LEVELS),
      routine: fc.constantFrom(null, 'r'),
      levelReason: fc.constantFrom(null, 'why'),
    });
    fc.assert(
      fc.property(marks, marks, fc.constantFrom(...LEVELS), (before, now, level) => {
        const kept = keepMarks(before, now, level);
        if (before.routine === null) expect(kept.routine).toBeNull();
        if (kept.routine !== null) expect(kept.levelReason).toBe(before.levelReason);
      }),
    );
  });
});
