import { Compiled } from '../engine/compile.ts';
import { compilePartial } from '../engine/partial.ts';
import { trace } from '../engine/trace.ts';
import { FactView, type View } from '../engine/view.ts';
import type { Correlation, Detection, Rule } from '../ir/ir.ts';
import type { Trace } from '../ir/trace.ts';
import type { CountedRule, FieldValue } from '../report/why.ts';
import type { AskedFact, RecordFacts } from './recordFacts.ts';

/** Rules, with what has to be known to ask one of them. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  /** The rules that a correlation refers to, in its order. */
  readonly counted: (rule: Correlation) => readonly Rule[];
  /** Whose hits a rule of absence names, as who touched the logs. */
  readonly touchedBy: (rule: Correlation) => Rule | null;
  /** Is it a rule of absence that is judged by which records came, before they are facts? */
  readonly waits: (rule: Rule) => boolean;
}

export function ruleSet(rules: readonly Rule[]): RuleSet {
  const byId = new Map(rules.map((rule) => [rule.meta.id, rule]));
  const waiting = new Set([...new Compiled(rules).waits].map((index) => rules[index]!));
  return {
    rules,
    counted: (rule) => rule.rules.flatMap((id) => byId.get(id) ?? []),
    touchedBy: ({ touchedBy }) => (touchedBy === null ? null : (byId.get(touchedBy.rule) ?? null)),
    waits: (rule) => waiting.has(rule),
  };
}

/** What a rule says of one record alone, and why. Whatever is told of that is told from here. */
export type Answer = DetectionAnswer | CorrelationAnswer;

/** Of the fact that matches, else of the one that comes nearest; the first of equals. */
export interface DetectionAnswer {
  readonly kind: 'detection';
  readonly rule: Detection;
  readonly holds: boolean;
  readonly trace: Trace;
  readonly fact: AskedFact;
  readonly view: View;
  /** Could the rule match a fact of this kind? False is certain. */
  readonly isAbout: boolean;
}

/** `holds`: it counts the record. How often something happened no single record tells. */
export interface CorrelationAnswer {
  readonly kind: 'correlation';
  readonly rule: Correlation;
  readonly holds: boolean;
  readonly counted: readonly CountedAnswer[];
}

export interface CountedAnswer extends Omit<CountedRule, 'rule'> {
  readonly answer: Answer;
}

export function ask(rule: Rule, record: RecordFacts, set: RuleSet): Answer {
  return rule.kind === 'correlation'
    ? askCorrelation(rule, record, set)
    : askDetection(rule, record.facts, record.isSign);
}

function askCorrelation(rule: Correlation, record: RecordFacts, set: RuleSet): CorrelationAnswer {
  // What it waits for are detections, and a sign of life is enough for them.
  const asked = set.waits(rule) ? { ...record, facts: [record.sign], isSign: false } : record;
  const counted = set.counted(rule).map((one): CountedAnswer => {
    const answer = ask(one, asked, set);
    const view = nearestIn(answer)?.view;
    const read = (field: string): FieldValue => ({ field, value: view?.values(field)?.[0] ?? null });
    const key = rule.groupBy.map(({ name, fieldByRule }) => read(fieldByRule[one.meta.id] ?? name));
    const values = rule.fields.map(read);
    const isCounted = answer.holds && [...key, ...values].every(({ value }) => value !== null);
    return { answer, key, values, isCounted };
  });
  return { kind: 'correlation', rule, holds: counted.some(({ isCounted }) => isCounted), counted };
}

function askDetection(rule: Detection, facts: readonly AskedFact[], isSign: boolean): DetectionAnswer {
  const partial = compilePartial(rule.match);
  const answers = facts.map((fact): DetectionAnswer => {
    const view = new FactView(fact);
    const traced = trace(rule.match, view);
    const isAbout = partial(fact.known) !== 'no';
    return { kind: 'detection', rule, holds: traced.holds && !isSign, trace: traced, fact, view, isAbout };
  });
  return nearest(answers)!;
}

/** The detection that decides what a rule says; of several the one that comes nearest. */
export function nearestIn(answer: Answer): DetectionAnswer | null {
  if (answer.kind === 'detection') return answer;
  return nearest(answer.counted.flatMap((one) => nearestIn(one.answer) ?? []));
}

function nearest(answers: readonly DetectionAnswer[]): DetectionAnswer | null {
  let best: DetectionAnswer | null = null;
  for (const one of answers) if (best === null || rank(one) > rank(best)) best = one;
  return best;
}

/** What matches, then what is about such facts, then what has more items that hold. */
function rank({ holds, isAbout, trace: traced }: DetectionAnswer): number {
  return holds ? Number.POSITIVE_INFINITY : itemsThatHold(traced) + (isAbout ? 1e6 : 0);
}

function itemsThatHold(one: Trace): number {
  if (one.kind === 'item') return one.holds ? 1 : 0;
  if (one.kind === 'not') return 0;
  const inner = one.of.map(itemsThatHold);
  return one.kind === 'any' ? Math.max(0, ...inner) : inner.reduce((sum, count) => sum + count, 0);
}
