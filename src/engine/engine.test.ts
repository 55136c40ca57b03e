import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../events/fact.ts';
import type { Correlation, Expression, Rule } from '../ir/ir.ts';
import { Compiled } from './compile.ts';
import { correlationOf, detectionOf, factOf, IdTally, run, told } from './engine.test-support.ts';
import { Engine } from './engine.ts';
import { Window } from './window.ts';

const A = detectionOf('a', 'test.a', { alerts: false });
const B = detectionOf('b', 'test.b', { alerts: false });
const C = detectionOf('c', 'test.c', { alerts: false });

/** `a0 b5.5 a7/v=x/n=3`: action, second, fields. Ids are the places: e0, e1, ... */
function factsOf(line: string): Fact[] {
  return line
    .split(' ')
    .filter((word) => word !== '')
    .map((word, index) => {
      const [head = '', ...parts] = word.split('/');
      const fields = Object.fromEntries(parts.map((part) => part.split('=') as [string, string]));
      const { count = '1', account = 'x', id = `e${index}`, ...rest } = fields;
      const [action, at] = [`test.${head[0]}`, Number(head.slice(1))];
      return factOf({ at, action, id, count: Number(count), account: account === '-' ? null : account, fields: rest });
    });
}

function alertsOf(rules: readonly Rule[], line: string, end: number): string[] {
  const compiled = new Compiled(rules);
  return told(compiled, run(compiled, factsOf(line), end));
}

type Changed = Parameters<typeof correlationOf>[2];
type Timeline = [what: string, changed: Changed, facts: string, end: number, alerts: string[]];

/** Counts `test.a`, window 60 s. */
function check(
  rules: readonly string[],
  changed: Changed,
  facts: string,
  end: number,
  alerts: readonly string[],
): void {
  expect(alertsOf([A, B, C, correlationOf('r', rules, changed)], facts, end)).toEqual(alerts);
}

describe('event_count', () => {
  const three: Changed = { conditions: [{ op: 'gte', value: 3 }] };
  it.each<Timeline>([
    ['too few', three, 'a0 a1', 9, []],
    ['opens at the fact that makes it true', three, 'a0 a1 a2', 9, ['r(x) 2-2 3 [e0 e1 e2]']],
    ['both ends of the window belong to it', three, 'a0 a1 a60', 60, ['r(x) 60-60 3 [e0 e1 e2]']],
    ['a second more is too far', three, 'a0 a1 a61', 61, []],
    ['fractions of a second do not matter', three, 'a0.1 a1 a60.9', 60, ['r(x) 60-60 3 [e0 e1 e2]']],
    ['goes on while it holds', three, 'a0 a1 a2 a50 a62', 62, ['r(x) 2-62 5 [e0 e1 e2 e3 e4]']],
    ['no longer at the end of the clock', three, 'a0 a1 a2', 61, ['r(x) 2-2 3 ended [e0 e1 e2]']],
    [
      'a fact at which it does not hold ends it',
      three,
      'a0 a1 a2 a62 a64 a65 a66',
      66,
      ['r(x) 2-2 3 ended [e0 e1 e2]', 'r(x) 65-66 4 [e3 e4 e5 e6]'],
    ],
    [
      'after more than a window it opens anew',
      three,
      'a0 a0 a0 a61 a61 a61',
      61,
      ['r(x) 0-0 3 ended [e0 e1 e2]', 'r(x) 61-61 3 [e3 e4 e5]'],
    ],
    ['after a window exactly it goes on', three, 'a0 a0 a0 a60 a60 a60', 60, ['r(x) 0-60 6 [e0 e1 e2 e3 e4 e5]']],
    ['all facts of a second at once', three, 'a5 a5 a5 a5', 9, ['r(x) 5-5 4 [e0 e1 e2 e3]']],
    ['one that stands for many', three, 'a0 a1/count=7', 9, ['r(x) 1-1 8 [e0 e1]']],
    ['one id in a second is one', three, 'a0/id=i a0/id=i a0/id=i', 9, []],
    ['keys are apart', three, 'a0 a1 a2/account=y', 9, []],
    ['a missing group-by field: no key', three, 'a0/account=- a1/account=- a2/account=-', 9, []],
    ['no group-by: one key', { ...three, groupBy: [] }, 'a0 a1 a2/account=y', 9, ['r() 2-2 3 [e0 e1 e2]']],
    [
      'without the account in the key, an action on two accounts counts once',
      { ...three, groupBy: [] },
      'a0/id=i a0/id=i/account=y a1',
      9,
      [],
    ],
    [
      'a range',
      {
        conditions: [
          { op: 'gte', value: 2 },
          { op: 'gt', value: 1 },
        ],
      },
      'a0 a1',
      9,
      ['r(x) 1-1 2 [e0 e1]'],
    ],
  ])('%s', (_, ...timeline) => check(['a'], ...timeline));

  it('of several rules: a fact that both hit is one', () => {
    check(['a', 'b'], three, 'a0 b1', 9, []);
    check(['a', 'b'], three, 'a0 b1 a2', 9, ['r(x) 2-2 3 [e0 e1 e2]']);
    check(['a', 'a'], three, 'a0 a1', 9, []);
  });

  it('aliases: each rule has its own field', () => {
    const correlation: Correlation = {
      ...correlationOf('r', ['a', 'b'], { conditions: [{ op: 'gte', value: 2 }] }),
      groupBy: [{ name: 'who', fieldByRule: { 'id-a': 'caller', 'id-b': 'actor.id' } }],
    };
    expect(alertsOf([A, B, correlation], 'a0/caller=ann b1/actor.id=ann b2/actor.id=bob', 9)).toEqual([
      'r(ann) 1-1 2 [e0 e1]',
    ]);
  });
});

