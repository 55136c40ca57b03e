import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Correlation, Rule } from '../ir/ir.ts';
import { Absence, type AbsenceEnd, type Gone } from './absence.ts';
import { Compiled } from './compile.ts';
import { correlationOf, detectionOf, factOf, field, IdTally, run, textTest, told } from './engine.test-support.ts';
import type { Silence } from './ports.ts';

const RECORD = detectionOf('record', field('event.family', 'DataPlaneRequests'), { alerts: false });
const TOUCH = detectionOf('touch', 'test.touch', { alerts: false });

/** No record of an account for more than 100 s; whoever touched logging up to 1,000 s before the last one. */
function silenceOf(changed: Parameters<typeof correlationOf>[2] = {}): Correlation {
  return correlationOf('silence', ['record'], {
    window: 100,
    conditions: [{ op: 'lt', value: 1 }],
    touchedBy: { rule: 'id-touch', within: 1000 },
    ...changed,
  });
}

function absenceOf(rule = silenceOf()): Absence {
  return new Absence(new Compiled([RECORD, TOUCH, rule]));
}

const record = (account: string | null, family = 'DataPlaneRequests') => ({
  'event.family': family,
  'cosmosdb.account': account,
});

function finish(absence: Absence, end: number, changed: Partial<AbsenceEnd> = {}): Silence[] {
  return absence.finish({
    end,
    since: 0,
    declared: [],
    deletions: () => [],
    touches: () => [],
    newTally: () => new IdTally(),
    ...changed,
  });
}

function shown({ key, lastRecord, opened, last, ended }: Silence): string {
  return `${Object.values(key).join(' ')} after ${lastRecord ?? '-'}: ${opened}-${last}${ended === null ? '' : ended === 'account_deleted' ? ' gone' : ' ended'}`;
}

interface Case {
  readonly records: readonly number[];
  readonly end: number;
  readonly declared?: boolean;
  readonly since?: number;
  readonly gone?: readonly Gone[];
}

function silencesOf({ records, end, declared = false, since = 0, gone = [] }: Case): string[] {
  const absence = absenceOf();
  for (const second of records) absence.seen(record('x'), second);
  return finish(absence, end, { since, declared: declared ? ['x'] : [], deletions: () => gone }).map(shown);
}

const FOREVER = Number.POSITIVE_INFINITY;

describe('a silence', () => {
  it.each<[string, Case, string[]]>([
    ['longer than the window', { records: [0, 102], end: 102 }, ['x after 0: 101-102 ended']],
    ['of a second more than the window', { records: [0, 101], end: 101 }, ['x after 0: 101-101 ended']],
    ['of just the window is none', { records: [0, 100], end: 100 }, []],
    ['up to the end of the clock is open', { records: [0], end: 500 }, ['x after 0: 101-500']],
    ['up to the end, of just the window', { records: [0], end: 100 }, []],
    ['two', { records: [0, 200, 500], end: 500 }, ['x after 0: 101-200 ended', 'x after 200: 301-500 ended']],
    ['never seen nor declared', { records: [], end: 9999 }, []],
    ['declared and never seen', { records: [], end: 150, declared: true }, ['x after -: 101-150']],
    ['declared, from --since on', { records: [], end: 150, declared: true, since: 49 }, ['x after -: 150-150']],
    ['declared, seen late', { records: [300], end: 300, declared: true }, ['x after -: 101-300 ended']],
    ['declared, seen at once', { records: [0, 50], end: 120, declared: true }, []],
    ['declared, seen before --since', { records: [10], end: 120, declared: true, since: 50 }, ['x after 10: 111-120']],
    [
      'ends with the account',
      { records: [0], end: 900, gone: [{ from: 300, to: FOREVER }] },
      ['x after 0: 101-300 gone'],
    ],
    ['shorter than the account lives', { records: [0], end: 900, gone: [{ from: 100, to: FOREVER }] }, []],
    ['of a deleted account is none', { records: [0, 60], end: 900, gone: [{ from: 50, to: FOREVER }] }, []],
    [
      'of an account that is back but not yet seen is none',
      { records: [0], end: 900, gone: [{ from: 50, to: 60 }] },
      [],
    ],
    [
      'of an account that is back and seen',
      { records: [0, 200], end: 900, gone: [{ from: 50, to: 60 }] },
      ['x after 200: 301-900'],
    ],
    [
      'of an account that is deleted twice',
      {
        records: [0, 200],
        end: 900,
        gone: [
          { from: 50, to: 60 },
          { from: 400, to: FOREVER },
        ],
      },
      ['x after 200: 301-400 gone'],
    ],
    [
      'declared, deleted and back: waited for when seen again',
      { records: [], end: 900, declared: true, gone: [{ from: 50, to: 60 }] },
      [],
    ],
  ])('%s', (_, given, expected) => {
    expect(silencesOf(given)).toEqual(expected);
  });
});

