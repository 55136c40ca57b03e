import type { Event, Position } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import { normalise } from '../events/normalise.ts';
import type { JsonObject } from '../lib/json.ts';
import { diskSpill } from '../lib/spill.ts';
import { foreknow } from '../relate/foreknown.ts';
import { Relate } from '../relate/relate.ts';
import { changesStructure, requestFact, requestSource } from '../relate/request.ts';
import { Sightings } from '../relate/sightings.ts';

/** One record as rules see it. */
export interface RecordFacts {
  /** The log that it is of; null: none that is known, so only its own fields are there. */
  readonly family: string | null;
  /** Why a record of a known log is read as it is all the same; null: it is not. */
  readonly invalid: string | null;
  /** At least one. What needs other records (who acted, what a setting was before) is not in them. */
  readonly facts: readonly Pick<Fact, 'fields' | 'raw'>[];
}

/** The facts that a record tells by itself; what is no record of a known log is one fact without canonical fields. */
export function factsOfRecord(value: JsonObject, position: Position): RecordFacts {
  const read = normalise(value, position, { now: Number.POSITIVE_INFINITY });
  const asItIs = [{ fields: {}, raw: value }];
  if (read.kind === 'unknown') return { family: null, invalid: null, facts: asItIs };
  if (read.kind === 'invalid') return { family: null, invalid: read.detail, facts: asItIs };
  const { event } = read;
  const facts = requestSource(event) === null || changesStructure(event) ? related(event) : [];
  return { family: event.family, invalid: null, facts: facts.length > 0 ? facts : [requestFact(event)] };
}

function related(event: Event): Fact[] {
  const relate = new Relate({
    spill: () => diskSpill(),
    budget: 1 << 20,
    sightings: new Sightings(),
    foreknown: foreknow([], []),
  });
  relate.add(event, 0);
  const facts: Fact[] = [];
  relate.run((fact) => facts.push(fact));
  return facts;
}