describe('value_count', () => {
  const two: Changed = { type: 'value_count', fields: ['v'], conditions: [{ op: 'gte', value: 2 }] };
  it.each<Timeline>([
    ['different values', two, 'a0/v=1 a1/v=2', 9, ['r(x) 1-1 2 [e0 e1]']],
    ['one value often', two, 'a0/v=1 a1/v=1 a2/v=1', 9, []],
    ['a missing value does not count', two, 'a0/v=1 a1', 9, []],
    ['counts values over the whole alert', two, 'a0/v=1 a1/v=2 a40/v=1 a80/v=3', 80, ['r(x) 1-80 3 [e0 e1 e2 e3]']],
    [
      'a value that is still there in another second stays',
      two,
      'a0/v=1 a10/v=1 a70/v=2',
      70,
      ['r(x) 70-70 2 [e1 e2]'],
    ],
    [
      'tuples',
      { ...two, fields: ['v', 'w'] },
      'a0/v=1/w=1 a1/v=1/w=1 a2/v=1/w=2 a3/v=1',
      9,
      ['r(x) 2-3 2 [e0 e1 e2 e3]'],
    ],
  ])('%s', (_, ...timeline) => check(['a'], ...timeline));

  it('tells the values', () => {
    const compiled = new Compiled([A, correlationOf('r', ['a'], two)]);
    expect(run(compiled, factsOf('a0/v=q a1/v=p'), 9).episodes[0]?.values).toEqual(['p', 'q']);
  });
});

