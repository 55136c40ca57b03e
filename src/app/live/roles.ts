import type { Compiled } from '../../engine/compile.ts';
import { type Correlation, DEFAULT_FOLD, type Rule } from '../../ir/ir.ts';

/** All accounts together: rules that do not tell accounts apart, and what concerns no account. */
export const EVERYWHERE = '';

const ACCOUNT = 'cosmosdb.account';

/** What becomes of a rule's hits. */
export interface Role {
  readonly id: string;
  /** How its hits fold; null: they raise nothing by themselves. */
  readonly fold: { readonly by: readonly string[]; readonly gap: number } | null;
  /** Are its alerts worked out from one account's hits alone? */
  readonly isLocal: boolean;
  /** Single hits are kept for rules of one account that count them, or that name who touched logging. */
  readonly isCounted: boolean;
  /** The same for rules that count over several accounts. */
  readonly isCountedEverywhere: boolean;
}

/** Which rules are judged where, and what for that has to be kept of their hits. */
export class Roles {
  readonly of: readonly Role[];
  /** Places of correlations that are judged in windows, by where. */
  readonly local: readonly number[];
  readonly everywhere: readonly number[];
  /** Seconds: the longest window of a correlation that is judged in windows. */
  readonly window: number;
  /** By rule id. */
  readonly placeOf: ReadonlyMap<string, number>;

  constructor(compiled: Compiled) {
    const { rules, waits } = compiled;
    this.placeOf = new Map(rules.map(({ meta }, place) => [meta.id, place]));
    const windows = rules.flatMap((rule, place) => (rule.kind === 'correlation' && !waits.has(place) ? [place] : []));
    const isLocal = (place: number): boolean => this.#isLocal(rules, place, new Set());
    this.local = windows.filter(isLocal);
    this.everywhere = windows.filter((place) => !isLocal(place));
    this.window = Math.max(0, ...windows.map((place) => (rules[place] as Correlation).window));
    const touching = compiled.absences.flatMap(({ correlation: { touchedBy } }) =>
      touchedBy === null ? [] : [this.placeOf.get(touchedBy.rule) ?? -1],
    );
    const counted = new Set([...this.local.flatMap((place) => this.#countedBy(rules, place)), ...touching]);
    const everywhere = new Set(this.everywhere.flatMap((place) => this.#countedBy(rules, place)));
    this.of = rules.map((rule, place) => ({
      id: rule.meta.id,
      fold: rule.kind === 'detection' && rule.alerts ? (rule.fold ?? DEFAULT_FOLD) : null,
      isLocal: isLocal(place),
      isCounted: counted.has(place),
      isCountedEverywhere: everywhere.has(place),
    }));
  }

  #isLocal(rules: readonly Rule[], place: number, above: Set<number>): boolean {
    const rule = rules[place];
    if (rule === undefined || above.has(place)) return true;
    if (rule.kind === 'detection') return !rule.alerts || hasAccount((rule.fold ?? DEFAULT_FOLD).by);
    const keyed = rule.groupBy.find(({ name }) => name.toLowerCase() === ACCOUNT);
    if (keyed === undefined || Object.values(keyed.fieldByRule).some((field) => field.toLowerCase() !== ACCOUNT))
      return false;
    const below = new Set(above).add(place);
    return rule.rules.every((id) => {
      const one = this.placeOf.get(id) ?? -1;
      return rules[one]?.kind !== 'correlation' || this.#isLocal(rules, one, below);
    });
  }

  /** Detections that a correlation counts, also by way of others. */
  #countedBy(rules: readonly Rule[], place: number): number[] {
    const rule = rules[place];
    if (rule === undefined) return [];
    if (rule.kind === 'detection') return [place];
    return rule.rules.flatMap((id) => this.#countedBy(rules, this.placeOf.get(id) ?? -1));
  }
}

function hasAccount(fields: readonly string[]): boolean {
  return fields.some((field) => field.toLowerCase() === ACCOUNT);
}
