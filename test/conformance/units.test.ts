import { describe, expect, it } from 'vitest';
import type { Correlation, Expression, Match, Piece, Rule, Test } from '../../src/ir/ir.ts';
import { printMatch } from '../../src/ir/print.ts';
import { simplify } from '../../src/ir/simplify.ts';
import { open, writeText } from '../../src/sigma/text.ts';
import { errors, load } from '../support/evaluate.ts';
import { present, topics } from './data.test-support.ts';

/*
 * Small pairs of what pySigma reads and makes of it, each put into a rule of ours; what comes out is compared as one printed line.
 */

type Value =
  | { readonly t: 'SigmaString'; readonly parts: readonly (string | { readonly wildcard: '*' | '?' })[] }
  | { readonly t: 'SigmaNumber'; readonly number: number }
  | { readonly t: 'SigmaNull' }
  | { readonly t: 'SigmaRegularExpression'; readonly re: string }
  | { readonly t: 'SigmaCIDRExpression'; readonly cidr: string }
  | { readonly t: 'SigmaExpansion'; readonly or: readonly Value[] };

interface Item {
  readonly field: string | null;
  readonly value: readonly Value[];
  readonly value_linking: 'ConditionAND' | 'ConditionOR';
  readonly negated: boolean;
}

interface Items {
  readonly items: readonly Item[];
}

type Tree =
  | { readonly and: readonly Tree[] }
  | { readonly or: readonly Tree[] }
  | { readonly not: readonly [Tree] }
  | { readonly field: string; readonly value: Value }
  | { readonly keyword: Value };

interface Pair {
  readonly api: string;
  readonly input: unknown;
  readonly outcome: 'ok' | 'error';
  readonly result: unknown;
  readonly applied_before?: readonly string[];
}

const UNITS = topics<Pair>('pysigma/unit-pairs.json');

/** Told apart by topic and input. */
const DIFFERENT: ReadonlyMap<string, string> = new Map([
  ['condition empty-field', 'an empty list matches nothing, and a warning says so; pySigma reads it as null'],
  ['correlation_condition {"gte":10,"lte":20}', 'the specification shows ranges'],
  ['modifier UTF16 *foobar*', 'the byte-order mark is two bytes, as the specification prints it, not one character'],
]);

function piecesOf(parts: readonly (string | { readonly wildcard: '*' | '?' })[]): Piece[] {
  return parts.map((part) => (typeof part === 'string' ? part : { wild: part.wildcard === '*' ? 'any' : 'one' }));
}

function written(value: Value): unknown {
  switch (value.t) {
    case 'SigmaString':
      return writeText(piecesOf(value.parts));
    case 'SigmaNumber':
      return value.number;
    case 'SigmaNull':
      return null;
    case 'SigmaRegularExpression':
      return value.re;
    default:
      throw new Error(`nothing writes ${value.t}`);
  }
}

function testOf(value: Value, isKeyword: boolean): Test[] {
  switch (value.t) {
    case 'SigmaString': {
      const pieces = piecesOf(value.parts);
      return [{ kind: 'text', pattern: isKeyword ? open(pieces, 'both') : pieces, cased: false }];
    }
    case 'SigmaNumber':
      if (isKeyword) return [{ kind: 'text', pattern: open([`${value.number}`], 'both'), cased: false }];
      return [{ kind: 'number', op: 'eq', value: value.number }];
    case 'SigmaNull':
      return [{ kind: 'null' }];
    case 'SigmaRegularExpression':
      return [{ kind: 'regex', source: value.re, flags: '' }];
    case 'SigmaCIDRExpression':
      return [{ kind: 'cidr', range: value.cidr }];
    case 'SigmaExpansion':
      return value.or.flatMap((one) => testOf(one, isKeyword));
  }
}

function matchOf(field: string | null, value: Value): Match {
  const tests = testOf(value, field === null);
  return {
    kind: 'any',
    of: tests.map((test): Match => (field === null ? { kind: 'keyword', test } : { kind: 'field', field, test })),
  };
}

function itemMatch({ field, value, value_linking, negated }: Item): Match {
  const of = value.map((one) => matchOf(field, one));
  const match: Match = { kind: value_linking === 'ConditionAND' ? 'all' : 'any', of };
  return negated ? { kind: 'not', of: match } : match;
}