describe('temporal', () => {
  const any: Changed = { type: 'temporal' };
  const ordered: Changed = { type: 'temporal_ordered' };
  const [a, b, c]: Expression[] = [0, 1, 2].map((index) => ({ kind: 'rule', index }));
  const aOrBAndC: Expression = { kind: 'all', of: [{ kind: 'any', of: [a!, b!] }, c!] };
  const aNotB: Expression = { kind: 'all', of: [a!, { kind: 'not', of: b! }] };
  it.each<Timeline>([
    ['all rules, in any order', any, 'c0 a1 b2', 9, ['r(x) 2-2 3 [e0 e1 e2]']],
    ['one is missing', any, 'a0 b1 a2 b3', 9, []],
    ['not within the window', any, 'a0 b1 c61', 61, []],
    ['some of them', { ...any, conditions: [{ op: 'gte', value: 2 }] }, 'a0 c1', 9, ['r(x) 1-1 2 [e0 e1]']],
    ['ordered', ordered, 'a0 b1 c2', 9, ['r(x) 2-2 3 [e0 e1 e2]']],
    ['ordered: out of order', ordered, 'c0 b1 a2', 9, []],
    ['ordered: in one second', ordered, 'c5 b5 a5', 9, ['r(x) 5-5 3 [e0 e1 e2]']],
    ['ordered: others between', ordered, 'b0 a1 c2 b3 a4 c5', 9, ['r(x) 5-5 6 [e0 e1 e2 e3 e4 e5]']],
    ['ordered: the chain is as long as the window', ordered, 'a0 b30 c60', 60, ['r(x) 60-60 3 [e0 e1 e2]']],
    ['ordered: the chain is too long', ordered, 'a0 b30 c61', 61, []],
    ['ordered: the latest start counts', ordered, 'a0 a10 b30 c65', 65, ['r(x) 65-65 3 [e1 e2 e3]']],
    ['ordered: a later start after the middle is none', ordered, 'a0 b30 a40 c61', 61, []],
    [
      'ordered: a part of them, whichever',
      { ...ordered, conditions: [{ op: 'gte', value: 2 }] },
      'c0 a1 c2',
      9,
      ['r(x) 2-2 3 [e0 e1 e2]'],
    ],
    ['ordered: a part of them, out of order', { ...ordered, conditions: [{ op: 'gte', value: 2 }] }, 'c0 b1 a2', 9, []],
    ['(a or b) and c', { ...any, expression: aOrBAndC }, 'b0 c5', 9, ['r(x) 5-5 2 [e0 e1]']],
    ['(a or b) and c: without c', { ...any, expression: aOrBAndC }, 'a0 b5', 9, []],
    ['a and not b: when the window of a is over', { ...any, expression: aNotB }, 'a5', 70, ['r(x) 65-65 1 ended [e0]']],
    ['a and not b: b came in time', { ...any, expression: aNotB }, 'a5 b65', 70, []],
    ['a and not b: b came too late', { ...any, expression: aNotB }, 'a5 b66', 70, ['r(x) 65-65 1 ended [e0]']],
  ])('%s', (_, ...timeline) => check(['a', 'b', 'c'], ...timeline));
});

describe('conditions that more facts can make false', () => {
  const few: Changed = { conditions: [{ op: 'lt', value: 2 }] };
  it.each<Timeline>([
    ['asked when a fact leaves', few, 'a0', 70, ['r(x) 61-70 0 []']],
    ['never before a window after the first fact', few, 'a0', 59, []],
    ['at the end of the clock', few, 'a0', 60, ['r(x) 60-60 1 [e0]']],
    ['ends at the facts that are enough, and not before', few, 'a0 a100 a101', 101, ['r(x) 61-100 1 ended [e1]']],
    ['goes on over long silence', few, 'a0 a1000', 1100, ['r(x) 61-1100 1 [e1]']],
    [
      'a number exactly: while it holds',
      { conditions: [{ op: 'eq', value: 1 }] },
      'a0 a10',
      100,
      ['r(x) 61-70 1 ended [e1]'],
    ],
    [
      'a number exactly: of a lone fact, when its window is over',
      { conditions: [{ op: 'eq', value: 1 }] },
      'a0',
      100,
      ['r(x) 60-60 1 ended [e0]'],
    ],
    [
      'between two numbers',
      {
        conditions: [
          { op: 'gt', value: 1 },
          { op: 'lte', value: 3 },
        ],
      },
      'a0 a10 a20 a200 a201 a202 a203',
      400,
      ['r(x) 261-262 3 ended [e4 e5 e6]', 'r(x) 60-70 3 ended [e0 e1 e2]'],
    ],
    [
      'average',
      { type: 'value_avg', fields: ['v'], conditions: [{ op: 'gt', value: 5 }] },
      'a0/v=1 a10/v=8 a20/v=x a30/v=4',
      70,
      ['r(x) 61-70 3 [e1 e2 e3]'],
    ],
    [
      'median',
      { type: 'value_median', fields: ['v'], conditions: [{ op: 'gte', value: 8 }] },
      'a0/v=1 a10/v=8 a20/v=9 a30/v=7',
      70,
      ['r(x) 61-70 3 [e1 e2 e3]'],
    ],
    [
      'percentile, between neighbours',
      { type: 'value_percentile', percentile: 90, fields: ['v'], conditions: [{ op: 'gte', value: 9.1 }] },
      'a0/v=1 a10/v=10 a20/v=1',
      70,
      ['r(x) 61-70 2 [e1 e2]'],
    ],
  ])('%s', (_, ...timeline) => check(['a'], ...timeline));

  it('a sum grows with facts', () => {
    const sum: Changed = { type: 'value_sum', fields: ['v'], conditions: [{ op: 'gt', value: 10 }] };
    check(['a'], sum, 'a0/v=4 a1/v=6 a2/v=1', 9, ['r(x) 2-2 3 [e0 e1 e2]']);
    check(['a'], sum, 'a0/v=4 a61/v=7', 61, []);
  });
});

