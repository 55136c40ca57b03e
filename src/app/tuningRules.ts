import { list } from '../alerts/match.ts';
import type { Rule } from '../ir/ir.ts';
import { nearest } from '../lib/nearest.ts';
import type { TuningProblem } from '../tuning/check.ts';

/** What names rules. */
export interface CheckedRules {
  readonly rule?: string | readonly string[] | undefined;
}

/** Names of rules that no rule has: such an exception or silence would do nothing. */
export function unknownRules({ rule }: CheckedRules, rules: readonly Rule[]): readonly TuningProblem[] {
  if (rule === undefined) return [];
  const names = rules.map(({ meta }) => meta.name);
  const known = new Set(rules.flatMap(({ meta }) => [meta.name.toLowerCase(), meta.id.toLowerCase()]));
  return list(rule).flatMap((word, at): TuningProblem[] => {
    if (/[*%]/.test(word) || known.has(word.toLowerCase())) return [];
    const near = nearest(word.slice(0, 100), names);
    const cure = near === null ? 'cosmowatch rules list' : `did you mean "${near}"?`;
    const path = ['match', 'rule', ...(typeof rule === 'string' ? [] : [at])];
    return [{ code: 'CW-8011', path, what: 'names no rule that there is', cure, isError: false }];
  });
}