function itemsMatch({ items }: Items): Match {
  return { kind: 'all', of: items.map(itemMatch) };
}

function treeMatch(tree: Tree): Match {
  if ('and' in tree) return { kind: 'all', of: tree.and.map(treeMatch) };
  if ('or' in tree) return { kind: 'any', of: tree.or.map(treeMatch) };
  if ('not' in tree) return { kind: 'not', of: treeMatch(tree.not[0]) };
  return 'keyword' in tree ? matchOf(null, tree.keyword) : matchOf(tree.field, tree.value);
}

/** JSON is YAML. */
function ruleOf(detection: unknown, logsource: unknown = { product: 'azure' }): string {
  return JSON.stringify({ title: 'T', logsource, detection });
}

function selection(item: unknown): string {
  return ruleOf({ selection: item, condition: 'selection' });
}

function selectionOf({ items }: Items): unknown {
  const keywords = items.filter(({ field, value_linking }) => field === null && value_linking === 'ConditionOR');
  if (keywords.length > 0) return keywords.flatMap(({ value }) => value.map(written));
  const lines = items.map(({ field, value, value_linking, negated }): [string, unknown] => {
    const isRegex = value[0]?.t === 'SigmaRegularExpression';
    const modifiers = `${isRegex ? '|re' : ''}${value_linking === 'ConditionAND' ? '|all' : ''}${negated ? '|neq' : ''}`;
    return [`${field ?? ''}${modifiers}`, value.map(written)];
  });
  return Object.fromEntries(lines);
}

function correlation(lines: object, names: readonly string[] = ['r']): string {
  const own = { title: 'C', correlation: { rules: names, timespan: '5m', ...lines } };
  const bases = names.map((name) => ({
    ...{ title: name, name, logsource: { product: 'azure' } },
    detection: { s: { f: 1 }, condition: 's' },
  }));
  return [own, ...bases].map((document) => JSON.stringify(document)).join('\n---\n');
}

const MODIFIERS: Readonly<Record<string, string>> = {
  ...{ Base64: 'base64', Base64Offset: 'base64offset', Contains: 'contains', Startswith: 'startswith' },
  ...{ Endswith: 'endswith', Wide: 'wide', UTF16: 'utf16', UTF16BE: 'utf16be', WindowsDash: 'windash', All: 'all' },
};

/** A pair as a rule of ours, what it should print, and its name; null: about something that rules cannot say. */
function posed(topic: string, { api, input, result, applied_before }: Pair): Posed | null {
  const value = (of: Value): string => printMatch(simplify(matchOf('f', of)));
  switch (topic) {
    case 'logsource':
      return { text: ruleOf({ s: { f: 1 }, condition: 's' }, input), wanted: null };
    case 'sigma_string':
      return { text: selection({ f: input }), wanted: () => value(result as Value) };
    case 'regex':
      return { text: selection({ 'f|re': input }), wanted: () => value(result as Value) };
    case 'cidr':
      return { text: selection({ 'f|cidr': input }), wanted: () => value(result as Value) };
    case 'detection_item': {
      const [key, values] = input as [string | null, unknown];
      const text = selection(key === null ? values : { [key]: values });
      return { text, wanted: () => printMatch(simplify(itemMatch(result as Item))) };
    }
    case 'detection_item_value':
      return { text: selection([input]), wanted: () => printMatch(simplify(itemMatch(result as Item))) };
    case 'detection':
      return { text: selection(input), wanted: () => printMatch(simplify(itemsMatch(result as Items))) };
    case 'detections': {
      const selected = (): Items => (result as Record<string, Items>)['selection']!;
      return { text: ruleOf(input), wanted: () => printMatch(simplify(itemsMatch(selected()))) };
    }
    case 'condition': {
      const { condition, detections } = input as { condition: string; detections: Record<string, Items> };
      const selections = Object.entries(detections).map(([name, items]) => [name, selectionOf(items)]);
      const text = ruleOf({ ...Object.fromEntries(selections), condition });
      return { text, wanted: () => printMatch(simplify(treeMatch(result as Tree))) };
    }
    case 'modifier':
      return modified(
        /^Sigma(.*)Modifier$/.exec(api)?.[1] ?? '',
        input as Value | Value[],
        result,
        applied_before ?? [],
      );
    case 'timespan': {
      const text = correlation({ type: 'event_count', timespan: input, condition: { gte: 1 } });
      return { text, wanted: () => `${(result as { seconds: number }).seconds}` };
    }
    case 'correlation_condition': {
      const condition = input as { field?: string; percentile?: unknown };
      const isPercentile = condition.percentile !== undefined;
      const type = isPercentile ? 'value_percentile' : condition.field === undefined ? 'event_count' : 'value_count';
      return { text: correlation({ type, condition }), wanted: null };
    }
    case 'extended_correlation_condition': {
      const names = [...new Set(`${input}`.match(/rule_\w+/g))];
      return { text: correlation({ type: 'temporal', condition: input }, names), wanted: () => `${result}` };
    }
    default:
      throw new Error(`no such topic: ${topic}`);
  }
}