describe('correlations of correlations', () => {
  const pair = correlationOf('pair', ['a'], { conditions: [{ op: 'gte', value: 2 }], alerts: false });
  const then = correlationOf('then', ['pair', 'b'], { type: 'temporal_ordered', window: 100 });

  it('count openings, and tell of the facts behind them', () => {
    expect(alertsOf([then, A, B, pair], 'a0 a1 a2 b50', 50)).toEqual([
      expect.stringContaining('then(x) 50-50 2 [e0 e1'),
    ]);
    expect(alertsOf([A, B, pair, then], 'a0 b50', 50)).toEqual([]);
  });

  it('in the very second in which they open', () => {
    expect(alertsOf([A, B, pair, then], 'b1 a0 a1', 1)).toHaveLength(1);
  });

  it('count those that open between seconds', () => {
    const few = correlationOf('few', ['a'], { conditions: [{ op: 'lt', value: 2 }], alerts: false });
    const after = correlationOf('after', ['few', 'b'], { type: 'temporal_ordered', window: 100 });
    const again = correlationOf('again', ['after'], { conditions: [{ op: 'gte', value: 1 }] });
    const all = [again, after, A, B, few];
    expect(alertsOf(all, 'a0 b70 c300', 300)).toEqual([
      expect.stringMatching(/^after\(x\) 70-70 2 ended/),
      expect.stringMatching(/^again\(x\) 70-70 1 ended/),
    ]);
    expect(alertsOf(all, 'a0 b60 c300', 300)).toEqual([]);
    expect(alertsOf(all, 'a0 b60', 60)).toHaveLength(2);
  });

  it('raise alerts of their own if they are told to', () => {
    expect(alertsOf([A, B, { ...pair, alerts: true }, then], 'a0 a1', 9)).toEqual(['pair(x) 1-1 2 [e0 e1]']);
  });
});

describe('the engine', () => {
  it('time does not go back', () => {
    const engine = new Engine(new Compiled([]), { newTally: () => new IdTally(), hit: () => {}, episode: () => {} });
    engine.advance(5, []);
    expect(() => engine.advance(3, [])).toThrow('second 3 comes after 5');
  });

  it('hits come in order of time and id, copies once', () => {
    const compiled = new Compiled([detectionOf('r', 'test.a')]);
    const { hits } = run(compiled, factsOf('a2.7/id=p a2.2/id=q a2.2/id=o a2.7/id=p a1/id=z'), 9);
    expect(hits.map(({ id }) => id)).toEqual(['z', 'o', 'q', 'p']);
  });

  it('one action on two accounts, or of two settings, is two hits', () => {
    const compiled = new Compiled([detectionOf('r', 'test.a')]);
    const change = (property: string) =>
      ({ property, before: 1, after: 2, effect: 'weakened', exposure: null }) as const;
    const facts = [
      factOf({ at: 0, id: 'i', action: 'test.a', change: change('p') }),
      factOf({ at: 0, id: 'i', action: 'test.a', change: change('q') }),
      factOf({ at: 0, id: 'i', action: 'test.a', account: 'b', change: change('q') }),
    ];
    expect(run(compiled, [...facts, ...facts], 9).hits).toHaveLength(3);
  });

  it('forgets keys that are quiet for longer than the window', () => {
    const correlation = correlationOf('r', ['a'], { conditions: [{ op: 'gte', value: 2 }] });
    const window = new Window(
      0,
      correlation,
      () => new IdTally(),
      () => {},
    );
    for (let at = 0; at < 1000; at++)
      window.advance(at, [{ of: 0, ruleId: 'id-a', fact: factOf({ at, account: `k${at}` }), told: null }]);
    expect(window.keys).toBeLessThanOrEqual(62);
  });

  it('a busy key costs what it brings, not what its window holds', () => {
    const rules = [A, correlationOf('r', ['a'], { window: 86_400, conditions: [{ op: 'gte', value: 1e9 }] })];
    const facts = Array.from({ length: 40_000 }, (_, at) => factOf({ at, action: 'test.a' }));
    expect(run(new Compiled(rules), facts, 40_000).episodes).toEqual([]);
  });
});

