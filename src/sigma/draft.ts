import type { Correlation, CorrelationType, Detection, Fold, LevelRule, Match, RuleMeta } from '../ir/ir.ts';
import type { Problems } from './diagnostic.ts';
import type { Logsource } from './logsource.ts';
import type { Scalar, TreeMap } from './tree.ts';

/*
 * A document that was read by itself. What it says about other documents (rules it refers to, filters on it) is still by name;
 * `link.ts` makes rules of drafts.
 */

interface Common {
  readonly document: TreeMap;
  readonly problems: Problems;
}

export interface DetectionDraft extends Common {
  readonly kind: 'detection';
  readonly meta: RuleMeta;
  readonly logsource: Logsource;
  readonly match: Match;
  readonly fold: Fold | null;
  readonly levels: readonly LevelRule[];
  readonly bound: Detection['bound'];
  /** What the file says; null: it depends on the correlations that name it. */
  readonly alerts: boolean | null;
}

/** An alias of `group-by`: the field to read, by the rule as it is named there. */
export interface Alias {
  readonly name: string;
  readonly fields: readonly { readonly rule: Scalar; readonly field: string }[];
}

export interface CorrelationDraft extends Common {
  readonly kind: 'correlation';
  readonly meta: RuleMeta;
  readonly type: CorrelationType;
  readonly rules: readonly Scalar[];
  readonly groupBy: readonly string[];
  readonly aliases: readonly Alias[];
  readonly window: number;
  readonly conditions: Correlation['conditions'];
  readonly expression: Correlation['expression'];
  readonly fields: readonly string[];
  readonly percentile: number | null;
  readonly levels: readonly LevelRule[];
  readonly touchedBy: { readonly rule: Scalar; readonly within: number } | null;
  /** Rules that it refers to raise alerts of their own as well. */
  readonly generate: boolean;
  readonly alerts: boolean | null;
}

export interface FilterDraft extends Common {
  readonly kind: 'filter';
  readonly title: string;
  /** null: every rule of the log source. */
  readonly rules: readonly Scalar[] | null;
  readonly logsource: Logsource;
  readonly match: Match;
}

export type RuleDraft = DetectionDraft | CorrelationDraft;
export type Draft = RuleDraft | FilterDraft;
