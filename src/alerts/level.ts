import { type Comparison, type Level, type LevelRule, levelRank } from '../ir/ir.ts';

/** What an alert's level is decided from. */
export interface LevelFacts {
  /** Per kind of hit: which selections of the rule's `levels` held; of a correlation, which of its rules. Empty for an alert without hits. */
  readonly selections: readonly (readonly number[])[];
  readonly count: number;
  readonly touched: boolean;
}

export interface Decided {
  readonly level: Level;
  readonly why: { readonly when: string; readonly line: number } | null;
}

/** Each hit's level is the first of the rule's that holds, else the rule's own; an alert has the highest of its hits. */
export function decideLevel(own: Level, levels: readonly LevelRule[], facts: LevelFacts): Decided {
  const hits = facts.selections.length === 0 ? [[]] : facts.selections;
  let best: Decided | null = null;
  for (const selections of hits) {
    const decided = decideHit(own, levels, selections, facts);
    if (best === null || levelRank(decided.level) > levelRank(best.level)) best = decided;
  }
  return best!;
}

function decideHit(
  own: Level,
  levels: readonly LevelRule[],
  selections: readonly number[],
  facts: LevelFacts,
): Decided {
  for (const [index, rule] of levels.entries()) {
    const { when } = rule;
    const holds =
      when.kind === 'selection' || when.kind === 'rule'
        ? selections.includes(index)
        : when.kind === 'count'
          ? compare(facts.count, when.op, when.value)
          : facts.touched;
    if (holds) return { level: rule.level, why: { when: nameOf(rule), line: rule.place.line } };
  }
  return { level: own, why: null };
}

function nameOf({ when }: LevelRule): string {
  if (when.kind === 'selection' || when.kind === 'rule') return when.name;
  return when.kind === 'count' ? `count ${when.op} ${when.value}` : 'touched';
}

function compare(a: number, op: Comparison, b: number): boolean {
  const order = Math.sign(a - b);
  return { eq: order === 0, neq: order !== 0, lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }[op];
}
