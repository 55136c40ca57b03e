import type { Compiled } from '../engine/compile.ts';
import { FactView } from '../engine/view.ts';
import { requestActions } from '../events/actions.ts';
import type { DecodeSink, InvalidReason } from '../events/decode.ts';
import { type Event, type Labels, type Position, tellsRequests } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import { SIGNS_OF_LIFE } from '../events/families/index.ts';
import { namesInPath } from '../events/families/resourceLog.ts';
import { FIELDS } from '../events/fields.ts';
import { type InvalidTime, normalise, readTime } from '../events/normalise.ts';
import { accountOf } from '../events/resource.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import { containerId } from '../relate/containers.ts';
import { changesStructure, requestFact, requestSource } from '../relate/request.ts';
import type { RequestSource } from '../relate/sightings.ts';
import type { Relevant, Skimmed } from '../skim/skim.ts';
import type { KeptHit } from './hits.ts';
import { type Counted, LeftOuts } from './leftOut.ts';
import type { Sign, SignSink } from './signs.ts';

export interface IntakeDeps {
  readonly compiled: Compiled;
  readonly signs: SignSink;
  readonly relate: { add(event: Event, bytes: number): void };
  /** `event`: the request that it is. */
  readonly hits: { add(hit: KeptHit, bytes: number, event?: Event): void };
  readonly nowMs: number;
  /** Of the source, for its events. */
  readonly labels?: Labels;
  /** Why a record of this resource is not taken; null: it is. */
  readonly refuses?: (resourceId: string) => string | null;
  /** Told of each record that is parsed and read as an event. */
  readonly onEvent?: (event: Event) => void;
  /** Told of each record that is not read as an event, when it is. */
  readonly onLeftOut?: (why: LeftOutWhy, detail: string) => void;
}

export type LeftOutWhy = InvalidReason | InvalidTime | 'refused' | 'unknown';

/** Where records go after they are read, and what is counted on the way. Nothing here depends on their order. */
export class Intake {
  readonly leftOut = new LeftOuts();
  readonly invalid: Record<string, number> = {};
  records = 0;
  unknown = 0;
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

  /** Adds what another intake counted, whose places are to be moved. */
  merge({ records, unknown, invalid, leftOut }: Counted, moved: (position: Position) => Position): void {
    this.records += records;
    this.unknown += unknown;
    for (const [reason, count] of Object.entries(invalid)) this.invalid[reason] = (this.invalid[reason] ?? 0) + count;
    for (const one of leftOut) this.leftOut.merge({ ...one, first: moved(one.first), last: moved(one.last) });
  }

  #invalid(reason: InvalidReason | InvalidTime, position: Position, detail: string): void {
    this.records += 1;
    this.invalid[reason] = (this.invalid[reason] ?? 0) + 1;
    this.leftOut.add(reason, position, detail);
    this.#deps.onLeftOut?.(reason, detail);
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
      this.#deps.onLeftOut?.('unknown', read.what);
      return;
    }
    const { labels } = this.#deps;
    const event = labels === undefined ? read.event : { ...read.event, labels };
    if (this.#isRefused(event.resourceId)) return;
    this.#deps.onEvent?.(event);
    const source = SIGNS_OF_LIFE.has(event.family) ? null : requestSource(event);
    if (!this.#deps.signs.of(signOf(event, source)).add(event.time) || SIGNS_OF_LIFE.has(event.family)) return;
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
    if (!this.#isRefused(read.resourceId)) this.tallyOf(read).add(time);
  }

  #isRefused(resourceId: string): boolean {
    const why = this.#deps.refuses?.(resourceId) ?? null;
    if (why !== null) this.#deps.onLeftOut?.('refused', why);
    return why !== null;
  }

  /** Where records like this one count. */
  tallyOf(read: Skimmed): ReturnType<SignSink['of']> {
    const isMongo = read.category === 'MongoRequests';
    const isSuccess = isMongo
      ? read.errorCode === null || read.errorCode === 0
      : read.statusCode !== null && read.statusCode >= 200 && read.statusCode < 300;
    return this.#deps.signs.of({
      family: read.category,
      action: requestActions(read.category, read.operationName, read.requestResourceType)[0]!,
      outcome: isSuccess ? 'success' : 'failure',
      account: this.#accountOf(read.resourceId),
      source: isMongo ? 'mongo' : 'request',
      containerId: isSuccess ? containerOf(read) : null,
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

  #request(event: Event, source: RequestSource, bytes: number): void {
    // Most requests match no rule, and their kind says so.
    if (!this.#deps.compiled.couldMatchKind(event)) return;
    const fact = requestFact(event);
    const hits = this.#deps.compiled.match(fact);
    if (hits.length === 0) return;
    this.#deps.hits.add({ fact: projected(fact, this.#deps.compiled), hits, source }, bytes + 1000, event);
  }

  /** Facts of the control plane, when relate has made them. */
  fact(fact: Fact): void {
    const hit = hitOf(fact, this.#deps.compiled);
    if (hit !== null) this.#deps.hits.add(hit, 2000);
  }
}

/** What rules say of a fact of the control plane; null: nothing. */
export function hitOf(fact: Fact, compiled: Compiled): KeptHit | null {
  const hits = compiled.match(fact);
  if (hits.length === 0) return null;
  // What another log tells too does not depend on which log of requests counts.
  const isOnlyRequest = fact.evidence.every(({ family }) => tellsRequests(family));
  const source = isOnlyRequest ? requestSource(fact) : null;
  return { fact: projected(fact, compiled), hits, source };
}

/** What a parsed record matters for besides what it tells. A creation or deletion is no use: relate reads those itself. */
export function signOf(event: Event, source: RequestSource | null): Sign {
  const { family, action, outcome, account } = event;
  const isUse = source !== null && outcome === 'success' && !changesStructure(event);
  return { family, action, outcome, account, source, containerId: isUse ? containerId(event) : null };
}

/** What is read of a fact's fields after it was matched: by sentences and commands, besides what folds and windows need. */
const TOLD_FIELDS: readonly string[] = FIELDS.map(({ name }) => name).filter(
  (name) =>
    /^azure\.(?:lock|diagnostic|key|access|principal|backup)/.test(name) ||
    /^cosmosdb\.(?:api|region|full_keys|database|container|private)/.test(name),
);

/** The fact without its raw record and without what only matching reads, but with every field that folds and windows read. */
export function projected(fact: Fact, { neededFields }: Compiled): Fact {
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
