import type { Match } from '../ir/ir.ts';
import { type Condition, parseCondition, patternMatches } from './condition.ts';
import { MAX_VALUES, type Problems } from './diagnostic.ts';
import { join, readItem, readKeyword } from './item.ts';
import type { Placeholders } from './placeholders.ts';
import { didYouMean } from './suggest.ts';
import { describe, type Entry, entryOf, type Scalar, type Tree, type TreeMap, treeAt, within } from './tree.ts';

/** Keys of a `detection:` that are no selection. */
const NOT_SELECTIONS = ['condition', 'timeframe'];

/** All selections of a map; those that are not valid are reported and stand in it as null. */
export function readSelections(
  detection: TreeMap,
  except: readonly string[],
  placeholders: Placeholders,
  problems: Problems,
): Map<string, Match | null> {
  const selections = new Map<string, Match | null>();
  for (const entry of detection.entries) {
    if (NOT_SELECTIONS.includes(entry.key) || except.includes(entry.key)) continue;
    selections.set(entry.key, readSelection(entry, placeholders, problems));
  }
  return selections;
}

function readSelection(entry: Entry, placeholders: Placeholders, problems: Problems): Match | null {
  const { value } = entry;
  if (value.kind !== 'list') return readPart(value, placeholders, problems);
  if (value.items.length === 0)
    return problems.error(
      'CW-3001',
      entry.keySpan,
      `selection "${entry.key}" is empty`,
      'write "- field: value" below it',
    );
  const parts = value.items.map((item) => readPart(item, placeholders, problems));
  return parts.includes(null) ? null : join(parts as Match[], 'any');
}

/** A map is its lines joined by AND; a bare value is a keyword. */
function readPart(tree: Tree, placeholders: Placeholders, problems: Problems): Match | null {
  if (tree.kind === 'scalar') {
    if (tree.value !== null) return readKeyword(tree, problems);
    return problems.error(
      'CW-3001',
      tree.span,
      'a selection is a map, a list or a keyword, not nothing',
      'write "field: value" below it',
    );
  }
  if (tree.kind === 'list') return problems.error('CW-3001', tree.span, 'a list stands directly in a list', NO_LISTS);
  if (tree.entries.length === 0)
    return problems.error('CW-3001', tree.span, 'an empty map matches every event', 'write "field: value" into it');
  const items = tree.entries.map((item) => readItem(item, placeholders, problems));
  return items.includes(null) ? null : join(items as Match[], 'all');
}

const NO_LISTS = 'items of a selection are maps or keywords, joined by OR';

const CONDITION_CURE = 'write "condition: selection"';

/** The conditions of a detection: one text, or a list of them, joined by OR. */
export function readConditions(detection: TreeMap, problems: Problems): readonly Written[] | null {
  const tree = treeAt(detection, 'condition');
  if (tree === null)
    return problems.error('CW-3001', detection.span, 'the condition is missing', 'add "condition: NAME"');
  const scalars = tree.kind === 'list' ? tree.items : [tree];
  if (scalars.length === 0) return problems.error('CW-3005', tree.span, 'an empty list of conditions', CONDITION_CURE);
  const written: Written[] = [];
  for (const scalar of scalars) {
    if (scalar.kind !== 'scalar')
      problems.error('CW-3005', scalar.span, `a condition is a text, not ${describe(scalar)}`, CONDITION_CURE);
    const condition = scalar.kind === 'scalar' ? parseCondition(scalar, problems) : null;
    if (condition !== null) written.push({ condition, scalar: scalar as Scalar });
  }
  return written.length === scalars.length ? written : null;
}

/** A condition with the scalar it was read from, for the places in diagnostics. */
export interface Written {
  readonly condition: Condition;
  readonly scalar: Scalar;
}

/** Puts the selections where a condition names them. */
export function resolve(
  { condition, scalar }: Written,
  selections: ReadonlyMap<string, Match | null>,
  problems: Problems,
): Match | null {
  switch (condition.kind) {
    case 'name':
      return named(condition.name, condition.at, scalar, selections, problems);
    case 'of':
      return quantified(condition, scalar, selections, problems);
    case 'not': {
      const of = resolve({ condition: condition.of, scalar }, selections, problems);
      return of === null ? null : { kind: 'not', of };
    }
    case 'and':
    case 'or': {
      const parts = condition.of.map((part) => resolve({ condition: part, scalar }, selections, problems));
      return parts.includes(null) ? null : join(parts as Match[], condition.kind === 'and' ? 'all' : 'any');
    }
  }
}

function named(
  name: string,
  at: number,
  scalar: Scalar,
  selections: ReadonlyMap<string, Match | null>,
  problems: Problems,
): Match | null {
  const selection = selections.get(name);
  if (selection !== undefined) return selection;
  return problems.error(
    'CW-3002',
    within(scalar, at, name.length),
    `condition names unknown "${name}"`,
    didYouMean(name, selections.keys()) ?? `define it: "${name}:" beside the condition`,
  );
}

function quantified(
  condition: Extract<Condition, { kind: 'of' }>,
  scalar: Scalar,
  selections: ReadonlyMap<string, Match | null>,
  problems: Problems,
): Match | null {
  const names = [...selections.keys()].filter((name) => patternMatches(condition.pattern, name));
  if (names.length === 0) {
    const { pattern, at } = condition;
    const span = within(scalar, at, `${condition.quantifier} of ${pattern}`.length);
    const near = didYouMean(pattern.replaceAll('*', ''), selections.keys());
    return problems.error(
      'CW-3020',
      span,
      `no selection is called like "${pattern}"`,
      near ?? 'take it out of the condition',
    );
  }
  if (!problems.spend(names.length)) return problems.error('CW-3004', scalar.span, ...TOO_MANY);
  const matches = names.map((name) => selections.get(name) ?? null);
  return matches.includes(null) ? null : join(matches as Match[], condition.quantifier);
}

const TOO_MANY = [`more than ${MAX_VALUES} values, with those that patterns repeat`, 'name a pattern once'] as const;

/** A whole `detection:`: its selections by name, and what its conditions make of them. */
export function readDetection(
  detection: TreeMap,
  placeholders: Placeholders,
  problems: Problems,
): { readonly selections: ReadonlyMap<string, Match | null>; readonly match: Match } | null {
  const selections = readSelections(detection, [], placeholders, problems);
  if (selections.size === 0)
    problems.error(
      'CW-3001',
      detection.span,
      'a detection without a selection',
      'add "selection:" with "field: value" below it',
    );
  const timeframe = entryOf(detection, 'timeframe');
  if (timeframe)
    problems.warning('CW-3057', timeframe.keySpan, 'timeframe has no meaning in a detection', TIMEFRAME_CURE);
  const conditions = readConditions(detection, problems);
  if (conditions === null) return null;
  const matches = conditions.map((written) => resolve(written, selections, problems));
  return matches.includes(null) ? null : { selections, match: join(matches as Match[], 'any') };
}

const TIMEFRAME_CURE = 'leave it out; a time span belongs to a correlation (timespan)';
