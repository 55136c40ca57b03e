import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Compiled } from '../../src/engine/compile.ts';
import { isMet } from '../../src/engine/course.ts';
import { correlationOf, detectionOf, metaOf } from '../../src/engine/engine.test-support.ts';
import { compileMatch } from '../../src/engine/match.ts';
import { FactView } from '../../src/engine/view.ts';
import { type Correlation, type Expression, LEVELS, type Match, type Piece, type Test } from '../../src/ir/ir.ts';
import { simplify } from '../../src/ir/simplify.ts';
import type { Json, JsonObject } from '../../src/lib/json.ts';
import { open, parseText, writeText } from '../../src/sigma/text.ts';
import { foreign, load } from '../support/evaluate.ts';
import { printCorrelation, printDetection, truthOf } from '../support/printRule.ts';

/*
 * Laws of the rule language, over rules and events that nobody wrote. The last letters of the alphabet stand in both, so that rules match.
 */

const words = fc.string({ unit: fc.constantFrom('x', 'y', 'Z', '\u00e4', '*', '?', '\\', '5', ' '), maxLength: 4 });
const fields = fc.constantFrom('f', 'g', 'g.h', 'With Blank', 'x-y', '__proto__', 'constructor');
const ops = fc.constantFrom('lt', 'lte', 'gt', 'gte');

/** Pieces in the one form that a text is read as: no empty ones, no two texts or two `*` side by side. `text.test.ts` has laws of their own. */
const patterns = fc
  .array(fc.oneof(words, fc.constantFrom<Piece>({ wild: 'any' }, { wild: 'one' })), { maxLength: 5 })
  .map((pieces) => parseText(writeText(pieces)));

const texts = fc.record({ kind: fc.constant('text' as const), pattern: patterns, cased: fc.boolean() });
const regexes = fc.record({
  kind: fc.constant('regex' as const),
  source: fc.constantFrom('x+', '^[xy]*$', 'x|Z', '\\\\', '(?:y?x){2}', '\u00e4'),
  flags: fc.constantFrom('', 'i', 'm', 's', 'ims'),
});
const ranges = fc.record({
  kind: fc.constant('cidr' as const),
  range: fc.constantFrom('203.0.113.0/24', '0.0.0.0/0', '2001:db8::/32', '203.0.113.7/32'),
});

const tests = fc.oneof<fc.Arbitrary<Test>[]>(
  texts,
  regexes,
  ranges,
  fc.record({
    kind: fc.constant('number' as const),
    op: fc.oneof(ops, fc.constant('eq' as const)),
    value: fc.constantFrom(0, 5, -1, 1.5, 1e21, 2 ** 53 - 1),
  }),
  fc.record({ kind: fc.constant('boolean' as const), value: fc.boolean() }),
  fc.constant({ kind: 'null' as const }),
  fc.record({ kind: fc.constant('exists' as const), value: fc.boolean() }),
  fc.record({
    kind: fc.constant('fieldref' as const),
    other: fields,
    op: fc.oneof(ops, fc.constantFrom('equals', 'startswith', 'endswith', 'contains', 'neq')),
    cased: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('time' as const),
    part: fc.constantFrom('minute', 'hour', 'day', 'week', 'month', 'year'),
    op: fc.oneof(ops, fc.constant('eq' as const)),
    value: fc.constantFrom(0, 3, 11, 2026),
  }),
) as fc.Arbitrary<Test>;

const keywords = fc.oneof(
  texts
    .filter(({ pattern, cased }) => pattern.length > 0 && !cased)
    .map((test): Test => ({ ...test, pattern: open(test.pattern, 'both') })),
  regexes,
  ranges,
);

const leaves = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('field' as const), field: fields, test: tests }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('keyword' as const), test: keywords }) },
) as fc.Arbitrary<Match>;

const { match: matches } = fc.letrec<{ match: Match }>((tie) => ({
  match: fc.oneof(
    { maxDepth: 3 },
    leaves,
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      of: fc.array(tie('match'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), of: tie('match') }),
  ),
}));

