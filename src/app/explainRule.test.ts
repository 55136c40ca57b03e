import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMatch } from '../engine/match.ts';
import { FactView } from '../engine/view.ts';
import type { Match } from '../ir/ir.ts';
import type { JsonObject } from '../lib/json.ts';
import { type AskedRecord, whyText } from '../report/why.ts';
import { type LoadOptions, loadRules } from '../sigma/load.ts';
import { PartsReader } from '../sigma/parts.ts';
import { ask, nearestIn, ruleSet } from './ask.ts';
import { explainRule } from './explainRule.ts';
import { factsOfOther } from './recordFacts.ts';
import { BUILT_IN, type RuleText, readRuleFiles } from './rules.ts';

const RECORD: AskedRecord = {
  place: { source: 'f.json', line: 1, last: 1, nth: 1, of: 1 },
  ...{ family: null, time: null, action: null, invalid: null, facts: 1, isSign: false },
};

function explainer(files: readonly RuleText[], options: LoadOptions = { logsource: 'ignore' }) {
  const { rules } = loadRules(files, options);
  return { rules, set: ruleSet(rules), parts: new PartsReader(files, options) };
}

function told(text: string, event: JsonObject, which = 0, options?: LoadOptions): string[] {
  const { rules, set, parts } = explainer([{ file: 'r.yml', text }], options);
  const traced = explainRule(ask(rules[which]!, factsOfOther(event), set), parts);
  return whyText(traced, RECORD, { width: 80, colour: false }).trimEnd().split('\n');
}

function rule(detection: string, more = ''): string {
  return `title: Rule\nname: r\nlogsource: {product: azure, service: keyvault}\ndetection: {${detection}}\n${more}`;
}

/** The lines from the selections on. */
function items(detection: string, event: JsonObject): string[] {
  const lines = told(rule(detection), event);
  return lines.slice(lines.findIndex((line) => /^(?:yes|no ) {2}selection/.test(line)));
}

