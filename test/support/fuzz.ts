import { BUILT_IN, readRuleFiles } from '../../src/app/rules.ts';
import { Compiled } from '../../src/engine/compile.ts';
import { factOf, run } from '../../src/engine/engine.test-support.ts';
import type { Fact } from '../../src/events/fact.ts';
import type { Json, JsonObject } from '../../src/lib/json.ts';
import { type Diagnostic, formatDiagnostic } from '../../src/sigma/diagnostic.ts';
import { lintRules } from '../../src/sigma/lint.ts';
import { loadRules } from '../../src/sigma/load.ts';
import { generator } from './generator.ts';
import { mutated } from './mutateRule.ts';

/** What a rule is put through: read, checked, told of, sent to a worker, compiled, and asked about events. */
interface Fuzzed {
  readonly loaded: number;
  /** Values that all rules of the text are made of. */
  readonly size: number;
  /** Diagnostics whose place is not in the text. */
  readonly misplaced: readonly Diagnostic[];
  /** Diagnostics that say what is wrong and not what to do. */
  readonly cureless: readonly Diagnostic[];
}

const EVENTS: readonly JsonObject[] = [
  {},
  { CommandLine: 'cmd.exe /c whoami', Image: 'C:\\Windows\\cmd.exe', User: 'ann@contoso.example', id: 4625 },
  { a: { b: [{ c: 'x' }, null, 5] }, f: ['x', 'y'], ip: '203.0.113.7', time: '2026-11-24T03:12:07Z' },
  JSON.parse('{"__proto__": {"polluted": "x"}, "constructor": {"prototype": "y"}, "": "z"}'),
];
const FACTS: readonly Fact[] = EVENTS.map((raw, at) => factOf({ at: at * 40, raw, fields: { 'actor.id': 'ann' } }));

function fuzz(text: string): Fuzzed {
  const files = [{ file: 'f.yml', text }];
  const placeholders = { admins: ['ann', 'b*'], many: Array.from({ length: 50 }, (_, at) => `v${at}`) };
  const { rules, diagnostics } = loadRules(files, { logsource: 'ignore', placeholders });
  const found = [...diagnostics, ...lintRules(files)];
  for (const each of found) formatDiagnostic(each, text);
  const compiled = new Compiled(structuredClone(rules).map((rule) => ({ ...rule, alerts: true })));
  run(compiled, FACTS, 500);
  const lines = text.split(/\r\n|\r|\n/).length;
  return {
    loaded: rules.length,
    size: sizeOf(rules as unknown as Json),
    cureless: diagnostics.filter(({ hint }) => hint === null),
    misplaced: found.filter(({ line, column }) => line < 0 || line > lines || (line > 0 && column < 1)),
  };
}

/** Time of the processor, so that a busy machine makes no rule slow; what takes long is asked again, because code may have been cold. */
function timed(text: string): Fuzzed & { readonly time: number } {
  let time = Number.POSITIVE_INFINITY;
  for (let tries = 0; ; tries++) {
    const start = process.threadCpuUsage();
    const fuzzed = fuzz(text);
    const { user, system } = process.threadCpuUsage(start);
    time = Math.min(time, (user + system) / 1000);
    if (time < 50 || tries === 2) return { ...fuzzed, time };
  }
}

/** Objects and lists in a tree, what is shared counted once. */
function sizeOf(value: Json, seen = new Set<Json>()): number {
  if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
  seen.add(value);
  let size = 1;
  for (const inner of Object.values(value)) size += sizeOf(inner, seen);
  return size;
}

export interface FuzzOutcome {
  readonly loaded: number;
  readonly largest: number;
  readonly misplaced: readonly Diagnostic[];
  readonly cureless: readonly Diagnostic[];
  /** Names that `Object.prototype` has gained. */
  readonly polluted: readonly string[];
  /** Milliseconds of the processor, ascending; only to be told. */
  readonly times: readonly number[];
  readonly slowest: { readonly time: number; readonly text: string };
}

/** Parts of rules in a rule that is otherwise fine, so that a change meets the reader of that part. */
const AROUND: readonly ((part: string) => string)[] = [
  (part) => part,
  (part) => rule(`{s: {f: x}, filter: {g: y}, condition: ${JSON.stringify(part)}}`),
  (part) => rule(`{s: {${JSON.stringify(part)}: [x, 5]}, condition: s}`),
  (part) => rule(`{s: {'f|re': ${JSON.stringify(part)}}, condition: s}`),
  (part) => rule(`{s: {'f|contains|expand': ${JSON.stringify(part)}}, condition: s}`),
  (part) => rule(`{s: [${JSON.stringify(part)}], condition: s}`),
  (part) => `${rule('{s: {f: x}, condition: s}')}---\ntitle: C\ncorrelation: {rules: T, type: temporal, ${part}}\n`,
];

function rule(detection: string): string {
  return `title: T\nlogsource: {product: azure}\ndetection: ${detection}\n`;
}

const PARTS: readonly string[] = [
  's and not 1 of f*',
  '(s or filter) and not (s and filter)',
  'field|contains|all',
  'field|re|i|m',
  'field|windash|base64offset|contains',
  '(?:(?:[a-z0-9]+\\.)+[a-z]{2,9})',
  '%admins%*%many%',
  'timespan: 5m, group-by: [a, b], condition: T and not T',
  'timespan: 1h, condition: {gte: 2, lt: 9}, aliases: {a: {T: b}}',
];

/** Rules with something changed, each put through everything. The same in every run. */
export function fuzzRules(times: number, more: readonly string[], seed: number): FuzzOutcome {
  const [shortest = ''] = readRuleFiles([BUILT_IN])
    .map(({ text }) => text)
    .sort((a, b) => a.length - b.length);
  const seeds = [shortest, ...PARTS, ...more];
  const random = generator(seed);
  const before = new Set(Object.getOwnPropertyNames(Object.prototype));
  const outcomes: (Fuzzed & { readonly time: number })[] = [];
  let slowest = { time: 0, text: '' };
  for (let i = 0; i < times; i++) {
    const changed = mutated(seeds[random(seeds.length)]!, seeds, random);
    const text = changed.length < 200 ? AROUND[random(AROUND.length)]!(changed) : changed;
    const one = timed(text);
    outcomes.push(one);
    if (one.time > slowest.time) slowest = { time: one.time, text };
  }
  return {
    loaded: outcomes.reduce((sum, { loaded }) => sum + loaded, 0),
    largest: outcomes.reduce((largest, { size }) => Math.max(largest, size), 0),
    misplaced: outcomes.flatMap(({ misplaced }) => misplaced),
    cureless: outcomes.flatMap(({ cureless }) => cureless),
    polluted: Object.getOwnPropertyNames(Object.prototype).filter((name) => !before.has(name)),
    times: outcomes.map(({ time }) => time).sort((a, b) => a - b),
    slowest,
  };
}
