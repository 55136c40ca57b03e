import type { Comparison, Expression, Match, Piece, Test } from './ir.ts';

/** How comparisons are written for people. */
export const SIGNS: Readonly<Record<Comparison, string>> = {
  eq: '=',
  neq: '!=',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
};

/** A match as one line that a person reads: `event.action = "cosmosdb.keys.list" and not (actor.name = "a*" or source.ip in 10.0.0.0/8)`. */
export function printMatch(match: Match): string {
  return print(match, 'top');
}

/** `inside` decides on parentheses: `or` needs them inside `and`, and both inside `not`. */
function print(match: Match, inside: 'top' | 'all' | 'any' | 'not'): string {
  switch (match.kind) {
    case 'all':
    case 'any': {
      if (match.of.length === 0) return match.kind === 'all' ? 'everything' : 'nothing';
      if (match.of.length === 1) return print(match.of[0]!, inside);
      const line = match.of.map((part) => print(part, match.kind)).join(match.kind === 'all' ? ' and ' : ' or ');
      const bare = inside === 'top' || inside === match.kind || (inside === 'any' && match.kind === 'all');
      return bare ? line : `(${line})`;
    }
    case 'not':
      return `not ${print(match.of, 'not')}`;
    case 'field':
      return printTest(match.field, match.test);
    case 'keyword':
      return printTest('any value', match.test);
    case 'constant':
      return match.value ? 'everything' : 'nothing';
  }
}

/** What a temporal correlation's expression says, as a condition of Sigma: `a and not (b or c)`. */
export function printExpression(expression: Expression, names: readonly string[]): string {
  switch (expression.kind) {
    case 'rule':
      return names[expression.index] ?? '';
    case 'not':
      return `not ${grouped(expression.of, names)}`;
    case 'all':
    case 'any':
      return expression.of.map((part) => grouped(part, names)).join(expression.kind === 'all' ? ' and ' : ' or ');
  }
}

function grouped(expression: Expression, names: readonly string[]): string {
  const text = printExpression(expression, names);
  return expression.kind === 'all' || expression.kind === 'any' ? `(${text})` : text;
}

/** One test of one field: `cosmosdb.auth = "primary_key"`, `count >= 100`, `source.ip in 10.0.0.0/8`. */
export function printTest(field: string, test: Test): string {
  switch (test.kind) {
    case 'text':
      return `${field} ${test.cased ? '==' : '='} ${printPattern(test.pattern)}`;
    case 'number':
      return `${field} ${SIGNS[test.op]} ${test.value}`;
    case 'boolean':
      return `${field} = ${test.value}`;
    case 'null':
      return `${field} is null or missing`;
    case 'exists':
      return `${field} ${test.value ? 'exists' : 'does not exist'}`;
    case 'regex':
      return `${field} ~ /${test.source}/${test.flags}`;
    case 'cidr':
      return `${field} in ${test.range}`;
    case 'fieldref':
      return `${field} ${fieldOperator(test.op, test.cased)} field ${test.other}`;
    case 'time':
      return `${test.part} of ${field} ${SIGNS[test.op]} ${test.value}`;
  }
}

function fieldOperator(op: Extract<Test, { kind: 'fieldref' }>['op'], cased: boolean): string {
  if (op === 'equals') return cased ? '==' : '=';
  if (op === 'startswith' || op === 'endswith' || op === 'contains') return op;
  return SIGNS[op];
}

/** A text with its wildcards, as a rule writes it: a literal star, question mark or backslash is escaped. */
export function printPattern(pattern: readonly Piece[]): string {
  let text = '';
  for (const piece of pattern) {
    if (typeof piece === 'string') text += JSON.stringify(piece).slice(1, -1).replace(/[*?]/g, '\\$&');
    else text += piece.wild === 'any' ? '*' : '?';
  }
  return `"${text}"`;
}
