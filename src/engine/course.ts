import type { Correlation, Expression } from '../ir/ir.ts';

/** What more facts can do to a condition. */
export type Course = 'rising' | 'falling' | 'mixed';

/** Sums are taken to grow: who adds up negative numbers asks for a rising sum of them all the same. */
export function courseOf({ type, conditions, expression }: Correlation): Course {
  if (type === 'value_avg' || type === 'value_percentile' || type === 'value_median') return 'mixed';
  if (expression !== null) return hasNot(expression) ? 'mixed' : 'rising';
  if (conditions.every(({ op }) => op === 'gt' || op === 'gte')) return 'rising';
  return conditions.every(({ op }) => op === 'lt' || op === 'lte') ? 'falling' : 'mixed';
}

function hasNot(expression: Expression): boolean {
  if (expression.kind === 'rule') return false;
  return expression.kind === 'not' || expression.of.some(hasNot);
}

/** Does the expression hold of the rules that hit? */
export function isMet(expression: Expression, hasHit: (rule: number) => boolean): boolean {
  switch (expression.kind) {
    case 'rule':
      return hasHit(expression.index);
    case 'not':
      return !isMet(expression.of, hasHit);
    case 'all':
      return expression.of.every((part) => isMet(part, hasHit));
    case 'any':
      return expression.of.some((part) => isMet(part, hasHit));
  }
}
