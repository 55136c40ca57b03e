import { type Comparison, type Fold, LEVELS, type LevelRule, type Match } from '../ir/ir.ts';
import { parseCondition } from './condition.ts';
import { resolve } from './detection.ts';
import type { Problems } from './diagnostic.ts';
import { readDuration } from './duration.ts';
import { mapAt, mapsAt, numberAt, onlyKeys, scalarAt, textsAt, wordAt } from './shape.ts';
import { entryOf, type Scalar, type Tree, type TreeMap, treeAt } from './tree.ts';

/*
 * The attributes that Sigma leaves to the tool: fold, levels, touched_by. A rule that has none of them is plain Sigma, and one that
 * has them is read by every other tool, which passes over attributes that it does not know.
 */

const HOUR = 3600;

/** `fold: {by: [field, ...], gap: 1h}`. null if the rule says nothing. */
export function readFold(document: TreeMap, problems: Problems): Fold | null {
  const map = mapAt(document, 'fold', problems);
  if (!map) return null;
  onlyKeys(map, ['by', 'gap'], 'fold', problems);
  const by = textsAt(map, 'by', problems, true).map((field) => field.text);
  if (by.length === 0)
    return problems.error('CW-3001', map.span, 'fold needs "by"', 'the fields that make one alert: [cosmosdb.account]');
  const gap = treeAt(map, 'gap');
  return { by, gap: gap ? (readDuration(gap, 'gap', problems) ?? HOUR) : HOUR };
}

/** What `levels` may name: selections of a detection, rules of a correlation, and `touched` where the rule watches who touched it. */
export interface Nameable {
  readonly selections: ReadonlyMap<string, Match | null>;
  readonly rules?: readonly string[];
  readonly touched: boolean;
}

/** `levels: [{when: SELECTION | RULE | {count: {gte: N}} | touched, level: L}]`, in the order of the file. */
export function readLevels(document: TreeMap, names: Nameable, problems: Problems): LevelRule[] {
  return mapsAt(document, 'levels', problems).flatMap((item) => readLevel(item, names, problems) ?? []);
}

function readLevel(item: TreeMap, names: Nameable, problems: Problems): LevelRule | null {
  onlyKeys(item, ['when', 'level'], 'an entry of levels', problems);
  const level = wordAt(item, 'level', LEVELS, problems);
  const entry = entryOf(item, 'when');
  if (!entry || !entryOf(item, 'level'))
    return problems.error(
      'CW-3001',
      item.span,
      'an entry of levels needs when and level',
      '{when: SELECTION, level: high}',
    );
  const when = readWhen(entry.value, names, problems);
  const { line, column } = entry.keySpan;
  return when && level && { when, level, place: { file: problems.file, line, column } };
}

function readWhen(tree: Tree, names: Nameable, problems: Problems): LevelRule['when'] | null {
  if (tree.kind === 'map') return readCount(tree, problems);
  if (tree.kind === 'list')
    return problems.error('CW-3001', tree.span, 'when is the name of a selection, or count', '{count: {gte: 100}}');
  if (tree.text === 'touched' && !names.selections.has('touched')) {
    if (names.touched) return { kind: 'touched' };
    return problems.error(
      'CW-3001',
      tree.span,
      '"touched" needs a touched_by in this rule',
      'touched_by: {rule: NAME, within: 24h}',
    );
  }
  const index = names.rules?.indexOf(tree.text) ?? -1;
  return index < 0 ? readSelected(tree, names, problems) : { kind: 'rule', name: tree.text, index };
}

function readSelected(scalar: Scalar, names: Nameable, problems: Problems): LevelRule['when'] | null {
  const condition = parseCondition(scalar, problems);
  const match = condition && resolve({ condition, scalar }, names.selections, problems);
  return match && { kind: 'selection', name: scalar.text.trim(), match };
}

const OPERATORS: readonly Comparison[] = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'];

function readCount(map: TreeMap, problems: Problems): LevelRule['when'] | null {
  onlyKeys(map, ['count'], 'when', problems);
  const count = mapAt(map, 'count', problems);
  if (!count)
    return problems.error('CW-3001', map.span, 'when is the name of a selection, or a count', '{count: {gte: 100}}');
  onlyKeys(count, OPERATORS, 'count', problems);
  const [entry, ...more] = count.entries;
  const op = OPERATORS.find((name) => name === entry?.key);
  if (!op || more.length > 0)
    return problems.error('CW-3001', count.span, 'count takes one comparison', 'for example {gte: 100}');
  const value = numberAt(count, op, problems);
  return value === null ? null : { kind: 'count', op, value };
}

/** `touched_by: {rule: NAME, within: 24h}`; the rule is still a reference. */
export function readTouchedBy(
  document: TreeMap,
  problems: Problems,
): { readonly rule: Scalar; readonly within: number } | null {
  const map = mapAt(document, 'touched_by', problems);
  if (!map) return null;
  onlyKeys(map, ['rule', 'within'], 'touched_by', problems);
  const rule = scalarAt(map, 'rule', 'the name of a rule', problems);
  const tree = treeAt(map, 'within');
  if (!rule || !tree)
    return problems.error('CW-3001', map.span, 'touched_by needs rule and within', '{rule: NAME, within: 24h}');
  const within = readDuration(tree, 'within', problems);
  return within === null ? null : { rule, within };
}
