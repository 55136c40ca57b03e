import { kindOf } from '../engine/compile.ts';
import { compileMatch } from '../engine/match.ts';
import { compilePartial } from '../engine/partial.ts';
import { FactView, type View } from '../engine/view.ts';
import type { Event } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import { SIGNS_OF_LIFE } from '../events/families/index.ts';
import { type Detection, isAbsence, type Match, type Rule } from '../ir/ir.ts';
import { printMatch } from '../ir/print.ts';
import type { Json } from '../lib/json.ts';
import { foreknow } from '../relate/foreknown.ts';
import { Relate } from '../relate/relate.ts';
import { changesStructure, requestFact, requestSource } from '../relate/request.ts';
import { Sightings } from '../relate/sightings.ts';
import type { RuleLook, UnmetPart, Verdict } from '../report/record.ts';
import { factActions } from './factActions.ts';

const NO_DISK = { write: () => {}, read: () => [], remove: () => {} };

/** The facts that a record becomes if it is all there is. A record that only shows that a log lives becomes none. */
export function factsAlone(event: Event): readonly Fact[] {
  if (SIGNS_OF_LIFE.has(event.family)) return [];
  if (requestSource(event) !== null && !changesStructure(event)) return [requestFact(event)];
  const relate = new Relate({
    spill: () => NO_DISK,
    budget: Number.POSITIVE_INFINITY,
    sightings: new Sightings(),
    foreknown: foreknow([], []),
  });
  relate.add(event, 1);
  const facts: Fact[] = [];
  relate.run((fact) => facts.push(fact));
  return facts;
}

/** Which rules that raise alerts look at records of this kind, and what each says of this one. In the order of the rules. */
export function ruleLooks(event: Event, facts: readonly Fact[], rules: readonly Rule[]): RuleLook[] {
  const byId = new Map(rules.map((rule) => [rule.meta.id, rule]));
  return rules
    .filter((rule) => rule.alerts)
    .flatMap((rule) =>
      basesOf(rule, byId).flatMap(({ detection, role }) => {
        const verdict =
          role === 'waits' ? signOfLife(detection.match, event) : verdictOf(detection.match, event, facts);
        const through = detection === rule ? null : detection.meta.name;
        return verdict === null ? [] : [{ rule: rule.meta.name, through, role, verdict }];
      }),
    );
}

interface Base {
  readonly detection: Detection;
  readonly role: RuleLook['role'];
}

/** The detections that a rule asks of records: itself, or those that it counts, waits for, or remembers. */
export function basesOf(rule: Rule, byId: ReadonlyMap<string, Rule>): readonly Base[] {
  if (rule.kind === 'detection') return [{ detection: rule, role: 'fires' }];
  const role = isAbsence(rule) ? 'waits' : 'counts';
  const touched = rule.touchedBy === null ? [] : [rule.touchedBy.rule];
  return [
    ...rule.rules.flatMap((id) => detectionsOf(id, byId).map((detection) => ({ detection, role }) as const)),
    ...touched.flatMap((id) => detectionsOf(id, byId).map((detection) => ({ detection, role: 'remembers' }) as const)),
  ];
}

function detectionsOf(id: string, byId: ReadonlyMap<string, Rule>): readonly Detection[] {
  const rule = byId.get(id);
  if (rule === undefined) return [];
  // Loading refuses circles.
  return rule.kind === 'detection' ? [rule] : rule.rules.flatMap((inner) => detectionsOf(inner, byId));
}

/** Null: the rule does not look at such records. */
function signOfLife(match: Match, event: Event): Verdict | null {
  const known = { 'event.family': event.family, 'event.action': event.action, 'event.outcome': event.outcome };
  return compilePartial(match)(known) === 'no' ? null : { kind: 'matches' };
}

function verdictOf(match: Match, event: Event, facts: readonly Fact[]): Verdict | null {
  const matches = compileMatch(match);
  if (facts.some((fact) => matches(new FactView(fact)))) return { kind: 'matches' };
  if (SIGNS_OF_LIFE.has(event.family)) return null;
  const partial = compilePartial(match);
  const asked = facts.find((fact) => partial(kindOf(fact).fields) !== 'no');
  if (asked !== undefined) return { kind: 'fails', parts: unmet(match, kindOf(asked).fields, new FactView(asked)) };
  const other = factActions(event.action).find(
    (action) => partial(kindOf({ family: event.family, action, raw: event.raw }).fields) !== 'no',
  );
  return other === undefined ? null : { kind: 'needs_others', action: other };
}

/** What a match asks that an event does not have: of alternatives, those that are about events of its kind. */
function unmet(match: Match, known: Readonly<Record<string, Json>>, view: View): readonly UnmetPart[] {
  if (compileMatch(match)(view)) return [];
  if (match.kind === 'all') return match.of.flatMap((part) => unmet(part, known, view));
  if (match.kind === 'any' && match.of.some((part) => part.kind !== 'field')) {
    const near = match.of.filter((part) => compilePartial(part)(known) !== 'no');
    return (near.length > 0 ? near : match.of).flatMap((part) => unmet(part, known, view));
  }
  return [{ asks: printMatch(match), has: valuesAsked(match, view) }];
}

/** The values of the fields that a match asks for; empty: it asks for none. */
function valuesAsked(match: Match, view: View): UnmetPart['has'] {
  switch (match.kind) {
    case 'field':
      return [{ field: match.field, values: view.values(match.field) }];
    case 'not':
      return valuesAsked(match.of, view);
    case 'all':
    case 'any': {
      const found = match.of.flatMap((part) => valuesAsked(part, view));
      return [...new Map(found.map((one) => [one.field, one])).values()];
    }
    case 'keyword':
    case 'constant':
      return [];
  }
}