interface Posed {
  readonly text: string;
  readonly wanted: (() => string) | null;
}

function modified(api: string, input: Value | Value[], result: unknown, before: readonly string[]): Posed | null {
  const name = MODIFIERS[api];
  const values = Array.isArray(input) ? input : [input];
  // What was encoded twice no longer shows its text.
  if (name === undefined || (before.length > 0 && values.some(({ t }) => t === 'SigmaExpansion'))) return null;
  const isRegex = values[0]?.t === 'SigmaRegularExpression';
  const text = selection({ [`f${isRegex ? '|re' : ''}|${name}`]: values.map(written) });
  const kind = name === 'all' ? 'all' : 'any';
  const wanted = (): string =>
    printMatch(simplify({ kind, of: (result as readonly Value[]).map((one) => matchOf('f', one)) }));
  return { text, wanted };
}

function shown(rule: Rule, topic: string): string {
  if (rule.kind === 'detection') return printMatch(rule.match);
  return topic === 'timespan' ? `${rule.window}` : expressionShown(rule);
}

/** As pySigma prints it. */
function expressionShown({ rules, conditions, expression }: Correlation): string {
  const all = rules.map((_, index): Expression => ({ kind: 'rule', index }));
  const names = rules.map((_, index) => index);
  const tree: Expression = expression ?? { kind: conditions.length === 0 ? 'all' : 'any', of: all };
  const print = (one: Expression): string => {
    if (one.kind === 'rule') return `#${names[one.index]}`;
    const word = { all: 'AND', any: 'OR', not: 'NOT' }[one.kind];
    const parts = one.kind === 'not' ? [one.of] : one.of;
    return `CorrelationCondition${word}(args=[${parts.map(print).join(', ')}])`;
  };
  return print(tree);
}

function nameOf(topic: string, { api, input }: Pair): string {
  if (topic === 'condition') return `${topic} ${(input as { condition: string }).condition}`;
  const parts = (input as { parts?: Parameters<typeof piecesOf>[0] } | null)?.parts;
  if (topic === 'modifier' && parts) return `${topic} ${api.slice(5, -8)} ${writeText(piecesOf(parts))}`;
  return `${topic} ${JSON.stringify(input)}`;
}

const QUESTIONS = Object.entries(UNITS).flatMap(([topic, pairs]) =>
  pairs.flatMap((pair) => {
    const question = posed(topic, pair);
    return question === null ? [] : [{ topic, pair, name: nameOf(topic, pair), ...question }];
  }),
);

describe.skipIf(!present)('units', () => {
  it.each(QUESTIONS.filter(({ name }) => !DIFFERENT.has(name)).map((one) => [one.name, one] as const))(
    '%s',
    (_, { topic, pair, text, wanted }) => {
      const loaded = load(text);
      const found = errors(loaded, text);
      expect(found.length === 0 ? 'ok' : 'error', found.join('\n')).toBe(pair.outcome);
      if (pair.outcome === 'error' || wanted === null) return;
      const rules = [...new Set(`${pair.input}`.match(/rule_\w+/g))];
      const theirs = wanted().replace(
        /SigmaRuleReference\(reference='(\w+)'\)/g,
        (_, name) => `#${rules.indexOf(name)}`,
      );
      expect(shown(loaded.rules[0]!, topic)).toBe(theirs);
    },
  );

  it('asks all but what no rule can say', () => {
    expect(Object.values(UNITS).flat()).toHaveLength(170);
    expect(QUESTIONS).toHaveLength(168);
    expect([...DIFFERENT.keys()].filter((name) => !QUESTIONS.some((one) => one.name === name))).toEqual([]);
  });
});
