import type { Compiled } from '../../engine/compile.ts';
import { Decoder } from '../../events/decode.ts';
import { type Event, HOUR, type Labels, type Micros, type Position } from '../../events/event.ts';
import { isKnown, normalise, validTimes } from '../../events/normalise.ts';
import { foldId, subscriptionOf } from '../../events/resource.ts';
import { parseObject } from '../../lib/json.ts';
import { tellersKey } from '../../relate/sightings.ts';
import { BulkReader, type RequestTally, type Tally } from '../../skim/bulk.ts';
import { createSkim, type Skimmed } from '../../skim/skim.ts';
import type { WasmWalk } from '../../skim/wasm.ts';
import type { Batch, Receipt } from '../../sources/source.ts';
import type { FigureRow } from '../../store/figures.ts';
import { FigureCollector, type LikeFigures } from '../figures.ts';
import type { KeptHit } from '../hits.ts';
import { Intake, type LeftOutWhy, relevance } from '../intake.ts';
import { type Sign, type SignSink, signKey } from '../signs.ts';
import { skimModule } from '../skimModule.ts';
import { BatchRecords } from './batchRecords.ts';

export interface SourceInfo {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Its records are not waited for, nor does it say how far it is: it gives some and is over. */
  readonly isPassing?: boolean;
}

/** Records of one sign in a batch, as far as every one matters. */
export interface SignTotal {
  readonly sign: Sign;
  count: number;
  first: Micros;
  last: Micros;
  /** Records by hour since 1970. */
  readonly hours: Map<number, number>;
  /** Quarters of an hour, for requests. */
  readonly quarters: Set<number>;
  /** When the sign's container was used. */
  readonly uses: Micros[];
}

export type Fate = 'taken' | 'unknown' | 'invalid' | 'refused';

/** A batch as far as it can be understood by itself. Nothing is changed by reading it. */
export interface ReadBatch {
  readonly source: SourceInfo;
  readonly batch: Batch;
  /** With which rules it was read. */
  readonly generation: number;
  /** To be sent when it is committed. */
  readonly receipt: Receipt;
  readonly counts: readonly { readonly family: string; readonly fate: Fate; readonly count: number }[];
  readonly signs: readonly SignTotal[];
  readonly events: readonly Event[];
  readonly hits: readonly KeptHit[];
  /** Of hits, by the ids of their records: as many as can be kept. */
  readonly records: ReadonlyMap<string, Event>;
  /** Key figures of its requests; empty where none are taken. */
  readonly figures: readonly FigureRow[];
  /** More of the batch follows: where its source stands is not known by this. */
  readonly isCut?: boolean;
}

/** Rejected records that a receipt names one by one; the others are only counted. */
const NAMED = 1000;

/** Bytes that are walked, and records that are parsed, in one step. */
const PIECE = 256 << 10;
const RECORDS = 64;

const LINE_FEED = new Uint8Array([0x0a]);

/** Bytes of batches to events, hits and signs, with the rules of one generation. */
export class BatchReader {
  readonly #compiled: Compiled;
  readonly #generation: number;
  readonly #bulk: BulkReader;
  #reading: Reading | null = null;

  readonly #takesFigures: boolean;

