import type { Absence } from '../engine/absence.ts';
import type { Compiled } from '../engine/compile.ts';
import { FactView } from '../engine/view.ts';
import { requestActions } from '../events/actions.ts';
import type { DecodeSink, InvalidReason } from '../events/decode.ts';
import { type Event, type Micros, type Position, tellsRequests } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import { SIGNS_OF_LIFE } from '../events/families/index.ts';
import { namesInPath } from '../events/families/resourceLog.ts';
import { FIELDS } from '../events/fields.ts';
import { type InvalidTime, normalise, readTime } from '../events/normalise.ts';
import { accountOf } from '../events/resource.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import type { Sorter } from '../lib/sorter.ts';
import { containerId } from '../relate/containers.ts';
import type { Relate } from '../relate/relate.ts';
import { changesStructure, requestFact, requestSource } from '../relate/request.ts';
import type { RequestSource, Sightings } from '../relate/sightings.ts';
import type { Relevant, Skimmed } from '../skim/skim.ts';
import { type KeptHit, secondOf } from './hits.ts';
import { LeftOuts } from './leftOut.ts';

export interface IntakeDeps {
  readonly compiled: Compiled;
  readonly absence: Absence;
  readonly relate: Relate;
  readonly sightings: Sightings;
  readonly hits: Sorter<KeptHit>;
  readonly nowMs: number;
  readonly until: Micros | null;
}

/** Where records go after they are read, and what is counted on the way. Nothing here depends on their order. */
export class Intake {
  readonly leftOut = new LeftOuts();
  readonly invalid: Record<string, number> = {};
  readonly families: Record<string, number> = {};
  /** Families of which an account has records, by account. */
  readonly seenBy = new Map<string, Set<string>>();
  records = 0;
  events = 0;
  unknown = 0;
  requests = 0;
  first: Micros = Number.POSITIVE_INFINITY;
  last: Micros = Number.NEGATIVE_INFINITY;
  readonly #deps: IntakeDeps;
  readonly #accounts = new Map<string, string | null>();

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
  }

  /** What the decoder of one file tells. */
  sink(source: string): DecodeSink<Skimmed> {
    const at = (line: number, index: number): Position => ({ source, line, index });
    return {
      record: (value, line, index, bytes) => this.#record(value, at(line, index), bytes),
      skimmed: (read, line, index) => this.#skimmed(read, source, line, index),
      invalid: (reason, line, detail) => this.#invalid(reason, at(line, 0), detail),
    };
  }

  #invalid(reason: InvalidReason | InvalidTime, position: Position, detail: string): void {
    this.records += 1;
    this.invalid[reason] = (this.invalid[reason] ?? 0) + 1;
    this.leftOut.add(reason, position, detail);
  }

  #record(value: JsonObject, position: Position, bytes: number): void {
    const read = normalise(value, position, { now: this.#deps.nowMs });
    if (read.kind === 'invalid') {
      this.#invalid(read.reason, position, read.detail);
      return;
    }
    this.records += 1;
    if (read.kind === 'unknown') {
      this.unknown += 1;
      this.leftOut.addUnknown(read, value, position);
      return;
    }
    const { event } = read;
    if (!this.#counts(event.family, event.time, event.account)) return;
    this.#watch(event);
    if (SIGNS_OF_LIFE.has(event.family)) return;
    const source = requestSource(event);
    if (source !== null && event.account !== null) this.#sight(event, source);
    if (source === null || changesStructure(event)) this.#deps.relate.add(event, bytes);
    else this.#request(event, source, bytes);
  }

  /** Only what every record matters for: the walk found that no rule can match it. */
  #skimmed(read: Skimmed, source: string, line: number, index: number): void {
    const time = readTime(read.time, this.#deps.nowMs);
    if (typeof time !== 'number') {
      this.#invalid(time.reason, { source, line, index }, time.detail);
      return;
    }
    this.records += 1;
    const account = this.#accountOf(read.resourceId);
    if (!this.#counts(read.category, time, account)) return;
    const isMongo = read.category === 'MongoRequests';
    const success = isMongo
      ? read.errorCode === null || read.errorCode === 0
      : read.statusCode !== null && read.statusCode >= 200 && read.statusCode < 300;
    this.#deps.absence.seen(
      {
        'event.family': read.category,
        'event.action': requestActions(read.category, read.operationName, read.requestResourceType)[0]!,
        'event.outcome': success ? 'success' : 'failure',
        'cosmosdb.account': account,
      },
      secondOf(time),
    );
    if (account === null) return;
    this.#deps.sightings.add({
      account,
      time,
      success,
      source: isMongo ? 'mongo' : 'request',
      containerId: containerOf(read),
    });
  }

  #accountOf(resourceId: string): string | null {
    const known = this.#accounts.get(resourceId);
    if (known !== undefined) return known;
    const account = accountOf(resourceId);
    if (this.#accounts.size > 100_000) this.#accounts.clear();
    this.#accounts.set(resourceId, account);
    return account;
  }

  /** False: the record lies beyond the end of the clock and is not read. */
  #counts(family: string, time: Micros, account: string | null): boolean {
    if (this.#deps.until !== null && time > this.#deps.until) return false;
    this.events += 1;
    this.families[family] = (this.families[family] ?? 0) + 1;
    if (time < this.first) this.first = time;
    if (time > this.last) this.last = time;
    if (account !== null) {
      const families = this.seenBy.get(account);
      if (families === undefined) this.seenBy.set(account, new Set([family]));
      else if (!families.has(family)) families.add(family);
    }
    return true;
  }

  #watch(event: Event): void {
    if (this.#deps.absence.isEmpty) return;
    this.#deps.absence.seen(
      {
        'event.family': event.family,
        'event.action': event.action,
        'event.outcome': event.outcome,
        'cosmosdb.account': event.account,
      },
      secondOf(event.time),
    );
  }

  #sight(event: Event, source: RequestSource): void {
    this.#deps.sightings.add({
      account: event.account!,
      time: event.time,
      success: event.outcome === 'success',
      source,
      // A creation or deletion is no use: relate reads those itself.
      containerId: changesStructure(event) ? null : containerId(event),
    });
  }

  #request(event: Event, source: RequestSource, bytes: number): void {
    const fact = requestFact(event);
    const hits = this.#deps.compiled.match(fact);
    if (hits.length === 0) return;
    this.requests += 1;
    this.#deps.hits.add({ fact: projected(fact, this.#deps.compiled), hits, source }, bytes + 1000);
  }

  /** Facts of the control plane, when relate has made them. */
  fact(fact: Fact): void {
    const hits = this.#deps.compiled.match(fact);
    if (hits.length === 0) return;
    // What another log tells too does not depend on which log of requests counts.
    const isOnlyRequest = fact.evidence.every(({ family }) => tellsRequests(family));
    const source = isOnlyRequest ? requestSource(fact) : null;
    this.#deps.hits.add({ fact: projected(fact, this.#deps.compiled), hits, source }, 2000);
  }
}