// What follows reads section 4 again, a fact at a time and in squares of the number of facts.

interface Naive {
  readonly opened: number;
  last: number;
}

function naively(rule: Correlation, facts: readonly Fact[], end: number): string[] {
  const accounts = Object.values(Object.groupBy(facts, ({ account }) => account ?? ''));
  return accounts.flatMap((own) => naiveAlerts(rule, own!, end)).sort();
}

function naiveAlerts(rule: Correlation, facts: readonly Fact[], end: number): string[] {
  const secondOf = (fact: Fact) => Math.floor(fact.time / 1e6);
  const counted = facts.filter(({ action }) => rule.rules.includes(action.replace('test.', 'id-')));
  const within = (from: number, to: number) => counted.filter((fact) => secondOf(fact) >= from && secondOf(fact) <= to);
  const holds = (at: number) => naiveHolds(rule, within(at - rule.window, at));
  const alerts: Naive[] = [];
  let previous: number | null = null;
  for (const second of [...new Set(counted.map(secondOf))].sort((a, b) => a - b)) {
    const isOpen = previous !== null && second - previous <= rule.window && holds(previous);
    if (holds(second) && isOpen) alerts.at(-1)!.last = second;
    else if (holds(second)) alerts.push({ opened: second, last: second });
    previous = second;
  }
  return alerts.map(({ opened, last }, index) => {
    const told = within(opened - rule.window, last);
    const isLast = index === alerts.length - 1;
    const stillHolds = isLast && holds(end) && previous === last;
    const count = rule.type === 'value_count' ? valuesIn(told) : eventsIn(told);
    const ids = [...new Set(told.map(({ id }) => id))].sort().join(' ');
    return `${rule.meta.name}(${facts[0]!.account}) ${opened}-${last} ${count}${stillHolds ? '' : ' ended'} [${ids}]`;
  });
}

function naiveHolds(rule: Correlation, facts: readonly Fact[]): boolean {
  const [condition] = rule.conditions;
  if (rule.type === 'event_count') return eventsIn(facts) >= condition!.value;
  if (rule.type === 'value_count') return valuesIn(facts) >= condition!.value;
  const of = (id: string) => facts.filter(({ action }) => action.replace('test.', 'id-') === id);
  if (rule.type === 'temporal') return rule.rules.every((id) => of(id).length > 0);
  let starts = [Number.NEGATIVE_INFINITY];
  for (const id of rule.rules)
    starts = of(id)
      .map(({ time }) => Math.floor(time / 1e6))
      .filter((second) => starts.some((start) => start <= second));
  return starts.length > 0;
}

