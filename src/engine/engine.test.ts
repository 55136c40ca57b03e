import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../events/fact.ts';
import type { Correlation, Detection, Match, Rule, RuleMeta } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import { Absence } from './absence.ts';
import { Compiled } from './compile.ts';
import { Engine } from './engine.ts';
import type { Episode, Tally } from './ports.ts';

const PLACE = { file: 'test.yml', line: 1, column: 1 };

function meta(id: string): RuleMeta {
  return {
    id,
    name: id,
    title: id,
    description: '',
    status: 'test',
    level: 'medium',
    impact: '',
    mitigation: [],
    falsePositives: [],
    attack: [],
    published: [],
    parameters: [],
    place: PLACE,
  };
}

function is(field: string, value: string): Match {
  return { kind: 'field', field, test: { kind: 'text', pattern: [value], cased: false } };
}

function detection(id: string, match: Match, alerts = true): Detection {
  return { kind: 'detection', meta: meta(id), match, logsource: {}, fold: null, levels: [], alerts };
}

function correlation(
  type: Correlation['type'],
  rules: string[],
  window: number,
  more: Partial<Correlation> = {},
): Correlation {
  return {
    kind: 'correlation',
    meta: meta('c'),
    type,
    rules,
    groupBy: [{ name: 'key', fieldByRule: {} }],
    window,
    conditions: [],
    fields: [],
    percentile: null,
    levels: [],
    touchedBy: null,
    alerts: true,
    ...more,
  };
}

interface Given {
  readonly at: number;
  readonly action: string;
  readonly key: string;
  readonly value?: string;
}

function fact({ at, action, key, value }: Given, id: string): Fact {
  const fields: Record<string, Json> = { 'event.action': action, key, ...(value === undefined ? {} : { value }) };
  return {
    id,
    time: at * 1e6,
    family: 'ActivityLog',
    action,
    outcome: 'success',
    account: null,
    count: 1,
    change: null,
    target: null,
    fields,
    raw: {},
  } as unknown as Fact;
}

class CountTally implements Tally {
  add(): void {}
  merge(): void {}
}

function run(rules: readonly Rule[], given: readonly Given[]) {
  const compiled = new Compiled(rules);
  const episodes: Episode[] = [];
  const engine = new Engine(compiled, {
    newTally: () => new CountTally(),
    hit: () => {},
    episode: (episode) => episodes.push(episode),
  });
  const facts = given.map((one, index) => fact(one, `f${index}`)).sort((a, b) => a.time - b.time);
  for (const [second, group] of Map.groupBy(facts, (one) => one.time / 1e6)) {
    engine.advance(
      second,
      group.map((one) => ({ fact: one, hits: compiled.match(one) })),
    );
  }
  engine.finish(Math.max(0, ...given.map(({ at }) => at)));
  return episodes
    .map(({ key, opened, last, count, ended }) => ({ key: `${key['key']}`, opened, last, count, ended }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.opened - b.opened));
}

/** The contract, quadratic: at each second with facts, does the condition hold over [s - W, s]? */
function naive(
  given: readonly Given[],
  end: number,
  window: number,
  holds: (inside: readonly Given[]) => boolean,
  count: (inside: readonly Given[]) => number,
) {
  return [...new Set(given.map(({ key }) => key))].sort().flatMap((key) => {
    const own = given.filter((one) => one.key === key);
    const inside = (from: number, to: number) => own.filter(({ at }) => at >= from && at <= to);
    const spans: { opened: number; last: number }[] = [];
    let before: { at: number; held: boolean } | null = null;
    for (const at of [...new Set(own.map((one) => one.at))].sort((a, b) => a - b)) {
      const held = holds(inside(at - window, at));
      if (held && before?.held && at - before.at <= window) spans.at(-1)!.last = at;
      else if (held) spans.push({ opened: at, last: at });
      before = { at, held };
    }
    return spans.map(({ opened, last }) => ({
      key,
      opened,
      last,
      count: count(inside(opened - window, last)),
      ended: !(last === before!.at && holds(inside(end - window, end))),
    }));
  });
}

function endOf(given: readonly Given[]): number {
  return Math.max(0, ...given.map(({ at }) => at));
}

const streams = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 60 }),
    action: fc.constantFrom('a', 'b'),
    key: fc.constantFrom('x', 'y'),
    value: fc.constantFrom('1', '2', '3'),
  }),
  { minLength: 1, maxLength: 30 },
);