/** What is read of a fact's fields after it was matched: by sentences and commands, besides what folds and windows need. */
const TOLD_FIELDS: readonly string[] = FIELDS.map(({ name }) => name).filter(
  (name) =>
    /^azure\.(?:lock|diagnostic|key|access|principal|backup)/.test(name) ||
    /^cosmosdb\.(?:api|database|container|private)/.test(name),
);

/** The fact without its raw record and without what only matching reads, but with every field that folds and windows read. */
function projected(fact: Fact, { neededFields }: Compiled): Fact {
  const fields: Record<string, Json> = {};
  for (const name of TOLD_FIELDS) if (fact.fields[name] !== undefined) fields[name] = fact.fields[name];
  const view = new FactView(fact);
  for (const name of neededFields) {
    const value = fact.fields[name] ?? view.values(name)?.[0];
    if (value !== undefined) fields[name] = value;
  }
  return { ...fact, fields, raw: {} };
}

/** The skim leaves to the parser what a rule could match, and what changes the structure of an account. */
export function relevance(compiled: Compiled): Relevant {
  return (category, operationName, type) =>
    requestActions(category, operationName, type).some(
      (action) =>
        changesStructure({ action }) ||
        compiled.couldMatch({
          'event.family': category,
          'event.action': action,
          operationname: operationName,
          category,
        }),
    );
}

function containerOf(read: Skimmed): string | null {
  const named = namesInPath(read.requestResourceId);
  if (read.category === 'MongoRequests') {
    const container = read.collectionName === '$cmd' ? null : read.collectionName;
    return containerId({ database: read.databaseName, container });
  }
  return containerId({
    database: read.databaseName ?? named.database,
    container: read.collectionName ?? named.container,
  });
}
