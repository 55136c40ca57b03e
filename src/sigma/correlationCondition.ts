import type { Comparison, Correlation, CorrelationType, Expression } from '../ir/ir.ts';
import { type Condition, parseCondition } from './condition.ts';
import type { Problems } from './diagnostic.ts';
import { numberAt } from './shape.ts';
import { entryOf, type Scalar, type TreeMap, within } from './tree.ts';

const OPERATORS: readonly Comparison[] = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'];

/**
 * The comparisons of a condition map; two of them make a range (`{gt: 100, lte: 200}`), which the specification shows beside its
 * sentence "exactly one". For temporal types they count the different rules seen; all of them is the empty list.
 */
export function readBounds(
  condition: TreeMap,
  type: CorrelationType,
  rules: number,
  problems: Problems,
): Correlation['conditions'] | null {
  const bounds: { op: Comparison; value: number }[] = [];
  for (const op of OPERATORS) {
    const value = numberAt(condition, op, problems);
    if (value !== null) bounds.push({ op, value });
  }
  if (bounds.length === 0 && OPERATORS.some((op) => entryOf(condition, op))) return null;
  if (bounds.length === 0)
    return problems.error('CW-3016', condition.span, 'the condition compares nothing', 'for example "gte: 10"');
  if (impossible(bounds))
    return problems.error(
      'CW-3016',
      condition.span,
      'no number meets this condition',
      'for example {gte: 10, lt: 100}',
    );
  if (type !== 'temporal' && type !== 'temporal_ordered') return bounds;
  const all = bounds.every(
    ({ op, value }) => ['gte', 'eq', 'gt'].includes(op) && (op === 'gt' ? value + 1 : value) === rules,
  );
  return all ? [] : bounds;
}

function impossible(bounds: Correlation['conditions']): boolean {
  const at = (op: Comparison): number | undefined => bounds.find((bound) => bound.op === op)?.value;
  const low = Math.max(
    at('gte') ?? Number.NEGATIVE_INFINITY,
    at('gt') ?? Number.NEGATIVE_INFINITY,
    at('eq') ?? Number.NEGATIVE_INFINITY,
  );
  const high = Math.min(
    at('lte') ?? Number.POSITIVE_INFINITY,
    at('lt') ?? Number.POSITIVE_INFINITY,
    at('eq') ?? Number.POSITIVE_INFINITY,
  );
  return low > high || (low === high && (at('gt') === low || at('lt') === high || at('neq') === low));
}

/** What a condition of rule names says: as a number of rules where it can be, because every tool reads that; else as an expression. */
export interface Named {
  readonly bounds: Correlation['conditions'];
  readonly expression: Expression | null;
  /** In the order of `rules`; in that of the text where there is none. */
  readonly rules: readonly Scalar[];
}

/**
 * A temporal condition of rule names (`a and not b`), which the specification does not have but other tools read.
 * @param listed what stands under `rules`; none: the condition names them
 */
export function readExpression(
  scalar: Scalar,
  type: CorrelationType,
  listed: readonly Scalar[],
  problems: Problems,
): Named | null {
  const condition = parseCondition(scalar, problems);
  if (condition === null) return null;
  const named = namesIn(condition, scalar);
  if (named === null) {
    return problems.error('CW-3016', scalar.span, 'a temporal condition names its rules one by one', 'a and (b or c)');
  }
  const rules = listed.length > 0 ? listed : distinct(named);
  const unknown = named.find(({ text }) => !rules.some((rule) => rule.text === text));
  if (unknown !== undefined)
    return problems.error(
      'CW-3002',
      unknown.span,
      `"${unknown.text}" is not among the rules of this correlation`,
      'add it to "rules"',
    );
  const namesAll = distinct(named).length === new Set(rules.map(({ text }) => text)).size;
  const isFlat = condition.kind !== 'not' && !('of' in condition && condition.of.some((part) => part.kind !== 'name'));
  const isPlain = namesAll && isFlat;
  if (isPlain && condition.kind !== 'or') return { bounds: [], expression: null, rules };
  if (type === 'temporal_ordered')
    return problems.error('CW-3016', scalar.span, 'an order joins all its rules by "and"', 'leave the condition out');
  if (isPlain) return { bounds: [{ op: 'gte', value: 1 }], expression: null, rules };
  const index = new Map(rules.map((rule, at) => [rule.text, at]));
  return { bounds: [], expression: expressionOf(condition, index), rules };
}

/** The names in a condition; null if it has a pattern, which could mean rules that nobody thought of. */
function namesIn(condition: Condition, scalar: Scalar): Scalar[] | null {
  switch (condition.kind) {
    case 'of':
      return null;
    case 'name': {
      const { name, at } = condition;
      return [{ ...scalar, value: name, text: name, span: within(scalar, at, name.length), textAt: 0 }];
    }
    case 'not':
      return namesIn(condition.of, scalar);
    case 'and':
    case 'or': {
      const parts = condition.of.map((part) => namesIn(part, scalar));
      return parts.includes(null) ? null : parts.flatMap((part) => part!);
    }
  }
}

function distinct(names: readonly Scalar[]): Scalar[] {
  return names.filter(({ text }, at) => names.findIndex((name) => name.text === text) === at);
}

function expressionOf(condition: Condition, index: ReadonlyMap<string, number>): Expression {
  switch (condition.kind) {
    case 'name':
      return { kind: 'rule', index: index.get(condition.name)! };
    case 'of':
      throw new Error('patterns were refused');
    case 'not':
      return { kind: 'not', of: expressionOf(condition.of, index) };
    case 'and':
    case 'or':
      return {
        kind: condition.kind === 'and' ? 'all' : 'any',
        of: condition.of.map((part) => expressionOf(part, index)),
      };
  }
}