const values = fc.oneof(
  words,
  fc.constantFrom<Json>(null, true, false, 0, 5, 1.5, 'true', '5', '203.0.113.7', '2026-11-24T03:12:07Z'),
);
const events = fc.dictionary(
  fc.constantFrom('f', 'g', 'With Blank', 'x-y', 'G.H', 'h'),
  fc.oneof(
    values,
    fc.array(values, { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('h', 'i'), values, { maxKeys: 2 }),
  ),
  { maxKeys: 4 },
) as fc.Arbitrary<JsonObject>;

function holds(match: Match, event: JsonObject): boolean {
  return compileMatch(match)(new FactView(foreign(event)));
}

const not = (of: Match): Match => ({ kind: 'not', of });
const all = (...of: Match[]): Match => ({ kind: 'all', of });
const any = (...of: Match[]): Match => ({ kind: 'any', of });

describe('matches', () => {
  it('simplifying changes no match', () => {
    fc.assert(
      fc.property(matches, events, (match, event) => {
        expect(holds(simplify(match), event)).toBe(holds(match, event));
      }),
      { numRuns: 1000 },
    );
  });

  it('negation, De Morgan, and order', () => {
    fc.assert(
      fc.property(matches, matches, events, (a, b, event) => {
        const is = (match: Match): boolean => holds(match, event);
        expect(is(not(a))).toBe(!is(a));
        expect(is(not(any(a, b)))).toBe(is(all(not(a), not(b))));
        expect(is(not(all(a, b)))).toBe(is(any(not(a), not(b))));
        expect(is(all(a, b))).toBe(is(all(b, a)));
        expect(is(any(a, b))).toBe(is(any(b, a)));
      }),
      { numRuns: 500 },
    );
  });
});

/** A rule of three selections and what its condition says of an event. */
function judge(parts: readonly Match[], condition: string, event: JsonObject): boolean {
  const detection = JSON.parse(printDetection(detectionOf('T', any(...parts)))) as { detection: JsonObject };
  const text = JSON.stringify({
    ...detection,
    logsource: { product: 'azure' },
    detection: { ...detection.detection, condition },
  });
  const { rules, diagnostics } = load(text);
  if (rules.length === 0) throw new Error(JSON.stringify(diagnostics));
  return new Compiled(rules).match(foreign(event)).length > 0;
}

describe('conditions', () => {
  it.each([
    ['s0', 'not not s0'],
    ['not (s0 or s1)', 'not s0 and not s1'],
    ['not (s0 and s1)', 'not s0 or not s1'],
    ['s0 and s1 or s2', '(s1 and s0) or s2'],
    ['s0 or s1 and s2', 's2 and s1 or s0'],
    ['1 of s*', 's2 or s1 or s0'],
    ['all of them', 's2 and s0 and s1'],
    ['not 1 of s*', 'not s0 and not s1 and not s2'],
  ])('%s is %s', (one, other) => {
    fc.assert(
      fc.property(fc.tuple(leaves, leaves, leaves), events, (parts, event) => {
        expect(judge(parts, one, event)).toBe(judge(parts, other, event));
      }),
      { numRuns: 50 },
    );
  });
});

const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => `T${text.replace(/\s+$/u, '')}.`);
const metas = fc
  .record({
    title: line,
    description: line,
    level: fc.constantFrom(...LEVELS),
    falsePositives: fc.array(line),
    id: fc.uuid(),
  })
  .map((given) => metaOf('r', { ...given, status: '', place: { file: 'rule.yml', line: 1, column: 2 } }));
const bounds = fc.oneof(
  fc
    .record({ op: fc.constantFrom('gt', 'gte', 'lt', 'lte', 'eq', 'neq'), value: fc.integer({ min: 1, max: 99 }) })
    .map((one) => [one]),
  fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 10, max: 99 })).map(([low, high]) => [
    { op: 'gte' as const, value: low },
    { op: 'lte' as const, value: high },
  ]),
) as fc.Arbitrary<Correlation['conditions']>;

