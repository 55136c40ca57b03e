import { describe, expect, it } from 'vitest';
import { compareText } from '../../src/lib/compare.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { loadRules } from '../../src/sigma/load.ts';
import { DEMO_DAY, simulate } from '../../src/simulate/simulate.ts';
import { alertsOf } from '../acceptance/essence.ts';
import { compile, errors, fired, foreign, load, matched } from '../support/evaluate.ts';
import { cases, filesBelow, present } from './data.test-support.ts';

type Comparison = readonly ['==' | '>' | '>=', number];

interface Step {
  readonly event: JsonObject;
  readonly ts_seconds: number;
  readonly expect: {
    readonly detections?: readonly Comparison[];
    readonly correlations?: readonly Comparison[];
    readonly titles_corr?: readonly string[];
  };
}

interface Case {
  readonly id: string;
  readonly kind: 'match' | 'correlation';
  readonly portability: string;
  readonly rule_yaml: string;
  readonly events?: readonly JsonObject[];
  readonly expected: readonly boolean[];
  readonly placeholders?: Readonly<Record<string, readonly string[]>>;
  readonly steps: readonly Step[];
  readonly totals: readonly { readonly steps: readonly number[]; readonly op: Comparison[0]; readonly value: number }[];
}

interface Pair {
  readonly id: string;
  readonly api: string;
  readonly rule_yaml: string;
  readonly expectation: { readonly parse: string };
}

const CASES = ['rsigma', 'sigma-go', 'sigmalite'].flatMap((name) => cases<Case>(`sigma-eval/${name}.json`));
const PAIRS = cases<Pair>('pysigma/rule-parse-pairs.json');

/** Cases about what the specification leaves open that we decide in another way, and the point of docs/sigma.md that says so. */
const DECIDED: ReadonlyMap<string, string> = new Map([
  ['rsigma-0079', '22: a range is judged when its time span is over, so that facts to come cannot take it back'],
]);

/** Pairs that we judge differently, and why. */
const DIFFERENT: ReadonlyMap<string, string> = new Map([
  ['pysigma-0310', '2: a pattern that matches no selection would make its part of the condition vanish'],
]);

function named(wanted: (one: Case) => boolean): (readonly [string, Case])[] {
  return CASES.filter(wanted).map((one) => [one.id, one] as const);
}

/** Another implementation's options, or a syntax of its own. */
function isForeign({ portability }: Case): boolean {
  return portability === 'extension' || portability === 'impl-config';
}

function isTrue(value: number, [op, wanted]: Comparison): boolean {
  return { '==': value === wanted, '>': value > wanted, '>=': value >= wanted }[op];
}

/** What each event of a case makes, with those before it. */
function replay({ rule_yaml: text, steps }: Case) {
  const compiled = compile(load(text));
  const facts = steps.map(({ event, ts_seconds }, index) => foreign(event, ts_seconds, `e${index}`));
  return facts.map((fact, index) => {
    const before = facts.slice(0, index).filter(({ time }) => time <= fact.time);
    return { detections: matched(compiled, fact), correlations: fired(compiled, [...before, fact]) };
  });
}

describe.skipIf(!present)('evaluation', () => {
  it.each(named((one) => one.kind === 'match' && !isForeign(one)))('matches %s', (_, one) => {
    const compiled = compile(load(one.rule_yaml, { placeholders: one.placeholders ?? {} }));
    const found = one.events!.map((event) => matched(compiled, foreign(event)).length > 0);
    expect(found).toEqual(one.expected);
  });

  it.each(named((one) => one.kind === 'correlation' && !isForeign(one) && !DECIDED.has(one.id)))(
    'correlates %s',
    (_, one) => {
      const found = replay(one);
      for (const [index, { expect: wanted }] of one.steps.entries()) {
        const { detections, correlations } = found[index]!;
        const told = `event ${index}: ${detections.join()} | ${correlations.join()}`;
        expect(wanted.detections?.every((one) => isTrue(detections.length, one)) ?? true, told).toBe(true);
        expect(wanted.correlations?.every((one) => isTrue(correlations.length, one)) ?? true, told).toBe(true);
        for (const title of wanted.titles_corr ?? []) expect(correlations, told).toContain(title);
      }
      for (const { steps, op, value } of one.totals) {
        const sum = steps.reduce((total, step) => total + found[step]!.correlations.length, 0);
        expect(isTrue(sum, [op, value]), `${sum} in all`).toBe(true);
      }
    },
  );

  it('covers every case but those that are decided in another way', () => {
    const counts = Object.fromEntries(
      [...Map.groupBy(CASES, ({ kind, portability }) => `${kind}, ${portability}`)].map(([k, list]) => [
        k,
        list.length,
      ]),
    );
    expect(counts).toEqual({
      'correlation, core-correlation': 19,
      'correlation, core-correlation-disputed': 4,
      'correlation, core-filter': 1,
      'correlation, extension': 12,
      'correlation, impl-config': 11,
      'match, core': 75,
      'match, core-filter': 7,
      'match, disputed': 10,
      'match, extension': 25,
    });
    expect([...DECIDED.keys()].filter((id) => !CASES.some((one) => one.id === id))).toEqual([]);
  });
});

describe.skipIf(!present)('acceptance', () => {
  it('accepts and refuses what pySigma accepts and refuses', () => {
    const different = PAIRS.filter(({ rule_yaml: text, api, expectation }) => {
      const found = errors(load(api.endsWith('from_dict') ? withReferences(text) : text), text);
      return (found.length === 0) !== (expectation.parse === 'ok');
    });
    expect(different.map(({ id }) => id).sort(compareText)).toEqual([...DIFFERENT.keys()]);
    expect(PAIRS).toHaveLength(175);
  });

  it('loads every example of the specification', () => {
    const files = filesBelow('sigma-spec/tests').filter(({ file }) => file.endsWith('.yml'));
    const loaded = files.map(({ file, text }) => ({ file, found: errors(load(withReferences(text)), text) }));
    expect(loaded.filter(({ found }) => found.length > 0)).toEqual([]);
    expect(files).toHaveLength(12);
  });

  it('loads every Azure rule of SigmaHQ, and runs them over a simulated day', () => {
    const files = filesBelow('sigmahq/azure').filter(({ file }) => file.endsWith('.yml'));
    const { rules, diagnostics } = loadRules(files);
    expect([files.length, rules.length]).toEqual([139, 139]);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(['CW-3012', 'CW-3006']));

    const day = {
      scenario: 'theft',
      variant: 'mixed',
      seed: '1',
      days: 1,
      start: DEMO_DAY,
      recordsPerDay: 4000,
    } as const;
    const lines = [...simulate(day).records].map(({ line }) => line);
    expect(lines.length).toBeGreaterThan(4000);
    expect(alertsOf(lines, { rules })).not.toEqual([]);
  });
});

/** pySigma reads such a document by itself: the rules that it names need not be there. We load it beside rules of those names. */
function withReferences(text: string): string {
  const { diagnostics } = load(text);
  const names = diagnostics.flatMap(({ code, message }) =>
    code === 'CW-3002' ? [...message.matchAll(/^no rule is called "(.*)"$/g)].map(([, name]) => name!) : [],
  );
  const bases = [...new Set(names)].map(
    (name) => `title: ${name}\nname: ${name}\nlogsource: {product: azure}\ndetection: {s: {f: x}, condition: s}\n`,
  );
  return [text, ...bases].join('\n---\n');
}
