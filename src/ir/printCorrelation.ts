import { printDuration } from '../lib/duration.ts';
import type { Correlation } from './ir.ts';
import { printExpression, SIGNS } from './print.ts';

/** What a correlation asks, as one line: `value_count of user in logins > 3 within 15m per host`. */
export function printCorrelation(rule: Correlation, nameOf: (id: string) => string): string {
  const what = rule.fields.length > 0 ? `${rule.type} of ${rule.fields.join(', ')}` : rule.type;
  const names = rule.rules.map(nameOf);
  const counted = rule.expression === null ? names.join(', ') : printExpression(rule.expression, names);
  const conditions = rule.conditions.map(({ op, value }) => ` ${SIGNS[op]} ${value}`).join(' and');
  const per = rule.groupBy.length === 0 ? '' : ` per ${rule.groupBy.map(({ name }) => name).join(', ')}`;
  return `${what} in ${counted}${conditions} within ${printDuration(rule.window)}${per}`;
}
