import { compileMatch } from '../engine/match.ts';
import { trace } from '../engine/trace.ts';
import { FactView, type View } from '../engine/view.ts';
import type { Correlation, Detection, Rule } from '../ir/ir.ts';
import { printCorrelation } from '../ir/printCorrelation.ts';
import type { Trace } from '../ir/trace.ts';
import type { ConditionTrace, CountedRule, FieldValue, PartTrace, RuleTrace } from '../report/why.ts';
import { type Condition, patternMatches, patternsOf } from '../sigma/condition.ts';
import type { Part, PartsReader } from '../sigma/parts.ts';

/** What the rules are explained with. */
export interface Explaining {
  readonly rules: readonly Rule[];
  readonly parts: PartsReader;
}

/** Why a rule matches an event or does not; for a correlation, whether and by what it would count the event. */
export function explainRule(rule: Rule, view: View, context: Explaining): RuleTrace {
  return rule.kind === 'detection' ? detection(rule, view, context) : correlation(rule, view, context);
}

/** How near an event is to what a rule wants: items that hold. */
export function score(traced: RuleTrace): number {
  if (traced.kind === 'correlation') return Math.max(0, ...traced.rules.map(({ rule }) => score(rule)));
  return traced.parts.reduce((sum, { trace: one }) => sum + itemsThatHold(one), 0);
}

function itemsThatHold(one: Trace): number {
  if (one.kind === 'item') return one.holds ? 1 : 0;
  if (one.kind === 'not') return 0;
  const inner = one.of.map(itemsThatHold);
  return one.kind === 'any' ? Math.max(0, ...inner) : inner.reduce((sum, count) => sum + count, 0);
}

function detection(rule: Detection, view: View, { parts: reader }: Explaining): RuleTrace {
  const parts = reader.partsOf(rule);
  const meant = (parts?.conditions ?? []).flatMap(({ condition }) => patternsOf(condition));
  const traced =
    (what: PartTrace['what']) =>
    (part: Part): PartTrace => ({
      what,
      name: part.name,
      place: part,
      trace: trace(part.match, view),
      decides: what !== 'selection' || meant.some((pattern) => patternMatches(pattern, part.name)),
    });
  const selections = (parts?.selections ?? []).map(traced('selection'));
  const holding = new Map(selections.map((one) => [one.name, one.trace.holds]));
  return {
    kind: 'detection',
    ...named(rule),
    holds: compileMatch(rule.match)(view),
    conditions: (parts?.conditions ?? []).map(({ text, condition }) => ({
      text,
      tree: conditionTrace(condition, holding),
    })),
    parts: [
      ...(parts?.logsource ? [traced('log source')(parts.logsource)] : []),
      ...selections,
      ...(parts?.filters ?? []).map(traced('filter')),
    ],
  };
}

function named({ meta }: Rule): Pick<RuleTrace, 'name' | 'title' | 'place'> {
  return { name: meta.name, title: meta.title, place: meta.place };
}

function conditionTrace(condition: Condition, holding: ReadonlyMap<string, boolean>): ConditionTrace {
  switch (condition.kind) {
    case 'name':
      return { text: condition.name, holds: holding.get(condition.name) ?? false, of: [] };
    case 'of': {
      const of = [...holding]
        .filter(([name]) => patternMatches(condition.pattern, name))
        .map(([text, holds]) => ({ text, holds, of: [] }));
      const isAll = condition.quantifier === 'all';
      const pattern = condition.pattern === '*' ? 'them' : condition.pattern;
      return { text: `${isAll ? 'all' : '1'} of ${pattern}`, holds: together(of, isAll), of };
    }
    case 'not': {
      const of = conditionTrace(condition.of, holding);
      return { text: 'not', holds: !of.holds, of: [of] };
    }
    case 'and':
    case 'or': {
      const of = condition.of.map((part) => conditionTrace(part, holding));
      return { text: condition.kind, holds: together(of, condition.kind === 'and'), of };
    }
  }
}

function together(of: readonly ConditionTrace[], all: boolean): boolean {
  return all ? of.every(({ holds }) => holds) : of.some(({ holds }) => holds);
}

function correlation(rule: Correlation, view: View, context: Explaining): RuleTrace {
  const referred = rule.rules.flatMap((id) => context.rules.find(({ meta }) => meta.id === id) ?? []);
  const rules = referred.map((one): CountedRule => {
    const fieldOf = ({ name, fieldByRule }: Correlation['groupBy'][number]): string => fieldByRule[one.meta.id] ?? name;
    return {
      rule: explainRule(one, view, context),
      key: rule.groupBy.map((group) => fieldValue(fieldOf(group), view)),
      values: rule.fields.map((field) => fieldValue(field, view)),
    };
  });
  const isCounted = ({ rule: one, key, values }: CountedRule): boolean =>
    one.holds && [...key, ...values].every(({ value }) => value !== null);
  return {
    kind: 'correlation',
    ...named(rule),
    holds: rules.some(isCounted),
    counts: printCorrelation(rule, (id) => referred.find(({ meta }) => meta.id === id)?.meta.name ?? id),
    rules,
  };
}

function fieldValue(field: string, view: View): FieldValue {
  return { field, value: view.values(field)?.[0] ?? null };
}

/** The fact of a record that matches, else the one that comes nearest; the first of equals. */
export function explainBest(
  rule: Rule,
  facts: readonly ConstructorParameters<typeof FactView>[0][],
  context: Explaining,
): { readonly traced: RuleTrace; readonly view: View } {
  const all = facts.map((fact) => {
    const view = new FactView(fact);
    return { traced: explainRule(rule, view, context), view };
  });
  const rank = ({ traced }: (typeof all)[number]): number => (traced.holds ? Number.POSITIVE_INFINITY : score(traced));
  let best = all[0]!;
  for (const one of all) if (rank(one) > rank(best)) best = one;
  return best;
}
