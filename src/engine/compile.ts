import type { Fact } from '../events/fact.ts';
import { type Correlation, DEFAULT_FOLD, type Detection, isAbsence, type Match, type Rule } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import { compileMatch, type Predicate } from './match.ts';
import { compilePartial, type KnownFields, type Partial_ } from './partial.ts';
import type { Hit } from './ports.ts';
import { FactView } from './view.ts';
import { WitnessIndex } from './witness.ts';

/** A detection that something needs: it raises alerts itself, or a correlation counts it. */
interface LiveDetection {
  readonly rule: number;
  readonly matches: Predicate;
  readonly partial: Partial_;
  readonly selections: readonly { readonly index: number; readonly matches: Predicate }[];
}

/** A rule of absence: for which records it counts, and by what they are told apart. */
export interface AbsenceRule {
  readonly rule: number;
  readonly correlation: Correlation;
  readonly base: Partial_;
  /** The fields that `base` asks for, lower case. */
  readonly asksFor: readonly string[];
}

/** What is known of a record that is only waited for, lower case. */
const RECORD_FIELDS: readonly string[] = ['event.family', 'event.action', 'event.outcome', 'cosmosdb.account'];

/** How many kinds of events are remembered, and how long a kind's names may be: both come from logs. */
const MEMO = 10_000;
const LONGEST = 1000;

/** Rules ready to be asked. The cost of a fact depends on the rules that can match its kind, not on how many there are. */
export class Compiled {
  readonly rules: readonly Rule[];
  readonly absences: readonly AbsenceRule[];
  /** Indexes of `absences`: rules that are judged by which records came, not by facts in windows. */
  readonly waits: ReadonlySet<number>;
  /** Does a correlation count what a rule of absence finds? */
  readonly countsSilence: boolean;
  /** Every field that folds, groups and sums read, so that a fact can be kept without its raw record. */
  readonly neededFields: ReadonlySet<string>;
  readonly #detections: readonly LiveDetection[];
  readonly #index: WitnessIndex<LiveDetection>;
  /** Rules whose hits something else counts, or looks at one by one. */
  readonly #counted: ReadonlySet<number>;
  readonly #candidates = new Map<string, readonly LiveDetection[]>();
  /** For tests of dispatch: how many rules were asked in full. */
  asked = 0;

  constructor(rules: readonly Rule[]) {
    this.rules = rules;
    const byId = new Map(rules.map((rule, index) => [rule.meta.id, index]));
    const waits = new Set(rules.keys().filter((index) => waitsForRecords(rules, index, byId)));
    const live = liveRules(rules, byId, waits);
    const detections = rules.flatMap((rule, index) =>
      rule.kind === 'detection' && live.has(index) ? [{ ...liven(rule, index), match: rule.match }] : [],
    );
    this.#detections = detections;
    this.#index = new WitnessIndex(detections, ({ match }) => match);
    this.absences = rules.flatMap((rule, index) =>
      rule.kind === 'correlation' && waits.has(index) && live.has(index) ? [absenceRule(rule, index, rules, byId)] : [],
    );
    this.waits = waits;
    this.#counted = new Set(rules.flatMap((rule) => namedBy(rule).map((id) => byId.get(id) ?? -1)));
    this.countsSilence = rules.some(
      (rule) => rule.kind === 'correlation' && rule.rules.some((id) => waits.has(byId.get(id) ?? -1)),
    );
    this.neededFields = new Set(rules.flatMap((rule, index) => (live.has(index) ? fieldsOf(rule) : [])));
  }

  /** What a fact matches, in the order of the rules. */
  match(fact: Fact): readonly Hit[] {
    const candidates = this.#candidatesFor(fact);
    if (candidates.length === 0) return [];
    const view = new FactView(fact);
    const hits: Hit[] = [];
    for (const { rule, matches, selections } of candidates) {
      this.asked += 1;
      if (!matches(view)) continue;
      hits.push({
        rule,
        selections: selections.filter((selection) => selection.matches(view)).map(({ index }) => index),
      });
    }
    return hits;
  }

  /** Can any rule match a fact of this kind? False is certain. */
  couldMatchKind(fact: Pick<Fact, 'family' | 'action' | 'raw'>): boolean {
    return this.#candidatesFor(fact).length > 0;
  }

  /** Can any rule match an event of which only these fields are known? False is certain. */
  couldMatch(known: KnownFields): boolean {
    return this.#index.candidates(known).some(({ partial }) => partial(known) !== 'no');
  }

  /**
   * Do the rules that could match facts of this kind leave these fields alone, all of them as far as it can be told? Then facts that
   * differ in nothing else match the same.
   */
  ignores(fact: Fact, isAbout: (field: string) => boolean): boolean {
    return this.#candidatesFor(fact).every(({ rule }) => {
      const detection = this.rules[rule]!;
      if (detection.kind !== 'detection' || this.#counted.has(rule)) return false;
      const asked = matchesOf(detection).map(fieldsAsked);
      const folded = (detection.fold ?? DEFAULT_FOLD).by;
      return (
        asked.every((fields) => fields !== null && !fields.some(isAbout)) &&
        !folded.some((name) => isAbout(name.toLowerCase()))
      );
    });
  }

  /** Does a rule ask for this action by name, and not for whatever is done? */
  asksFor(action: string): boolean {
    return this.#detections.some(
      ({ partial }) => partial({ 'event.action': action }) !== 'no' && partial({ 'event.action': '' }) === 'no',
    );
  }

  #candidatesFor(fact: Pick<Fact, 'family' | 'action' | 'raw'>): readonly LiveDetection[] {
    const kind = kindOf(fact);
    const known = this.#candidates.get(kind.key);
    if (known !== undefined) return known;
    const candidates = this.#index.candidates(kind.fields).filter(({ partial }) => partial(kind.fields) !== 'no');
    if (kind.key.length > LONGEST) return candidates;
    if (this.#candidates.size >= MEMO) this.#candidates.clear();
    this.#candidates.set(kind.key, candidates);
    return candidates;
  }
}

