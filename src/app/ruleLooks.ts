import { kindOf } from '../engine/compile.ts';
import { compilePartial, type KnownFields } from '../engine/partial.ts';
import type { Event } from '../events/event.ts';
import { printMatch } from '../ir/print.ts';
import type { Trace } from '../ir/trace.ts';
import type { RuleLook, UnmetPart, Verdict } from '../report/record.ts';
import type { FieldValue } from '../report/why.ts';
import { type Answer, ask, type DetectionAnswer, type RuleSet } from './ask.ts';
import { factActions } from './factActions.ts';
import { factsOf } from './recordFacts.ts';

/** Which rules that raise alerts look at records of this kind, and what each says of this one. In the order of the rules. */
export function ruleLooks(event: Event, set: RuleSet): RuleLook[] {
  const record = factsOf(event);
  return set.rules
    .filter((rule) => rule.alerts)
    .flatMap((rule) => {
      const touched = rule.kind === 'correlation' ? set.touchedBy(rule) : null;
      const askedRules = [
        ...askedIn(ask(rule, record, set), 'fires', [], set),
        ...(touched === null ? [] : askedIn(ask(touched, record, set), 'remembers', [], set)),
      ];
      return distinct(askedRules).flatMap(({ answer, role, missing }) => {
        const verdict = verdictOf(answer, role, missing, event, record.isSign);
        const through = answer.rule === rule ? null : answer.rule.meta.name;
        return verdict === null ? [] : [{ rule: rule.meta.name, through, role, verdict }];
      });
    });
}

interface Asked {
  readonly answer: DetectionAnswer;
  readonly role: RuleLook['role'];
  /** Fields that a correlation counts by or for. */
  readonly missing: readonly string[];
}

/** The detections that a rule asks of records: itself, or those that it counts, waits for, or remembers. */
function askedIn(answer: Answer, role: RuleLook['role'], missing: readonly string[], set: RuleSet): readonly Asked[] {
  if (answer.kind === 'detection') return [{ answer, role, missing }];
  const inner = role === 'remembers' ? role : set.waits(answer.rule) ? 'waits' : 'counts';
  return answer.counted.flatMap(({ answer: one, key, values }) =>
    askedIn(one, inner, [...missing, ...absent(key), ...absent(values)], set),
  );
}

/** A correlation may count a rule that another one counts too, which it counts as well: that is told once. */
function distinct(asked: readonly Asked[]): readonly Asked[] {
  return [...new Map(asked.map((one) => [`${one.role} ${one.answer.rule.meta.id}`, one])).values()];
}

function absent(fields: readonly FieldValue[]): string[] {
  return fields.filter(({ value }) => value === null).map(({ field }) => field);
}

/** Null: the rule does not look at such records. */
function verdictOf(
  { rule, holds, trace, fact, isAbout }: DetectionAnswer,
  role: RuleLook['role'],
  missing: readonly string[],
  event: Event,
  isSign: boolean,
): Verdict | null {
  if (holds && missing.length === 0) return { kind: 'matches' };
  if (role === 'waits') return null;
  if (holds) return { kind: 'fails', parts: [...new Set(missing)].map(keyPart) };
  if (isSign) return null;
  if (isAbout) return { kind: 'fails', parts: unmet(trace, fact.known) };
  const partial = compilePartial(rule.match);
  const other = factActions(event.action).find(
    (action) => partial(kindOf({ family: event.family, action, raw: event.raw }).fields) !== 'no',
  );
  return other === undefined ? null : { kind: 'needs_others', action: other };
}

function keyPart(field: string): UnmetPart {
  return { asks: `a value of ${field}, to count by`, has: [{ field, values: null }] };
}

/** What a match asks that an event does not have: of alternatives, those that are about events of its kind. */
function unmet(trace: Trace, known: KnownFields): readonly UnmetPart[] {
  if (trace.holds) return [];
  if (trace.kind === 'all') return trace.of.flatMap((part) => unmet(part, known));
  if (trace.kind === 'any' && trace.of.some((part) => part.match.kind !== 'field')) {
    const near = trace.of.filter((part) => compilePartial(part.match)(known) !== 'no');
    return (near.length > 0 ? near : trace.of).flatMap((part) => unmet(part, known));
  }
  return [{ asks: printMatch(trace.match), has: valuesAsked(trace) }];
}

/** The values of the fields that a match asks for; empty: it asks for none. */
function valuesAsked(trace: Trace): UnmetPart['has'] {
  switch (trace.kind) {
    case 'item':
      return trace.match.kind === 'field' ? [{ field: trace.match.field, values: trace.found }] : [];
    case 'not':
      return valuesAsked(trace.of);
    case 'all':
    case 'any': {
      const found = trace.of.flatMap(valuesAsked);
      return [...new Map(found.map((one) => [one.field, one])).values()];
    }
  }
}
