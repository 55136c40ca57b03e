import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { type Clock, systemClock } from '../lib/clock.ts';
import type { Log, LogFields } from '../telemetry/log.ts';
import type { Batch, Millis, Receipt, Source, SourceContext, SourceHealth } from './source.ts';

/**
 * A real clock that runs `speed` times as fast: a back-off of a second takes 10 ms, and reads as a second. It remembers what was waited.
 * With `isTrue` only the waiting is shorter, and the time is that of the system: for sources that compare it with times of files.
 */
export class FastClock implements Clock {
  readonly #speed: number;
  readonly #isTrue: boolean;
  readonly #began = Date.now();
  readonly sleeps: number[] = [];

  constructor(speed = 100, isTrue = false) {
    this.#speed = speed;
    this.#isTrue = isTrue;
  }

  now(): Millis {
    return Math.floor(this.#began + (Date.now() - this.#began) * (this.#isTrue ? 1 : this.#speed));
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(ms);
    await systemClock.sleep(ms / this.#speed, signal);
  }
}

/** Waits until `holds`; throws, with what was waited for, after `ms` of real time. */
export async function eventually(what: string, holds: () => boolean, ms = 15_000): Promise<void> {
  const end = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain: ${what}`);
    await systemClock.sleep(5);
  }
}

/** Waits until `value` has been the same for `ms` of real time. */
export async function settled(value: () => number, ms = 250): Promise<number> {
  for (;;) {
    const before = value();
    await systemClock.sleep(ms);
    if (value() === before) return before;
  }
}

export interface Commit {
  readonly batch: Batch;
  readonly text: string;
  /** The marks of the suite that stand in it. */
  readonly marks: readonly string[];
}

/** A mark, as `conformance.test-support.ts` makes them. */
const MARK = /mark-[0-9]{7}\./g;

/** What a service keeps of a source. Lives through restarts of the source; `upTo` is what it was after some commits. */
export class MemoryStore {
  readonly positions = new Map<string, string>();
  readonly commits: Commit[] = [];

  commit(one: Commit): void {
    this.commits.push(one);
    if (one.batch.position !== null) this.positions.set(one.batch.partition, one.batch.position);
  }

  upTo(commits: number): MemoryStore {
    const store = new MemoryStore();
    for (const one of this.commits.slice(0, commits)) store.commit(one);
    return store;
  }

  /** How often a mark stands in what was committed. */
  count(mark: string): number {
    return this.commits.reduce((sum, one) => sum + one.marks.filter((other) => other === mark).length, 0);
  }
}

/**
 * A service as one run of a source sees it: `emit` commits to a store in memory, unless it is held or told to reject. What the contract of
 * `Source` forbids is collected in `broken`; everything that the source said in `said`.
 */
export class TestContext implements SourceContext {
  readonly name = 'under-test';
  readonly random = () => 0.5;
  readonly healths: SourceHealth[] = [];
  readonly said: string[] = [];
  readonly broken: string[] = [];
  readonly log: Log;
  readonly store: MemoryStore;
  readonly clock: Clock;
  room: number | null = null;
  /** Bytes and number of batches that wait in `emit`. */
  pendingBytes = 0;
  pending = 0;
  rejections = 0;
  #rejecting = 0;
  #gate: { readonly open: Promise<void>; readonly release: () => void } | null = null;
  #isDead = false;
  readonly #progress = new Map<string, Millis>();

  constructor(store: MemoryStore, clock: Clock) {
    this.store = store;
    this.clock = clock;
    const say = (fields: LogFields, message: string) => void this.said.push(`${message} ${JSON.stringify(fields)}`);
    this.log = { info: say, warn: say, error: say };
  }

  /** From now on `emit` waits, until `release`. */
  hold(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = { open: promise, release: resolve };
  }

  release(): void {
    this.#gate?.release();
    this.#gate = null;
  }

  /** Nothing is committed any more, and nobody gets an answer: the process was killed. */
  kill(): void {
    this.#isDead = true;
  }

  rejectNext(emits: number): void {
    this.#rejecting = emits;
  }

  async emit(batch: Batch): Promise<Receipt> {
    const before = digest(batch);
    const bytes = batch.bytes.reduce((sum, one) => sum + one.length, 0);
    this.pending++;
    this.pendingBytes += bytes;
    try {
      await (this.#gate?.open ?? systemClock.sleep(0));
      if (this.#isDead) await new Promise(() => {});
      if (digest(batch) !== before) this.broken.push(`the bytes of ${batch.name} changed while it was committed`);
      if (this.#rejecting > 0) {
        this.#rejecting--;
        this.rejections++;
        throw new Error('no room in the store');
      }
      return this.#commit(batch);
    } finally {
      this.pending--;
      this.pendingBytes -= bytes;
    }
  }

  #commit(batch: Batch): Receipt {
    const text = Buffer.concat(batch.bytes).toString();
    this.#checkProgress(batch, text);
    this.store.commit({ batch: { ...batch, bytes: [] }, text, marks: text.match(MARK) ?? [] });
    this.said.push(batch.name, batch.position ?? '', batch.partition);
    return { accepted: text === '' ? 0 : 1, rejected: [] };
  }

  #checkProgress({ progress, partition, arrived, name }: Batch, text: string): void {
    const before = this.#progress.get(partition);
    const isNew = text !== '' && !this.store.commits.some((one) => one.text === text);
    if (before !== undefined && isNew && arrived !== null && arrived < before)
      this.broken.push(`${name} arrived at ${arrived}, after progress ${before} was told`);
    if (progress === null) return;
    if (before !== undefined && progress < before)
      this.broken.push(`progress of ${name} goes back from ${before} to ${progress}`);
    if (progress > this.clock.now()) this.broken.push(`progress of ${name} is in the future`);
    this.#progress.set(partition, progress);
  }

  admit(): number | null {
    return this.room;
  }

  positions(): ReadonlyMap<string, string> {
    return new Map(this.store.positions);
  }

  health(health: SourceHealth): void {
    this.healths.push(health);
    this.said.push(health.why ?? '');
  }

  /** How often it told this state. */
  told(state: SourceHealth['state']): number {
    return this.healths.filter((one) => one.state === state).length;
  }
}

function digest(batch: Batch): string {
  const hash = createHash('sha1');
  for (const piece of batch.bytes) hash.update(piece);
  return hash.digest('hex');
}

/** A source that runs. */
export interface Running {
  readonly context: TestContext;
  /** What `run` threw; null while it runs and after it ended well. */
  readonly failure: () => unknown;
  readonly isOver: () => boolean;
  /** Aborts, and waits for the end. Resolves to the milliseconds that took. @throws if `run` throws, or takes more than 10 s. */
  stop(): Promise<number>;
}

export function startRun(source: Source, context: TestContext): Running {
  const controller = new AbortController();
  let failure: unknown = null;
  let over = false;
  const done = source
    .run(context, controller.signal)
    .catch((error: unknown) => {
      failure = error;
      context.said.push(everythingOf(error));
    })
    .finally(() => {
      over = true;
    });
  return {
    context,
    failure: () => failure,
    isOver: () => over,
    async stop() {
      const began = Date.now();
      controller.abort();
      await eventually('the source ends after it was stopped', () => over, 10_000);
      await done;
      if (failure !== null) throw failure;
      return Date.now() - began;
    },
  };
}

/** All that a careless printer could show of an error. */
export function everythingOf(error: unknown): string {
  const json = error instanceof Error ? JSON.stringify(error, Object.getOwnPropertyNames(error)) : String(error);
  return `${inspect(error, { depth: 10, showHidden: true })}\n${json}`;
}