/** By what facts are dispatched. The lengths in the key keep names from running into each other. */
export function kindOf({ family, action, raw }: Pick<Fact, 'family' | 'action' | 'raw'>): {
  readonly key: string;
  readonly fields: KnownFields;
} {
  const { operationName, category } = raw as { operationName?: Json; category?: Json };
  const fields: Record<string, Json> = { 'event.family': family, 'event.action': action };
  let key = `${family}|${action.length}|${action}`;
  if (typeof operationName === 'string') {
    fields['operationname'] = operationName;
    key += `|o${operationName.length}|${operationName}`;
  }
  if (typeof category === 'string') {
    fields['category'] = category;
    key += `|c${category}`;
  }
  return { key, fields };
}

/** Ids of the rules that a rule counts or looks at. */
function namedBy(rule: Rule): readonly string[] {
  if (rule.kind !== 'correlation') return [];
  return rule.touchedBy === null ? rule.rules : [...rule.rules, rule.touchedBy.rule];
}

/** Everything that a detection asks of a fact. */
function matchesOf({ match, levels, bound }: Detection): readonly Match[] {
  const ofLevels = levels.flatMap(({ when }) => (when.kind === 'selection' ? [when.match] : []));
  return [match, ...ofLevels, ...bound.map((one) => one.match)];
}

function liven(rule: Detection, index: number): LiveDetection {
  return {
    rule: index,
    matches: compileMatch(rule.match),
    partial: compilePartial(rule.match),
    selections: selectionsOf(rule),
  };
}

function selectionsOf({ levels, bound }: Detection): LiveDetection['selections'] {
  const ofLevels = levels.flatMap(({ when }, index) =>
    when.kind === 'selection' ? [{ index, matches: compileMatch(when.match) }] : [],
  );
  return [
    ...ofLevels,
    ...bound.map(({ match }, index) => ({ index: levels.length + index, matches: compileMatch(match) })),
  ];
}

/** Rules that raise alerts, and all that they refer to. Records that an absence rule waits for are not matched as facts. */
function liveRules(
  rules: readonly Rule[],
  byId: ReadonlyMap<string, number>,
  waits: ReadonlySet<number>,
): ReadonlySet<number> {
  const live = new Set<number>();
  const visit = (index: number | undefined): void => {
    if (index === undefined || live.has(index)) return;
    live.add(index);
    const rule = rules[index]!;
    if (rule.kind !== 'correlation') return;
    if (!waits.has(index)) for (const id of rule.rules) visit(byId.get(id));
    if (rule.touchedBy) visit(byId.get(rule.touchedBy.rule));
  };
  for (const [index, rule] of rules.entries()) if (rule.alerts) visit(index);
  return live;
}

/**
 * Silence is found from records, of which only a few fields are known (`RECORD_FIELDS`). A rule of absence that asks for others, or that
 * counts a correlation, is judged in a window of facts as any other: it is armed by the first of them.
 */
function waitsForRecords(rules: readonly Rule[], index: number, byId: ReadonlyMap<string, number>): boolean {
  const rule = rules[index]!;
  if (rule.kind !== 'correlation' || !isAbsence(rule)) return false;
  const isKnown = (field: string): boolean => RECORD_FIELDS.includes(field.toLowerCase());
  const bases = rule.rules.map((id) => rules[byId.get(id) ?? -1]);
  return (
    rule.groupBy.every(({ name, fieldByRule }) => isKnown(name) && Object.values(fieldByRule).length === 0) &&
    bases.every((base) => base?.kind === 'detection' && (fieldsAsked(base.match)?.every(isKnown) ?? false))
  );
}

/** Records count if any of the referenced rules says so, as far as their few known fields tell. */
function absenceRule(
  correlation: Correlation,
  rule: number,
  rules: readonly Rule[],
  byId: ReadonlyMap<string, number>,
): AbsenceRule {
  const of = correlation.rules.flatMap((id) => {
    const base = rules[byId.get(id) ?? -1];
    return base?.kind === 'detection' ? [base.match] : [];
  });
  const match: Match = { kind: 'any', of };
  return { rule, correlation, base: compilePartial(match), asksFor: [...new Set(fieldsAsked(match) ?? [])] };
}

/** The fields that a match looks at, lower case; null: it looks at all of them. */
function fieldsAsked(match: Match): readonly string[] | null {
  switch (match.kind) {
    case 'all':
    case 'any': {
      const parts = match.of.map(fieldsAsked);
      return parts.includes(null) ? null : parts.flatMap((part) => part!);
    }
    case 'not':
      return fieldsAsked(match.of);
    case 'field':
      return match.test.kind === 'fieldref' ? null : [match.field.toLowerCase()];
    case 'keyword':
      return null;
    case 'constant':
      return [];
  }
}

function fieldsOf(rule: Rule): readonly string[] {
  if (rule.kind === 'detection') return (rule.fold ?? DEFAULT_FOLD).by;
  return [...rule.groupBy.flatMap(({ name, fieldByRule }) => [name, ...Object.values(fieldByRule)]), ...rule.fields];
}