  /** @param takesFigures key figures are taken of every request */
  constructor(compiled: Compiled, generation: number, nowMs: number, takesFigures: boolean) {
    this.#compiled = compiled;
    this.#takesFigures = takesFigures;
    this.#generation = generation;
    this.#bulk = new BulkReader({
      module: skimModule(),
      skim: createSkim(relevance(compiled)),
      tallyOf: (sample) => new Kind(sample, () => this.#reading!),
      onCounted: () => {},
      ...(takesFigures
        ? { requests: { takesMeasures: true, learn: (record) => learnRequests(record, nowMs, () => this.#reading!) } }
        : {}),
      times: validTimes(nowMs),
    });
  }

  read(source: SourceInfo, batch: Batch, nowMs: number): ReadBatch {
    const steps = this.#steps(source, batch, nowMs);
    for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
  }

  /** The same, with pauses in which others have their turn. Meanwhile nothing else is read with it. */
  async readSlowly(source: SourceInfo, batch: Batch, nowMs: number, pause: () => Promise<void>): Promise<ReadBatch> {
    const steps = this.#steps(source, batch, nowMs);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) return step.value;
      await pause();
    }
  }

  /** Each step takes some milliseconds. */
  *#steps(source: SourceInfo, batch: Batch, nowMs: number): Generator<void, ReadBatch> {
    const reading = new Reading(this.#compiled, source, batch, nowMs, this.#takesFigures);
    this.#reading = reading;
    this.#bulk.allowTimes(...validTimes(nowMs));
    if (batch.bytes.length > 0) {
      this.#bulk.open(reading.decoder(batch.name));
      for (const bytes of batch.bytes) {
        for (let at = 0; at < bytes.length; at += PIECE) {
          this.#bulk.push(bytes.subarray(at, at + PIECE));
          yield* reading.work();
        }
      }
      // A line that ends is walked; one that may go on is not.
      if (batch.bytes.findLast(({ length }) => length > 0)?.at(-1) !== LINE_FEED[0]) this.#bulk.push(LINE_FEED);
      this.#bulk.end();
      yield* reading.work();
    }
    return reading.told(this.#generation);
  }
}

/** Records of one kind that the walk only counts, whatever batch they come in. */
class Kind implements Tally {
  readonly #sample: Skimmed;
  readonly #reading: () => Reading;
  #in: Reading | null = null;
  #tally: Tally | null = null;

  constructor(sample: Skimmed, reading: () => Reading) {
    this.#sample = sample;
    this.#reading = reading;
  }

  add(time: Micros): void {
    const reading = this.#reading();
    if (reading !== this.#in) {
      this.#in = reading;
      this.#tally = reading.tallyOf(this.#sample);
    }
    reading.next();
    this.#tally!.add(time);
  }
}

/** Requests that agree in kind and caller, whatever batch they come in. Null: they have no key figures. */
function learnRequests(record: Uint8Array, nowMs: number, reading: () => Reading): RequestTally | null {
  const value = parseObject(Buffer.from(record).toString('utf8'));
  const read = value === null ? null : normalise(value, NOWHERE, { now: nowMs });
  return read?.kind === 'event' ? new LikeRequests(read.event, reading) : null;
}

const NOWHERE: Position = { source: '', line: 0, index: 0 };

class LikeRequests implements RequestTally {
  readonly #event: Event;
  readonly #reading: () => Reading;
  #in: Reading | null = null;
  #figures: LikeFigures | null = null;

  constructor(event: Event, reading: () => Reading) {
    this.#event = event;
    this.#reading = reading;
  }

  add(time: Micros, walk: WasmWalk, record: number): void {
    const reading = this.#reading();
    if (reading !== this.#in) {
      this.#in = reading;
      this.#figures = reading.figuresLike(this.#event);
    }
    this.#figures?.add(time, (which) => walk.measure(record, which));
  }
}

/** One batch under way. */
class Reading {
  readonly #source: SourceInfo;
  readonly #batch: Batch;
  readonly #refuses: (resourceId: string) => string | null;
  readonly #intake: Intake;
  readonly #signs = new BatchSigns();
  readonly #events: Event[] = [];
  readonly #hits: KeptHit[] = [];
  readonly #records = new BatchRecords();
  readonly #figures: FigureCollector | null;
  readonly #rejected: { index: number; code: string; reason: string }[] = [];
  readonly #fates = new Map<Exclude<Fate, 'taken'>, number>();
  /** What is found, and waits to be understood: a document may hold any number of records. */
  #found: (() => void)[] = [];
  /** Of the newest record, and of the one that is at hand. */
  #index = -1;
  #at = -1;

  constructor(compiled: Compiled, source: SourceInfo, batch: Batch, nowMs: number, takesFigures: boolean) {
    this.#figures = takesFigures ? new FigureCollector() : null;
    this.#source = source;
    this.#batch = batch;
    this.#refuses = refusalsOf(batch.speaksFor);
    this.#intake = new Intake({
      compiled,
      signs: this.#signs,
      relate: { add: (event: Event) => this.#events.push(event) },
      hits: { add: (hit, _bytes, event) => this.#hit(hit, event) },
      nowMs,
      labels: labelsOf(source),
      refuses: this.#refuses,
      onEvent: (event) => this.#figures?.add(event),
      onLeftOut: (why, detail) => this.#leftOut(why, detail),
    });
  }

  /** Another record begins. */
  next(): void {
    this.#index += 1;
    this.#at = this.#index;
  }

  /** Understands what was found; each step some of it. */
  *work(): Generator<void> {
    const found = this.#found;
    this.#found = [];
    for (const [at, one] of found.entries()) {
      one();
      if (at % RECORDS === RECORDS - 1) yield;
    }
    yield;
  }

  #later(run: () => void): void {
    this.next();
    const at = this.#index;
    this.#found.push(() => {
      this.#at = at;
      run();
    });
  }

  #hit(hit: KeptHit, event: Event | undefined): void {
    this.#hits.push(hit);
    if (event !== undefined) this.#records.add(hit, event);
  }

  decoder(name: string): Decoder<Skimmed> {
    const { record, skimmed, invalid } = this.#intake.sink(name);
    const sink = {
      record: (...told: Parameters<typeof record>) => this.#later(() => record(...told)),
      skimmed: (...told: Parameters<typeof skimmed>) => this.#later(() => skimmed(...told)),
      invalid: (...told: Parameters<typeof invalid>) => this.#later(() => invalid(...told)),
    };
    return new Decoder<Skimmed>({ known: isKnown, skim: null, sink });
  }

  /** Where records like this one count. */
  tallyOf(sample: Skimmed): Tally {
    const why = this.#refuses(sample.resourceId);
    if (why !== null) return { add: () => this.#leftOut('refused', why) };
    return this.#intake.tallyOf(sample);
  }

  /** Where requests like this one are counted; null: nowhere. */
  figuresLike(event: Event): LikeFigures | null {
    return this.#refuses(event.resourceId) === null ? (this.#figures?.like(event) ?? null) : null;
  }

  told(generation: number): ReadBatch {
    const families = Map.groupBy(this.#signs.list(), ({ sign }) => sign.family);
    const taken = [...families].map(([family, totals]) => ({
      family,
      fate: 'taken' as const,
      count: totals.reduce((sum, { count }) => sum + count, 0),
    }));
    const left = [...this.#fates].map(([fate, count]) => ({ family: '', fate, count }));
    return {
      source: this.#source,
      batch: this.#batch,
      generation,
      receipt: {
        accepted: this.#index + 1 - left.reduce((sum, { count }) => sum + count, 0),
        rejected: this.#rejected,
      },
      counts: [...taken, ...left],
      signs: this.#signs.list(),
      events: this.#events,
      hits: this.#hits,
      records: this.#records.byId(),
      figures: this.#figures?.take() ?? [],
    };
  }

  #leftOut(why: LeftOutWhy, detail: string): void {
    const fate = why === 'refused' || why === 'unknown' ? why : 'invalid';
    this.#fates.set(fate, (this.#fates.get(fate) ?? 0) + 1);
    if (this.#rejected.length >= NAMED) return;
    const [code, reason] = REASONS[fate];
    this.#rejected.push({
      index: this.#at,
      code,
      reason: `${reason}: ${fate === 'invalid' ? `${why}, ` : ''}${detail}`,
    });
  }
}