describe('windows say what the contract says', () => {
  const a = detection('a', is('event.action', 'a'), false);
  const b = detection('b', is('event.action', 'b'), false);
  const onlyA = (given: readonly Given[]) => given.filter(({ action }) => action === 'a');

  it('event_count', () => {
    fc.assert(
      fc.property(streams, fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 4 }), (given, window, more) => {
        const rule = correlation('event_count', ['a'], window, { conditions: [{ op: 'gt', value: more }] });
        expect(run([a, rule], given)).toEqual(
          naive(
            onlyA(given),
            endOf(given),
            window,
            (inside) => inside.length > more,
            (inside) => inside.length,
          ),
        );
      }),
    );
  });

  it('value_count', () => {
    fc.assert(
      fc.property(streams, fc.integer({ min: 1, max: 15 }), (given, window) => {
        const rule = correlation('value_count', ['a'], window, {
          fields: ['value'],
          conditions: [{ op: 'gte', value: 2 }],
        });
        const distinct = (inside: readonly Given[]) => new Set(inside.map(({ value }) => value)).size;
        expect(run([a, rule], given)).toEqual(
          naive(onlyA(given), endOf(given), window, (inside) => distinct(inside) >= 2, distinct),
        );
      }),
    );
  });

  it('temporal', () => {
    fc.assert(
      fc.property(streams, fc.integer({ min: 1, max: 15 }), (given, window) => {
        const rule = correlation('temporal', ['a', 'b'], window);
        const both = (inside: readonly Given[]) => new Set(inside.map(({ action }) => action)).size === 2;
        expect(run([a, b, rule], given)).toEqual(naive(given, endOf(given), window, both, (inside) => inside.length));
      }),
    );
  });

  it('temporal_ordered', () => {
    fc.assert(
      fc.property(streams, fc.integer({ min: 1, max: 15 }), (given, window) => {
        const rule = correlation('temporal_ordered', ['a', 'b'], window);
        const chain = (inside: readonly Given[]) =>
          inside.some(
            (first) => first.action === 'a' && inside.some((second) => second.action === 'b' && second.at >= first.at),
          );
        expect(run([a, b, rule], given)).toEqual(naive(given, endOf(given), window, chain, (inside) => inside.length));
      }),
    );
  });

  it('an event without the group-by field does not count', () => {
    const rule = correlation('event_count', ['a'], 10, {
      groupBy: [{ name: 'missing', fieldByRule: {} }],
      conditions: [{ op: 'gt', value: 0 }],
    });
    expect(run([a, rule], [{ at: 0, action: 'a', key: 'x' }])).toEqual([]);
  });
});

describe('dispatch', () => {
  it('a rule that cannot match an action is not asked, however many there are', () => {
    const others = Array.from({ length: 3000 }, (_, index) =>
      detection(`r${index}`, is('event.action', `other-${index}`)),
    );
    const compiled = new Compiled([...others, detection('mine', is('event.action', 'mine'))]);
    for (let at = 0; at < 100; at++) compiled.match(fact({ at, action: 'mine', key: 'x' }, `${at}`));
    expect(compiled.asked).toBe(100);
  });

  it('what could match is never denied', () => {
    const compiled = new Compiled([
      detection('negated', { kind: 'not', of: is('event.action', 'a') }),
      detection('raw', is('properties.x', 'y')),
    ]);
    expect(compiled.couldMatch({ 'event.action': 'a' })).toBe(true);
    expect(new Compiled([detection('only', is('event.action', 'a'))]).couldMatch({ 'event.action': 'b' })).toBe(false);
  });
});

describe('absence', () => {
  const rules = [
    detection('log', is('event.family', 'DataPlaneRequests'), false),
    correlation('event_count', ['log'], 100, {
      groupBy: [{ name: 'cosmosdb.account', fieldByRule: {} }],
      conditions: [{ op: 'lt', value: 1 }],
    }),
  ];
  const silences = (
    seconds: readonly number[],
    end: number,
    deletions: { from: number; to: number }[] = [],
    declared: string[] = [],
  ) => {
    const absence = new Absence(new Compiled(rules));
    for (const second of seconds)
      absence.seen({ 'event.family': 'DataPlaneRequests', 'cosmosdb.account': 'x' }, second);
    return absence
      .finish({
        end,
        since: 0,
        declared,
        deletions: () => deletions,
        touches: () => [],
        newTally: () => new CountTally(),
      })
      .map(({ opened, last, ended }) => ({ opened, last, ended }));
  };

  it.each([
    { name: 'the window itself is no silence', seconds: [0, 100], end: 200, expected: [] },
    { name: 'a second more is', seconds: [0, 101], end: 150, expected: [{ opened: 101, last: 101, ended: true }] },
    {
      name: 'until the end of the clock',
      seconds: [0],
      end: 150,
      expected: [{ opened: 101, last: 150, ended: false }],
    },
    {
      name: 'until the deletion',
      seconds: [0],
      end: 500,
      deletions: [{ from: 150, to: 900 }],
      expected: [{ opened: 101, last: 150, ended: true }],
    },
    { name: 'not after it', seconds: [0], end: 500, deletions: [{ from: 50, to: 900 }], expected: [] },
    {
      name: 'again when the account is back and seen',
      seconds: [0, 300],
      end: 500,
      deletions: [{ from: 50, to: 200 }],
      expected: [{ opened: 401, last: 500, ended: false }],
    },
    {
      name: 'declared and never seen',
      seconds: [],
      end: 150,
      declared: ['x'],
      expected: [{ opened: 101, last: 150, ended: false }],
    },
  ])('$name', ({ seconds, end, deletions = [], declared = [], expected }) => {
    expect(silences(seconds, end, deletions, declared)).toEqual(expected);
  });

  it('does not depend on the order of records', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 40 }),
        fc.infiniteStream(fc.nat()),
        (seconds, dice) => {
          const shuffled = seconds
            .map((second) => ({ second, order: dice.next().value as number }))
            .sort((a, b) => a.order - b.order);
          const sorted = [...seconds].sort((a, b) => a - b);
          expect(
            silences(
              shuffled.map(({ second }) => second),
              2100,
            ),
          ).toEqual(silences(sorted, 2100));
        },
      ),
    );
  });
});
