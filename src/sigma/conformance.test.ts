import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from './diagnostic.ts';
import { matches } from './evaluate.test-support.ts';
import { lintRules } from './lint.ts';
import { loadRules } from './load.ts';

/** Other projects' cases: not part of this repository; without them these tests are skipped. */
const DATA = fileURLToPath(new URL('../../../shared/conformance', import.meta.url));
const present = existsSync(DATA);
if (!present) console.warn(`skipped: no conformance data at ${DATA}`);

function json(path: string): Case[] {
  return present ? (JSON.parse(readFileSync(`${DATA}/${path}`, 'utf8')) as Case[]) : [];
}

interface Case {
  readonly id: string;
  readonly kind: string;
  readonly portability: string;
  readonly rule_yaml: string;
  readonly events?: readonly Record<string, unknown>[];
  readonly expected: readonly boolean[];
  readonly expectation: { readonly parse: string };
  readonly placeholders?: Readonly<Record<string, readonly string[]>>;
}

function filesBelow(folder: string): { file: string; text: string }[] {
  if (!present) return [];
  const names = readdirSync(`${DATA}/${folder}`, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = `${entry.parentPath}/${entry.name}`;
      return { file, text: readFileSync(file, 'utf8') };
    });
}

function errors(text: string): string[] {
  const { diagnostics } = loadRules([{ file: 'rule.yml', text }]);
  return diagnostics.filter(({ severity }) => severity === 'error').map((each) => formatDiagnostic(each, text));
}

const CASES = ['rsigma', 'sigma-go', 'sigmalite'].flatMap((name) => json(`sigma-eval/${name}.json`));
const PAIRS = json('pysigma/rule-parse-pairs.json');

/** Pairs that we judge differently, and why. */
const DIFFERENT: ReadonlyMap<string, string> = new Map([
  ['pysigma-0076', 'refers to a rule that is not loaded: an error at load'],
  ['pysigma-0090', 'refers to a rule that is not loaded: an error at load'],
  ['pysigma-0093', 'refers to a rule that is not loaded: an error at load'],
  ['pysigma-0102', 'refers to a rule that is not loaded: an error at load'],
  ['pysigma-0099', 'a temporal condition that mixes and, or, not is not in the specification'],
  ['pysigma-0292', 'a temporal condition that mixes and, or, not is not in the specification'],
  ['pysigma-0275', 'a part of an order: which part is not defined'],
  ['pysigma-0310', 'a pattern that matches no selection: most likely a slip'],
]);

describe.skipIf(!present)('conformance', () => {
  it('loads every Azure rule of SigmaHQ', () => {
    const files = filesBelow('sigmahq/azure').filter(({ file }) => file.endsWith('.yml'));
    const { rules, diagnostics } = loadRules(files);
    expect(files).toHaveLength(139);
    expect(rules).toHaveLength(139);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(['CW-3012', 'CW-3006']));
  });

  it('accepts and refuses what pySigma accepts and refuses', () => {
    const different = PAIRS.filter(
      ({ rule_yaml, expectation }) => (errors(rule_yaml).length === 0) !== (expectation.parse === 'ok'),
    );
    expect(different.map(({ id }) => id).sort()).toEqual([...DIFFERENT.keys()].sort());
  });

  it.each(
    CASES.filter(({ kind, portability }) => kind === 'match' && portability !== 'extension').map(
      (each) => [each.id, each] as const,
    ),
  )('matches %s', (_, { rule_yaml: text, events = [], expected, placeholders = {} }) => {
    const { rules } = loadRules([{ file: 'rule.yml', text }], { logsource: 'ignore', placeholders });
    const found = events.map((event) => rules.some((rule) => rule.kind === 'detection' && matches(rule.match, event)));
    expect(found).toEqual(expected);
  });

  it('loads every correlation that is no extension', () => {
    const core = CASES.filter(({ kind, portability }) => kind === 'correlation' && portability !== 'extension');
    expect(core.flatMap(({ id, rule_yaml }) => errors(rule_yaml).map((error) => `${id} ${error}`))).toEqual([]);
    expect(core).toHaveLength(35);
  });

  it('survives 5,000 mutations of rules', () => {
    const seeds = [...filesBelow('fuzz-seeds').map(({ text }) => text), ...CASES.map((each) => each.rule_yaml)];
    const random = generator(1);
    let slowest = 0;
    for (let i = 0; i < 5000; i++) {
      const text = mutated(seeds[random(seeds.length)]!, seeds, random);
      const start = performance.now();
      const { rules, diagnostics } = loadRules([{ file: 'f', text }]);
      for (const each of [...diagnostics, ...lintRules([{ file: 'f', text }])]) formatDiagnostic(each, text);
      structuredClone(rules);
      slowest = Math.max(slowest, performance.now() - start);
    }
    expect(slowest).toBeLessThan(1000);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

const BITS = [
  '|',
  '"',
  '(',
  ')',
  '*',
  '\\',
  '%x%',
  '|all',
  '|re',
  ': ',
  '- ',
  '\n',
  '  ',
  '[',
  '{}',
  '&a ',
  '*a',
  '<<: ',
  '__proto__: ',
  '{2,9}',
  '---\n',
  'not ',
  '1e999',
  '\u0000',
  '!!x ',
];

function mutated(seed: string, seeds: readonly string[], random: (below: number) => number): string {
  let text = seed;
  for (let times = 1 + random(4); times > 0; times--) {
    const at = random(text.length + 1);
    const other = seeds[random(seeds.length)]!;
    const from = random(other.length + 1);
    const put = [BITS[random(BITS.length)]!, '', other.slice(from, from + random(80))][random(3)]!;
    text = text.slice(0, at) + put + text.slice(at + random(6));
  }
  return text;
}

/** Numbers that are the same in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}