const REASONS = {
  refused: ['CW-5001', 'the sender may not speak for it'],
  unknown: ['CW-5002', 'no log that is read'],
  invalid: ['CW-5003', 'no record'],
} as const;

/** What every batch tells, whether it is parsed or counted. */
class BatchSigns implements SignSink {
  readonly #totals = new Map<string, SignTotal & { add(time: Micros): boolean }>();

  of(sign: Sign): SignTotal & { add(time: Micros): boolean } {
    const key = signKey(sign);
    const known = this.#totals.get(key);
    if (known !== undefined) return known;
    const made = newTotal(sign);
    this.#totals.set(key, made);
    return made;
  }

  list(): SignTotal[] {
    return [...this.#totals.values()].filter(({ count }) => count > 0);
  }
}

function newTotal(sign: Sign): SignTotal & { add(time: Micros): boolean } {
  const isUse = sign.containerId !== null && sign.outcome === 'success';
  return {
    sign,
    count: 0,
    first: Number.POSITIVE_INFINITY,
    last: Number.NEGATIVE_INFINITY,
    hours: new Map(),
    quarters: new Set(),
    uses: [],
    add(time) {
      this.count += 1;
      const hour = Math.floor(time / HOUR);
      this.hours.set(hour, (this.hours.get(hour) ?? 0) + 1);
      if (time < this.first) this.first = time;
      if (time > this.last) this.last = time;
      if (sign.source !== null) this.quarters.add(tellersKey(time, sign.source));
      if (isUse) this.uses.push(time);
      return true;
    },
  };
}

function labelsOf({ name, labels }: SourceInfo): Labels {
  return { ...labels, 'source.name': name };
}

function refusalsOf(speaksFor: Batch['speaksFor']): (resourceId: string) => string | null {
  if (speaksFor === null) return () => null;
  const allowed = new Set(speaksFor);
  return (resourceId) => {
    const subscription = subscriptionOf(foldId(resourceId));
    if (subscription === null) return 'the record names no subscription';
    return allowed.has(subscription) ? null : `subscription ${subscription.slice(0, 60)}`;
  };
}
