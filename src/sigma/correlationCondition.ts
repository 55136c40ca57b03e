import type { Comparison, Correlation, CorrelationType } from '../ir/ir.ts';
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
  if (impossible(bounds)) return problems.error('CW-3016', condition.span, 'no number meets this condition');
  if (type !== 'temporal' && type !== 'temporal_ordered') return bounds;
  const all = bounds.every(
    ({ op, value }) => ['gte', 'eq', 'gt'].includes(op) && (op === 'gt' ? value + 1 : value) === rules,
  );
  if (all) return [];
  if (type === 'temporal') return bounds;
  return problems.error(
    'CW-3016',
    condition.span,
    'temporal_ordered needs all its rules',
    `"gte: ${rules}", or leave the condition out`,
  );
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

/**
 * A temporal condition of rule names, which the specification does not have but other tools read: `a and b` is the plain correlation
 * of both, `a or b` one of them. Mixed forms and `not` are refused: half of them would be a lie.
 */
export function readExpression(
  scalar: Scalar,
  type: CorrelationType,
  problems: Problems,
): {
  readonly bounds: Correlation['conditions'];
  readonly fields: readonly string[];
  readonly percentile: null;
  readonly rules: readonly Scalar[];
} | null {
  const condition = parseCondition(scalar, problems);
  if (condition === null) return null;
  const parts = condition.kind === 'and' || condition.kind === 'or' ? condition.of : [condition];
  const names = parts.filter((part): part is Extract<Condition, { kind: 'name' }> => part.kind === 'name');
  const ordered = condition.kind === 'or' && type === 'temporal_ordered';
  if (names.length < parts.length || ordered) {
    return problems.error(
      'CW-3016',
      scalar.span,
      'a temporal condition joins rules by "and" only, or by "or" only',
      MIXED_CURE,
    );
  }
  const rules = names.map(
    ({ name, at }): Scalar => ({
      ...scalar,
      value: name,
      text: name,
      span: within(scalar, at, name.length),
      textAt: 0,
    }),
  );
  const bounds = condition.kind === 'or' ? [{ op: 'gte', value: 1 } as const] : [];
  return { bounds, fields: [], percentile: null, rules };
}

const MIXED_CURE = 'write one correlation for each part, and one that refers to them';
