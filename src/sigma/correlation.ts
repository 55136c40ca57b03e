import type { Correlation, CorrelationType, RuleMeta } from '../ir/ir.ts';
import { checkBoundWords } from './bound.ts';
import { readBounds, readExpression } from './correlationCondition.ts';
import type { Problems } from './diagnostic.ts';
import type { Alias, CorrelationDraft } from './draft.ts';
import { readDuration } from './duration.ts';
import { readLevels, readTouchedBy } from './ours.ts';
import { booleanAt, mapAt, numberAt, onlyKeys, textsAt, wordAt } from './shape.ts';
import { describe, entryOf, isEmpty, type Scalar, type TreeMap, treeAt } from './tree.ts';

export const TYPES: readonly CorrelationType[] = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
];

/** The order of rules costs the square of their number, for each key. */
const MAX_RULES = 100;

const KEYS = ['type', 'rules', 'group-by', 'timespan', 'timeframe', 'aliases', 'condition', 'generate', 'window'];

/** A `correlation:` document. Windows slide, their edges belong to them: an event exactly one time span back still counts. */
export function readCorrelation(document: TreeMap, meta: RuleMeta, problems: Problems): CorrelationDraft | null {
  const map = mapAt(document, 'correlation', problems);
  if (!map)
    return problems.error(
      'CW-3001',
      document.span,
      'the correlation is empty',
      'it needs type, rules, timespan and condition',
    );
  onlyKeys(map, KEYS, 'a correlation', problems);
  checkWindow(map, problems);
  const type = wordAt(map, 'type', TYPES, problems);
  if (!entryOf(map, 'type'))
    problems.error('CW-3001', map.span, 'the type of the correlation is missing', TYPES.join(', '));
  const window = readTimespan(map, problems);
  const named = textsAt(map, 'rules', problems, true);
  const conditions = type && readCondition(map, type, named, problems);
  const rules = conditions?.rules ?? named;
  if (rules.length === 0 && !problems.failed)
    problems.error('CW-3001', map.span, 'a correlation needs rules', 'ids or names of rules');
  if (rules.length > MAX_RULES)
    problems.error('CW-3004', map.span, `more than ${MAX_RULES} rules in a correlation`, 'count correlations of them');
  const groupBy = textsAt(map, 'group-by', problems, true).map((field) => field.text);
  const touchedBy = readTouchedBy(document, problems);
  const nameable = { selections: new Map(), rules: rules.map(({ text }) => text), touched: touchedBy !== null };
  const levels = readLevels(document, nameable, problems);
  checkBoundWords(document, touchedBy !== null, problems);
  const draft = {
    kind: 'correlation',
    document,
    problems,
    meta,
    rules,
    groupBy,
    aliases: readAliases(map, groupBy, problems),
    levels,
    touchedBy,
    generate: booleanAt(map, 'generate', problems) ?? booleanAt(document, 'generate', problems) ?? false,
    alerts: booleanAt(document, 'alerts', problems),
  } as const;
  if (!type || window === null || !conditions) return null;
  return {
    ...draft,
    type,
    window,
    conditions: conditions.bounds,
    expression: conditions.expression,
    fields: conditions.fields,
    percentile: conditions.percentile,
  };
}

function checkWindow(map: TreeMap, problems: Problems): void {
  const window = entryOf(map, 'window');
  if (!window || (window.value.kind === 'scalar' && window.value.text === 'sliding')) return;
  problems.error('CW-3016', window.value.span, 'windows slide; Sigma knows no other kind', 'leave "window" out');
}

function readTimespan(map: TreeMap, problems: Problems): number | null {
  const entry = entryOf(map, 'timespan') ?? entryOf(map, 'timeframe');
  if (!entry) return problems.error('CW-3001', map.span, 'the timespan is missing', 'for example "timespan: 15m"');
  if (entry.key === 'timeframe') {
    problems.warning('CW-3057', entry.keySpan, 'timeframe is the old name of timespan', 'write "timespan"');
  }
  return readDuration(entry.value, 'timespan', problems);
}

interface Conditions {
  readonly bounds: Correlation['conditions'];
  readonly expression: Correlation['expression'];
  readonly fields: readonly string[];
  readonly percentile: number | null;
  /** Rules in the order that a condition text names them; null: `rules` says it. */
  readonly rules: readonly Scalar[] | null;
}

