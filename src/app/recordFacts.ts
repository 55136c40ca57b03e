import { kindOf } from '../engine/compile.ts';
import type { KnownFields } from '../engine/partial.ts';
import type { Event } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import { SIGNS_OF_LIFE } from '../events/families/index.ts';
import type { JsonObject } from '../lib/json.ts';
import { foreknow } from '../relate/foreknown.ts';
import { Relate } from '../relate/relate.ts';
import { changesStructure, requestFact, requestSource } from '../relate/request.ts';
import { Sightings } from '../relate/sightings.ts';

/** A fact as rules see it; `known`: by what the engine picks the rules that it asks about it. */
export interface AskedFact extends Pick<Fact, 'fields' | 'raw'> {
  readonly known: KnownFields;
}

/** One record as rules see it. */
export interface RecordFacts {
  /** At least one. What needs other records (who acted, what a setting was before) is not in them. */
  readonly facts: readonly AskedFact[];
  /** What a rule that waits for records knows of it. */
  readonly sign: AskedFact;
  /** It only shows that its log lives: no rule is asked about it but one that waits for records. */
  readonly isSign: boolean;
}

/** The facts that a record becomes if it is all there is. */
export function factsOf(event: Event): RecordFacts {
  const isSign = SIGNS_OF_LIFE.has(event.family);
  const isWhole = isSign || (requestSource(event) !== null && !changesStructure(event));
  const related = isWhole ? [] : relatedAlone(event);
  const facts = related.length > 0 ? related : [requestFact(event)];
  return { facts: facts.map((fact) => ({ ...fact, known: kindOf(fact).fields })), sign: signOf(event), isSign };
}

/** An event of another product: nothing is known of it but what stands in it. */
export function factsOfOther(raw: JsonObject): RecordFacts {
  const fact: AskedFact = { fields: {}, raw, known: {} };
  return { facts: [fact], sign: fact, isSign: false };
}

const NO_DISK = { write: () => {}, read: () => [], remove: () => {} };

function relatedAlone(event: Event): readonly Fact[] {
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

function signOf({ family, action, outcome, account }: Event): AskedFact {
  const known = { 'event.family': family, 'event.action': action, 'event.outcome': outcome };
  const fields = account === null ? known : { ...known, 'cosmosdb.account': account };
  return { fields, raw: {}, known: fields };
}
