/**
 * What a rule means, without a word of YAML: Sigma lowers to this, the engine and the targets know nothing else.
 * Plain data, immutable, safe to post to a worker.
 */

export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

/** A text with wildcards: literal pieces, `any` (zero or more characters) and `one` (exactly one). Wildcards match newlines. */
export type Piece = string | { readonly wild: 'any' | 'one' };

export type Comparison = 'eq' | 'neq' | 'lt' | 'lte' | 'gt' | 'gte';

export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/** One test of one value. An array in the event passes if any element does. */
export type Test =
  /** Whole value against the pattern; case is folded (also beyond ASCII) unless `cased`. Numbers and booleans are read as text. */
  | { readonly kind: 'text'; readonly pattern: readonly Piece[]; readonly cased: boolean }
  /** A number, or a text that is one in full. */
  | { readonly kind: 'number'; readonly op: Comparison; readonly value: number }
  /** A boolean, or a text that is `true` or `false` in any case. */
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** Absent or null. */
  | { readonly kind: 'null' }
  | { readonly kind: 'exists'; readonly value: boolean }
  /** Unanchored, case-sensitive unless flag `i`; RE2 syntax (linear time). */
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
  | { readonly kind: 'cidr'; readonly range: string }
  /** Against another field of the same event; a missing one is no match. */
  | {
      readonly kind: 'fieldref';
      readonly other: string;
      readonly op: 'equals' | 'startswith' | 'endswith' | 'contains' | Comparison;
      readonly cased: boolean;
    }
  | { readonly kind: 'time'; readonly part: TimePart; readonly op: Comparison; readonly value: number };

export type Match =
  | { readonly kind: 'all'; readonly of: readonly Match[] }
  | { readonly kind: 'any'; readonly of: readonly Match[] }
  | { readonly kind: 'not'; readonly of: Match }
  | { readonly kind: 'field'; readonly field: string; readonly test: Test }
  /** Any value of the event, at any depth. */
  | { readonly kind: 'keyword'; readonly test: Test }
  | { readonly kind: 'constant'; readonly value: boolean };

/** A place in a rule file, for diagnostics and `--explain`. Both count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Technique {
  readonly tactic: string;
  readonly technique: string;
}

/**
 * When something is told of an alert: if any of `when` holds (none named: always) and none of `unless`. A name is that of a selection, and
 * holds of an alert if it holds of one of its hits; of a silence hold `touched` and `account_deleted`.
 */
export interface Bound {
  readonly when?: readonly string[];
  readonly unless?: readonly string[];
}

/** Is it told of an alert of which these names hold? */
export function isTold({ when = [], unless = [] }: Bound, holds: ReadonlySet<string>): boolean {
  return (when.length === 0 || when.some((name) => holds.has(name))) && !unless.some((name) => holds.has(name));
}

/** Why it matters. */
export interface Impact extends Bound {
  readonly text: string;
}

/** What to do, in order. `command` is an Azure CLI template with `{placeholders}`; null where there is none. */
export interface Step extends Bound {
  readonly text: string;
  readonly command: string | null;
}

/** A number of the rule that a user may set; `sets` is where it stands, for the docs. Already applied in the lowered rule. */
export interface Parameter {
  readonly name: string;
  readonly value: number;
  readonly default: number;
  readonly min: number | null;
  readonly description: string;
}

/** What people read of a rule. */
export interface RuleMeta {
  readonly id: string;
  /** The short name users type: `cosmosdb_item_deleted`; the title in snake case if the file has none. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly status: string;
  readonly level: Level;
  /** The first that is told is the one. */
  readonly impact: readonly Impact[];
  readonly mitigation: readonly Step[];
  readonly falsePositives: readonly string[];
  readonly attack: readonly (Technique & Bound)[];
  readonly published: readonly Technique[];
  readonly parameters: readonly Parameter[];
  /** True: what one caller does again and again may be told as routine, at level low. Absent: never. */
  readonly routine?: boolean;
  readonly place: Place;
}

/** Which hits make one alert: equal `by` fields (a missing one is null), neighbours at most `gap` seconds apart. */
export interface Fold {
  readonly by: readonly string[];
  readonly gap: number;
}

/** How hits fold where the rule does not say: by account, with a gap of one hour. */
export const DEFAULT_FOLD: Fold = { by: ['cosmosdb.account'], gap: 3600 };

/** First that holds decides a hit's level, else the rule's own. */
export interface LevelRule {
  readonly when:
    | { readonly kind: 'selection'; readonly name: string; readonly match: Match }
    | { readonly kind: 'count'; readonly op: Comparison; readonly value: number }
    /** Correlations only: this one of its rules, by its index in their list, is part of it. */
    | { readonly kind: 'rule'; readonly name: string; readonly index: number }
    /** Absence only: somebody touched what `touchedBy` watches. */
    | { readonly kind: 'touched' };
  readonly level: Level;
  readonly place: Place;
}

export interface Detection {
  readonly kind: 'detection';
  readonly meta: RuleMeta;
  readonly match: Match;
  /** `product`, `service`, `category` of the log source, lower case; what they mean here is `sigma/lower.ts`'s business: already in `match`. */
  readonly logsource: Readonly<Record<string, string>>;
  /** null: as `DEFAULT_FOLD` says. */
  readonly fold: Fold | null;
  readonly levels: readonly LevelRule[];
  /** The selections that its texts and ids are bound to, each once. */
  readonly bound: readonly { readonly name: string; readonly match: Match }[];
  /** False: only there for correlations that name it. */
  readonly alerts: boolean;
}

export type CorrelationType =
  | 'event_count'
  | 'value_count'
  | 'temporal'
  | 'temporal_ordered'
  | 'value_sum'
  | 'value_avg'
  | 'value_percentile'
  | 'value_median';

/** Which of a temporal correlation's rules must hit, by their index in its list. */
export type Expression =
  | { readonly kind: 'rule'; readonly index: number }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression };

export interface Correlation {
  readonly kind: 'correlation';
  readonly meta: RuleMeta;
  readonly type: CorrelationType;
  /** Ids of the referenced rules (detections or correlations), in the order of the file. */
  readonly rules: readonly string[];
  /** Per group-by name, the field to read in a given rule's events; a rule without an entry reads the name itself. */
  readonly groupBy: readonly { readonly name: string; readonly fieldByRule: Readonly<Record<string, string>> }[];
  /** Seconds. */
  readonly window: number;
  /** All must hold (a range is two). Empty for temporal types: all referenced rules, or what `expression` says. */
  readonly conditions: readonly { readonly op: Comparison; readonly value: number }[];
  /** `temporal` only: what neither "all" nor a number of rules says. */
  readonly expression: Expression | null;
  /** value_*: the field(s) whose values count; several make a tuple. */
  readonly fields: readonly string[];
  readonly percentile: number | null;
  readonly levels: readonly LevelRule[];
  /** Absence only: hits of this rule up to `within` seconds before the last record are who touched it. */
  readonly touchedBy: { readonly rule: string; readonly within: number } | null;
  readonly alerts: boolean;
}

export type Rule = Detection | Correlation;

/** True where the condition asks for no event at all: silence. */
export function isAbsence(rule: Rule): boolean {
  return (
    rule.kind === 'correlation' &&
    rule.type === 'event_count' &&
    rule.conditions.length > 0 &&
    rule.conditions.every(
      ({ op, value }) => (op === 'lt' && value <= 1) || (op === 'lte' && value < 1) || (op === 'eq' && value === 0),
    )
  );
}

export function levelRank(level: Level): number {
  return LEVELS.indexOf(level);
}