describe('which records count', () => {
  it('those of the base rule, by account', () => {
    const absence = absenceOf();
    absence.seen(record('x'), 0);
    absence.seen(record('x', 'ActivityLog'), 90);
    absence.seen(record('y'), 90);
    absence.seen(record(null), 90);
    expect(finish(absence, 150).map(shown)).toEqual(['x after 0: 101-150']);
  });

  it('not those that their few fields cannot decide', () => {
    const unsure = detectionOf('record', field('status', '200'), { alerts: false });
    const absence = new Absence(new Compiled([unsure, TOUCH, silenceOf()]));
    absence.seen(record('x'), 0);
    expect(finish(absence, 999)).toEqual([]);
  });

  it.each<[string, Rule]>([
    ['a field that records do not tell', detectionOf('record', field('status', '200'))],
    ['any value', detectionOf('record', { kind: 'keyword', test: textTest('*x*') })],
    ['another correlation', correlationOf('record', ['touch'], { conditions: [{ op: 'gte', value: 1 }] })],
  ])('%s: silence is judged in a window of facts', (_, base) => {
    const compiled = new Compiled([base, TOUCH, silenceOf()]);
    expect([...compiled.waits]).toEqual([]);
    const facts = [factOf({ at: 0, action: 'test.touch', account: 'x', fields: { status: '200' } })];
    expect(told(compiled, run(compiled, facts, 500))).toContainEqual(expect.stringMatching(/^silence\(x\) 101-500 0/));
  });

  it('by several fields: each category of an account', () => {
    const any = detectionOf('record', '*', { alerts: false });
    const rule = silenceOf({ groupBy: ['cosmosdb.account', 'event.family'] });
    const absence = new Absence(new Compiled([any, TOUCH, rule]));
    for (const [second, family] of [
      [0, 'DataPlaneRequests'],
      [0, 'MongoRequests'],
      [90, 'MongoRequests'],
    ] as const)
      absence.seen({ ...record('x', family), 'event.action': 'test' }, second);
    absence.seen({ 'cosmosdb.account': 'x', 'event.action': 'test' }, 0);
    expect(finish(absence, 150, { declared: ['z'] }).map(shown)).toEqual(['x DataPlaneRequests after 0: 101-150']);
  });

  it('by nothing: the whole input', () => {
    const absence = absenceOf(silenceOf({ groupBy: [] }));
    absence.seen(record('x'), 0);
    absence.seen(record('y'), 90);
    expect(finish(absence, 195).map(shown)).toEqual([' after 90: 191-195']);
  });

  it('a rule that raises no alert watches nothing', () => {
    expect(absenceOf(silenceOf({ alerts: false })).runsOf(record('x'))).toEqual([]);
    expect(absenceOf().runsOf(record('x'))).toHaveLength(1);
  });

  it('unless a correlation counts its silences', () => {
    const then = correlationOf('then', ['silence', 'touch'], { type: 'temporal_ordered', window: 200 });
    const compiled = new Compiled([then, RECORD, TOUCH, silenceOf({ alerts: false })]);
    const absence = new Absence(compiled);
    absence.seen(record('x'), 0);
    const silences = finish(absence, 600);
    const touch = (at: number) => [factOf({ at, action: 'test.touch', account: 'x' })];
    expect(told(compiled, run(compiled, touch(301), 600, silences))).toEqual([
      expect.stringMatching(/^then\(x\) 301-301 2/),
    ]);
    expect(told(compiled, run(compiled, touch(302), 600, silences))).toEqual([]);
    expect(told(compiled, run(compiled, touch(100), 600, silences))).toEqual([]);
  });
});

describe('who touched it', () => {
  const touch = (at: number, id = `t${at}`) => factOf({ at, id, action: 'test.touch' });
  const idsOf = (touches: readonly ReturnType<typeof touch>[], end = 3500) => {
    const absence = absenceOf();
    absence.seen(record('x'), 2000);
    const [silence] = finish(absence, end, { touches: (_, account) => (account === 'x' ? touches : []) });
    return silence?.touches.map(({ id }) => id);
  };

  it('from so long before the last record to the second in which the silence is noticed', () => {
    expect(idsOf([touch(999.9), touch(1000), touch(2101.9), touch(2102)])).toEqual(['t1000', 't2101.9']);
  });

  it('in order of time and id', () => {
    expect(idsOf([touch(2050, 'q'), touch(2050, 'p'), touch(1500)])).toEqual(['t1500', 'p', 'q']);
  });

  it('is summed up', () => {
    const absence = absenceOf();
    absence.seen(record('x'), 0);
    const [silence] = finish(absence, 500, { touches: () => [touch(5)] });
    expect([...(silence!.touched as IdTally).ids]).toEqual(['t5']);
  });
});

describe('laws', () => {
  const seconds = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 30 });

  it('silences are the gaps between records, in whatever order they come', () => {
    fc.assert(
      fc.property(seconds, fc.integer({ min: 0, max: 300 }), (records, after) => {
        const sorted = [...records].sort((a, b) => a - b);
        const end = sorted.at(-1)! + after;
        const expected = [...sorted, end].flatMap((second, index, all) => {
          const last = all[index - 1];
          if (last === undefined || second - last <= 100) return [];
          return [`x after ${last}: ${last + 101}-${second}${index < sorted.length ? ' ended' : ''}`];
        });
        expect(silencesOf({ records, end })).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
