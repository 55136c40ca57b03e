import { trace } from '../engine/trace.ts';
import type { Rule } from '../ir/ir.ts';
import { printCorrelation } from '../ir/printCorrelation.ts';
import type { ConditionTrace, PartTrace, RuleTrace } from '../report/why.ts';
import { type Condition, patternMatches, patternsOf } from '../sigma/condition.ts';
import type { Part, PartsReader } from '../sigma/parts.ts';
import type { Answer, CorrelationAnswer, DetectionAnswer } from './ask.ts';

/** What a rule says of a record, told by the pieces that its file has; for a correlation, whether and by what it would count the record. */
export function explainRule(answer: Answer, reader: PartsReader): RuleTrace {
  return answer.kind === 'detection' ? detection(answer, reader) : correlation(answer, reader);
}

function detection({ rule, holds, view }: DetectionAnswer, reader: PartsReader): RuleTrace {
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
    holds,
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

function correlation({ rule, holds, counted }: CorrelationAnswer, reader: PartsReader): RuleTrace {
  const names = new Map(counted.map(({ answer }) => [answer.rule.meta.id, answer.rule.meta.name]));
  return {
    kind: 'correlation',
    ...named(rule),
    holds,
    counts: printCorrelation(rule, (id) => names.get(id) ?? id),
    rules: counted.map(({ answer, ...one }) => ({ ...one, rule: explainRule(answer, reader) })),
  };
}