const { expression: expressions } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3 },
    fc.record({ kind: fc.constant('rule' as const), index: fc.nat({ max: 2 }) }),
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      of: fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), of: tie('expression') }),
  ),
}));

const BASES = ['a', 'b', 'c'];

function withBases(text: string): string {
  const base = (name: string): string =>
    JSON.stringify({
      title: name,
      name,
      id: name,
      logsource: { product: 'azure' },
      detection: { s: { is: name }, condition: 's' },
    });
  return [text, ...BASES.map(base)].join('\n---\n');
}

describe('printing and reading a rule is the identity', () => {
  it('detections', () => {
    const detections = fc
      .record({
        meta: metas,
        match: matches,
        fold: fc.option(
          fc.record({ by: fc.array(fields, { minLength: 1, maxLength: 3 }), gap: fc.integer({ min: 1, max: 9999 }) }),
        ),
        alerts: fc.boolean(),
      })
      .map((given) => detectionOf('r', given.match, { ...given, logsource: { product: 'azure' } }));
    fc.assert(
      fc.property(detections, (rule) => {
        const { rules, diagnostics } = load(printDetection(rule));
        expect(diagnostics).toEqual([]);
        expect(rules).toEqual([{ ...rule, match: simplify(rule.match) }]);
      }),
      { numRuns: 300 },
    );
  });

  it('correlations', () => {
    const shapes = fc.oneof(
      fc.record({ type: fc.constant('event_count' as const), conditions: bounds }),
      fc.record({
        type: fc.constantFrom('temporal' as const, 'temporal_ordered' as const),
        conditions: fc.constant([]),
      }),
      fc.record({
        type: fc.constant('value_count' as const),
        conditions: bounds,
        fields: fc.constantFrom(['f'], ['f', 'g']),
      }),
      fc.record({
        type: fc.constantFrom('value_sum' as const, 'value_avg' as const),
        conditions: bounds,
        fields: fc.constant(['f']),
      }),
      fc.record({
        type: fc.constant('value_percentile' as const),
        conditions: bounds,
        fields: fc.constant(['f']),
        percentile: fc.integer({ min: 0, max: 100 }),
      }),
    );
    const groups = fc
      .uniqueArray(fields, { maxLength: 3 })
      .chain((names) =>
        fc.tuple(
          ...names.map((name) =>
            fc.record({ name: fc.constant(name), fieldByRule: fc.dictionary(fc.constantFrom(...BASES), fields) }),
          ),
        ),
      );
    const correlations = fc.tuple(shapes, metas, groups, fc.integer({ min: 1, max: 86_400 }), fc.boolean()).map(
      ([shape, meta, groupBy, window, alerts]): Correlation => ({
        ...correlationOf('r', BASES, shape),
        ...{ rules: BASES, meta, groupBy, window, alerts },
      }),
    );
    fc.assert(
      fc.property(correlations, (rule) => {
        const { rules, diagnostics } = load(withBases(printCorrelation(rule, BASES)));
        expect(diagnostics).toEqual([]);
        expect(rules[0]).toEqual(rule);
      }),
      { numRuns: 500 },
    );
  });

  it('expressions of temporal correlations mean what they meant', () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        const rule = correlationOf('r', BASES, { type: 'temporal', expression });
        const { rules, diagnostics } = load(withBases(printCorrelation(rule, BASES)));
        expect(diagnostics).toEqual([]);
        const read = rules[0] as Correlation;
        const parts = BASES.map((_, index): Expression => ({ kind: 'rule', index }));
        const plain: Expression = { kind: read.conditions.length === 0 ? 'all' : 'any', of: parts };
        const meant = truthOf(3, (hit) => isMet(expression, hit));
        expect(truthOf(3, (hit) => isMet(read.expression ?? plain, hit))).toEqual(meant);
      }),
      { numRuns: 500 },
    );
  });
});
