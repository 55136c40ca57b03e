import type { AlertRecord } from '../api/contract.ts';
import { trace } from '../engine/trace.ts';
import type { Event } from '../events/event.ts';
import type { Detection, Rule } from '../ir/ir.ts';
import { printMatch } from '../ir/print.ts';
import type { Trace } from '../ir/trace.ts';
import type { RuleParts } from '../sigma/parts.ts';
import { ask, type DetectionAnswer, nearestIn, type RuleSet } from './ask.ts';
import { factsOf } from './recordFacts.ts';

type Matched = NonNullable<AlertRecord['matched']>;

/**
 * What of a record a rule matched: the selections and the fields that hold, as the record is by itself.
 * @param partsOf the pieces of a rule as its file has it; null: it is not known any more
 */
export function matchedParts(
  rule: Rule,
  event: Event,
  set: RuleSet,
  partsOf: (rule: Detection) => RuleParts | null,
): Matched | null {
  const answer = nearestIn(ask(rule, factsOf(event), set));
  if (answer === null) return null;
  return {
    rule: answer.rule.meta.name,
    alone: answer.holds,
    selections: selectionsOf(answer, partsOf(answer.rule)),
    fields: heldIn(answer.trace),
  };
}

function selectionsOf({ view }: DetectionAnswer, parts: RuleParts | null): string[] {
  return (parts?.selections ?? []).filter(({ match }) => trace(match, view).holds).map(({ name }) => name);
}

/** What holds, each once; of what is denied nothing, because nothing in the record says it. */
function heldIn(one: Trace): Matched['fields'] {
  const found = new Map<string, Matched['fields'][number]>();
  const visit = (part: Trace): void => {
    if (part.kind === 'not') return;
    if (part.kind !== 'item') for (const inner of part.of) visit(inner);
    else if (part.holds && part.match.kind !== 'constant') {
      const asks = printMatch(part.match);
      found.set(asks, { field: part.match.kind === 'field' ? part.match.field : '', asks, values: part.found ?? [] });
    }
  };
  visit(one);
  return [...found.values()];
}