function readCondition(
  map: TreeMap,
  type: CorrelationType,
  rules: readonly Scalar[],
  problems: Problems,
): Conditions | null {
  const tree = treeAt(map, 'condition');
  const temporal = type === 'temporal' || type === 'temporal_ordered';
  if (!tree || isEmpty(tree)) {
    if (temporal) return { bounds: [], expression: null, fields: [], percentile: null, rules: null };
    return problems.error('CW-3001', map.span, 'the condition is missing', 'for example "condition: {gte: 10}"');
  }
  if (tree.kind === 'list')
    return problems.error('CW-3016', tree.span, `a correlation condition is a map, not ${describe(tree)}`, '{gte: 10}');
  if (tree.kind === 'scalar') {
    const named = temporal ? readExpression(tree, type, rules, problems) : null;
    if (temporal) return named && { ...named, fields: [], percentile: null };
    return problems.error(
      'CW-3016',
      tree.span,
      `only temporal types take a condition of rule names; ${type} counts`,
      '{gte: 10}',
    );
  }
  return readMap(tree, type, rules.length, problems);
}

function readMap(condition: TreeMap, type: CorrelationType, rules: number, problems: Problems): Conditions | null {
  onlyKeys(
    condition,
    ['gt', 'gte', 'lt', 'lte', 'eq', 'neq', 'field', 'percentile'],
    'a correlation condition',
    problems,
  );
  const bounds = readBounds(condition, type, rules, problems);
  const fields = textsAt(condition, 'field', problems, true).map((field) => field.text);
  const values = type.startsWith('value_');
  if (values && fields.length === 0) {
    return problems.error(
      'CW-3016',
      condition.span,
      `${type} needs the field whose values it looks at`,
      'add "field: NAME"',
    );
  }
  if (type !== 'value_count' && fields.length > 1)
    problems.error('CW-3016', condition.span, `${type} takes one field`, 'only value_count takes several');
  return (
    bounds && {
      bounds,
      expression: null,
      fields: values ? fields : [],
      percentile: readPercentile(condition, type, problems),
      rules: null,
    }
  );
}

/** The specification names no key for it; the field's convention is `percentile`, and the median where it is left out. */
function readPercentile(condition: TreeMap, type: CorrelationType, problems: Problems): number | null {
  if (type === 'value_median') return 50;
  if (type !== 'value_percentile') return null;
  const given = numberAt(condition, 'percentile', problems);
  if (given === null) {
    problems.warning(
      'CW-3016',
      condition.span,
      'value_percentile without a percentile means the median',
      'add "percentile: 95"',
    );
    return 50;
  }
  if (given >= 0 && given <= 100) return given;
  return problems.error(
    'CW-3016',
    entryOf(condition, 'percentile')?.value.span ?? null,
    'a percentile is 0 to 100',
    'for example 95',
  );
}

function readAliases(map: TreeMap, groupBy: readonly string[], problems: Problems): readonly Alias[] {
  const aliases: Alias[] = [];
  for (const { key, keySpan, value } of mapAt(map, 'aliases', problems)?.entries ?? []) {
    if (!groupBy.includes(key)) {
      problems.warning('CW-3058', keySpan, `alias "${key}" is not used`, 'aliases only stand for fields of group-by');
    }
    if (value.kind === 'map') aliases.push({ name: key, fields: readAliasFields(value, problems) });
    else
      problems.error(
        'CW-3001',
        value.span,
        `alias "${key}" is a map of rule to field, not ${describe(value)}`,
        `{RULE: FIELD}`,
      );
  }
  return aliases;
}

function readAliasFields(map: TreeMap, problems: Problems): Alias['fields'] {
  return map.entries.flatMap(({ key, keySpan, value }) => {
    const rule: Scalar = { kind: 'scalar', value: key, text: key, quoted: false, span: keySpan, textAt: 0 };
    if (value.kind === 'scalar' && typeof value.value === 'string') return [{ rule, field: value.text }];
    problems.error('CW-3001', value.span, 'an alias names a field', 'RULE: FIELD');
    return [];
  });
}
