import type { Correlation, Detection, Match, RuleMeta, Test } from '../../src/ir/ir.ts';
import { printExpression } from '../../src/ir/print.ts';
import { writeText } from '../../src/sigma/text.ts';

/** A rule as a Sigma document; JSON is YAML. Only what a rule file can say: no constants, no empty groups. */
export function printDetection({ meta, match, logsource, fold, levels, alerts }: Detection): string {
  const selections: [string, unknown][] = [];
  const condition = conditionOf(match, selections);
  return document(meta, {
    logsource,
    detection: { ...Object.fromEntries(selections), condition },
    ...(fold && { fold: { by: fold.by, gap: `${fold.gap}s` } }),
    levels: levels.flatMap(({ when, level }) =>
      when.kind === 'count' ? [{ when: { count: { [when.op]: when.value } }, level }] : [],
    ),
    alerts,
  });
}

export function printCorrelation(rule: Correlation, names: readonly string[]): string {
  const { meta, type, groupBy, window, conditions, fields, percentile, expression, alerts } = rule;
  const bounds = Object.fromEntries(conditions.map(({ op, value }) => [op, value]));
  const values = { ...bounds, ...(fields.length > 0 && { field: fields }), ...(percentile !== null && { percentile }) };
  const condition = expression === null ? values : printExpression(expression, names);
  return document(meta, {
    correlation: {
      type,
      rules: names,
      'group-by': groupBy.map(({ name }) => name),
      aliases: Object.fromEntries(groupBy.map(({ name, fieldByRule }) => [name, fieldByRule])),
      timespan: `${window}s`,
      ...(Object.keys(condition).length > 0 && { condition }),
    },
    alerts,
  });
}

function document(meta: RuleMeta, rest: object): string {
  const { title, id, name, level, description, falsePositives } = meta;
  return JSON.stringify({ title, id, name, level, description, falsepositives: falsePositives, ...rest });
}

/** Each test becomes a selection of its own, named in the order in which they stand. */
function conditionOf(match: Match, selections: [string, unknown][]): string {
  switch (match.kind) {
    case 'constant':
      throw new Error('no rule says always or never');
    case 'all':
    case 'any':
      return `(${match.of.map((part) => conditionOf(part, selections)).join(match.kind === 'all' ? ' and ' : ' or ')})`;
    case 'not':
      return `not ${conditionOf(match.of, selections)}`;
    case 'field':
    case 'keyword': {
      const name = `s${selections.length}`;
      selections.push([name, selectionOf(match)]);
      return name;
    }
  }
}

function selectionOf(match: Extract<Match, { kind: 'field' | 'keyword' }>): unknown {
  const { modifiers, value } = written(match.test);
  if (match.kind === 'field') return Object.fromEntries([[`${match.field}${modifiers}`, value]]);
  return modifiers === '' ? [value] : { [modifiers]: value };
}

function written(test: Test): { readonly modifiers: string; readonly value: unknown } {
  switch (test.kind) {
    case 'text':
      return { modifiers: test.cased ? '|cased' : '', value: writeText(test.pattern) };
    case 'number':
      return { modifiers: test.op === 'eq' ? '' : `|${test.op}`, value: test.value };
    case 'boolean':
      return { modifiers: '', value: test.value };
    case 'null':
      return { modifiers: '', value: null };
    case 'exists':
      return { modifiers: '|exists', value: test.value };
    case 'regex':
      return { modifiers: ['|re', ...test.flags].join('|'), value: test.source };
    case 'cidr':
      return { modifiers: '|cidr', value: test.range };
    case 'fieldref':
      return {
        modifiers: `|fieldref${test.cased ? '|cased' : ''}${test.op === 'equals' ? '' : `|${test.op}`}`,
        value: test.other,
      };
    case 'time':
      return { modifiers: `|${test.part}${test.op === 'eq' ? '' : `|${test.op}`}`, value: test.value };
  }
}

/** All that an expression can mean: whether it holds, for each set of rules that hit. */
export function truthOf(rules: number, holds: (hit: (rule: number) => boolean) => boolean): boolean[] {
  return Array.from({ length: 2 ** rules }, (_, set) => holds((rule) => (set & (1 << rule)) !== 0));
}