function eventsIn(facts: readonly Fact[]): number {
  const counts = new Map(facts.map(({ id, count }) => [id, count]));
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function valuesIn(facts: readonly Fact[]): number {
  return new Set(facts.map(({ fields }) => fields['v']).filter((value) => value !== undefined)).size;
}

const streams = fc
  .array(
    fc.record({
      at: fc.oneof(
        fc.integer({ min: 0, max: 80 }),
        fc.integer({ min: 0, max: 1600 }).map((tick) => tick / 4),
      ),
      action: fc.constantFrom('test.a', 'test.b', 'test.c', 'test.other'),
      account: fc.constantFrom('x', 'x', 'y'),
      value: fc.constantFrom(undefined, '1', '2', '3'),
      count: fc.constantFrom(1, 1, 1, 3),
    }),
    { maxLength: 40 },
  )
  .map((given) =>
    given.map(({ value, ...rest }, index) =>
      factOf({ ...rest, id: `e${index}`, fields: value === undefined ? {} : { v: value } }),
    ),
  );

const rules: Correlation[] = [
  correlationOf('count', ['a', 'b'], { conditions: [{ op: 'gte', value: 4 }] }),
  correlationOf('values', ['a', 'b'], { type: 'value_count', fields: ['v'], conditions: [{ op: 'gte', value: 3 }] }),
  correlationOf('together', ['a', 'b', 'c'], { type: 'temporal', window: 20 }),
  correlationOf('ordered', ['a', 'b', 'c'], { type: 'temporal_ordered', window: 30 }),
];

describe('laws', () => {
  it.each(rules.map((rule) => [rule.meta.name, rule] as const))('%s: as two nested loops find it', (_, rule) => {
    const compiled = new Compiled([A, B, C, rule]);
    fc.assert(
      fc.property(streams, fc.integer({ min: 0, max: 100 }), (facts, after) => {
        const end = Math.max(0, ...facts.map(({ time }) => Math.floor(time / 1e6))) + after;
        expect(told(compiled, run(compiled, facts, end))).toEqual(naively(rule, facts, end));
      }),
      { numRuns: 500 },
    );
  });

  const children: Correlation[] = [
    correlationOf('rising', ['a'], { conditions: [{ op: 'gte', value: 2 }], window: 30 }),
    correlationOf('falling', ['a'], { conditions: [{ op: 'lt', value: 2 }], window: 30 }),
    correlationOf('mixed', ['a'], { conditions: [{ op: 'eq', value: 2 }], window: 30 }),
  ];
  const parents: Correlation[] = [
    correlationOf('parent', ['child', 'b'], { conditions: [{ op: 'gte', value: 2 }], window: 40 }),
    correlationOf('parent', ['child', 'b'], { type: 'temporal_ordered', window: 40 }),
    correlationOf('parent', ['b', 'child'], { conditions: [{ op: 'lte', value: 1 }], window: 40 }),
  ];
  const families = children.flatMap((child) => parents.map((parent) => ({ child, parent })));

  it.each(families.map((one) => [`${one.parent.type} of ${one.child.meta.name}`, one] as const))(
    '%s: openings count as facts of their second',
    (_, { child, parent }) => {
      const opening = detectionOf('child', 'test.opening', { alerts: false });
      const alone = new Compiled([A, child]);
      const counted = new Compiled([{ ...child, meta: opening.meta, alerts: false }, A, B, parent]);
      const replayed = new Compiled([opening, B, parent]);
      const shape = (lines: readonly string[]) => lines.map((line) => line.replace(/ \[.*/, ''));
      fc.assert(
        fc.property(streams, fc.integer({ min: 0, max: 100 }), (facts, after) => {
          const end = Math.max(0, ...facts.map(({ time }) => Math.floor(time / 1e6))) + after;
          const openings = run(alone, facts, end).episodes.map(({ key, opened }, index) =>
            factOf({ at: opened, id: `o${index}`, action: 'test.opening', account: `${key['cosmosdb.account']}` }),
          );
          expect(shape(told(counted, run(counted, facts, end)))).toEqual(
            shape(told(replayed, run(replayed, [...facts, ...openings], end))),
          );
        }),
        { numRuns: 200 },
      );
    },
  );

  it('the order of facts, copies of them, and other rules change nothing', () => {
    const alone = new Compiled([A, B, C, ...rules]);
    const others = [
      correlationOf('other', ['b'], { conditions: [{ op: 'gte', value: 1 }] }),
      detectionOf('noise', '*'),
    ];
    const among = new Compiled([others[0]!, A, others[1]!, B, C, ...rules]);
    const shuffled = streams.chain((facts) =>
      fc.tuple(
        fc.constant(facts),
        fc.shuffledSubarray([...facts, ...facts.slice(0, 5)], { minLength: facts.length + Math.min(5, facts.length) }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([facts, again]) => {
        const expected = told(alone, run(alone, facts, 500));
        expect(told(alone, run(alone, again, 500))).toEqual(expected);
        expect(told(among, run(among, facts, 500)).filter((line) => !line.startsWith('other'))).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
});