describe('an item is told with what was wanted and what was found', () => {
  it.each<[string, string, JsonObject, string[]]>([
    ['a match', 's: {a: x}, condition: s', { a: 'x' }, ['yes    a = "x"', '         found: "x"']],
    ['another value', 's: {a|contains: x}, condition: s', { a: 'y' }, ['no     a = "*x*"', '         found: "y"']],
    ['no such field', 's: {a: x}, condition: s', {}, ['no     a = "x"', '         found: no such field']],
    [
      'several values',
      's: {a: x}, condition: s',
      { a: ['y', 1, null] },
      ['no     a = "x"', '         found: "y", 1, null'],
    ],
    [
      'the one of a list',
      's: {a: [x, y]}, condition: s',
      { a: 'y' },
      ['yes    a = "y"  (one of 2 values)', '         found: "y"'],
    ],
    [
      'none of a list',
      's: {a: [x, y]}, condition: s',
      { a: 'z' },
      ['no     a is one of 2 values', '         "x"', '         "y"', '         found: "z"'],
    ],
    ['a number', 's: {a|gte: 5}, condition: s', { a: 4 }, ['no     a >= 5', '         found: 4']],
    [
      'another field',
      's: {a|fieldref: b}, condition: s',
      { a: 'x', b: 'y' },
      ['no     a = field b', '         found: "x"; b: "y"'],
    ],
    ['keywords', 's: [x], condition: s', { a: 'has x' }, ['yes    any value = "*x*"', '         found: "has x"']],
    [
      'keywords that are nowhere',
      's: [x], condition: s',
      { a: 'y' },
      ['no     any value = "*x*"', '         found: in no value'],
    ],
    [
      'maps joined by or',
      's: [{a: x, b: y}, {c: z}], condition: s',
      { a: 'x', c: 'z' },
      [
        'yes    one of',
        'no       all of',
        'yes        a = "x"',
        '             found: "x"',
        'no         b = "y"',
        '             found: no such field',
        'yes      c = "z"',
        '           found: "z"',
      ],
    ],
    [
      'a negated list',
      's: {a|neq: x}, condition: s',
      { a: 'x' },
      ['no     not', 'yes      a = "x"', '           found: "x"'],
    ],
  ])('%s', (_name, detection, event, lines) => {
    expect(items(detection, event).slice(1, lines.length + 1)).toEqual(lines);
  });

  it('hidden characters are shown, long values cut, and no line is wider than the terminal', () => {
    const lines = told(rule('s: {a: "\\u001b[31m", b: y}, condition: s'), {
      a: `\u001b[2J${'x'.repeat(2000)}`,
      b: 'y '.repeat(99),
    });
    expect(lines.join('')).not.toContain('\u001b');
    expect(lines.join(' ')).toContain('more)');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('a condition is told as a tree', () => {
  const four = 'a1: {f: 1}, a2: {f: 2}, b: {g: 1}, _c: {h: 1}';
  it.each<[string, JsonObject, string[]]>([
    [
      'a1 or a2 and not b',
      { f: 2 },
      ['yes  or', 'no     a1', 'yes    and', 'yes      a2', 'yes      not', 'no         b'],
    ],
    ['1 of a*', { f: 2 }, ['yes  1 of a*', 'no     a1', 'yes    a2']],
    ['all of them', { f: 1, g: 1 }, ['no   all of them', 'yes    a1', 'no     a2', 'yes    b']],
  ])('%s', (condition, event, lines) => {
    const got = told(rule(`${four}, condition: ${condition}`), event);
    expect(
      got.slice(got.indexOf(`Condition  ${condition}`) + 1, got.indexOf(`Condition  ${condition}`) + 1 + lines.length),
    ).toEqual(lines);
  });

  it('several conditions are several trees', () => {
    expect(
      told(rule('a: {f: 1}, b: {f: 2}, condition: [a, b]'), { f: 2 }).filter((line) => line.startsWith('Condition')),
    ).toEqual(['Condition  a', 'Condition  b']);
  });
});

describe('what else decides is told', () => {
  it('the log source, where it is asked', () => {
    const lines = told(rule('s: {a: x}, condition: s'), { a: 'x' }, 0, { logsource: 'match' });
    expect(lines[0]).toBe('No match: Rule');
    expect(lines).toContain('no   log source product azure, service keyvault  (line 3)');
  });

  it('a filter of another document', () => {
    const filter =
      '---\ntitle: Not us\nlogsource: {product: azure}\nfilter: {rules: [r], us: {b: y}, condition: not us}\n';
    const lines = told(rule('s: {a: x}, condition: s', filter), { a: 'x', b: 'y' });
    expect(lines[0]).toBe('No match: Rule');
    expect(lines).toContain('no   filter Not us  (line 6)');
  });

  it('a selection that only a level uses, if there is a hit', () => {
    const text = rule('s: {a: x}, big: {n|gte: 5}, condition: s', 'levels: [{when: big, level: high}]\n');
    expect(told(text, { a: 'x', n: 9 })).toContain('yes  selection big  (line 4, for the level only)');
    expect(told(text, { a: 'y', n: 9 }).join()).not.toContain('selection big');
  });

  it('a rule that can match nothing says so', () => {
    const text = rule('s: {a: x}, condition: "s | count() > 5"', 'status: unsupported\n');
    expect(told(text, { a: 'x' })).toContain('The rule can match nothing: cosmowatch rules lint says why.');
  });

  it('a correlation says what it counts, by what, and for which value', () => {
    const correlation =
      '---\ntitle: Many\ncorrelation: {type: value_count, rules: r, group-by: [who], aliases: {who: {r: u}}, timespan: 15m, condition: {field: v, gt: 3}}\n';
    const text = rule('s: {a: x}, condition: s', correlation);
    const counted = told(text, { a: 'x', u: 'ann', v: 7 }, 1);
    expect(counted[0]).toBe('Counted: Many');
    expect(counted).toContain('Counts  value_count of v in r > 3 within 15m per who');
    expect(counted).toContain('yes    key  u: "ann"');
    expect(counted).toContain('yes    value  v: 7');
    const not = told(text, { a: 'x', u: 'ann' }, 1);
    expect([not[0], not.includes('no     value  v: nothing, so it is not counted')]).toEqual([
      'Not counted: Many',
      true,
    ]);
  });

  it('of several facts the one that matches, else the nearest', () => {
    const { rules, set } = explainer([{ file: 'r.yml', text: rule('s: {a: x, b: y}, condition: s') }]);
    const pick = (...raws: JsonObject[]) => {
      const facts = raws.flatMap((raw) => factsOfOther(raw).facts);
      return nearestIn(ask(rules[0]!, { facts, sign: facts[0]!, isSign: false }, set))!.view.values('n');
    };
    expect(pick({ n: 1 }, { n: 2, a: 'x' }, { n: 3, b: 'y' })).toEqual([2]);
    expect(pick({ n: 1, a: 'x' }, { n: 2, a: 'x', b: 'y' })).toEqual([2]);
  });
});

/** Other projects' rules: not part of this repository; without them the law holds of ours alone. */
const DATA = fileURLToPath(new URL('../../../shared/conformance/sigmahq/azure', import.meta.url));
const FILES = readRuleFiles([BUILT_IN, ...(existsSync(DATA) ? [join(DATA, 'rules')] : [])]);

/** Fields of a match with values that may satisfy it. */
function hintsOf(match: Match): [string, string][] {
  switch (match.kind) {
    case 'all':
    case 'any':
      return match.of.flatMap(hintsOf);
    case 'not':
      return hintsOf(match.of);
    case 'field':
      return match.test.kind === 'text'
        ? [[match.field, match.test.pattern.map((piece) => (typeof piece === 'string' ? piece : 'x')).join('')]]
        : [[match.field, '5']];
    default:
      return [];
  }
}

describe('laws', () => {
  it.each(['match', 'ignore'] as const)(
    'the verdict is that of the engine, and follows from what is shown (%s)',
    (logsource) => {
      const context = explainer(FILES, { logsource });
      const detections = context.rules.filter((one) => one.kind === 'detection');
      const seen = { yes: 0, no: 0 };
      fc.assert(
        fc.property(fc.constantFrom(...detections), fc.infiniteStream(fc.boolean()), (one, coins) => {
          const raw = Object.fromEntries(hintsOf(one.match).filter(() => coins.next().value || coins.next().value));
          const view = new FactView({ fields: {}, raw });
          const traced = explainRule(ask(one, factsOfOther(raw), context.set), context.parts);
          if (traced.kind !== 'detection') throw new Error('a detection is told as one');
          expect(traced.holds).toBe(compileMatch(one.match)(view));
          const needed = traced.parts.filter(({ what }) => what !== 'selection').every(({ trace }) => trace.holds);
          const isUsable = one.match.kind !== 'constant';
          expect(traced.holds).toBe(isUsable && needed && traced.conditions.some(({ tree }) => tree.holds));
          seen[traced.holds ? 'yes' : 'no'] += 1;
        }),
        { numRuns: 300 },
      );
      expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(10);
    },
  );
});
