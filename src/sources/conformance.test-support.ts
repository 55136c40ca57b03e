import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import {
  eventually,
  FastClock,
  MemoryStore,
  type Running,
  settled,
  startRun,
  TestContext,
} from './context.test-support.ts';
import type { Source, SourceContext } from './source.ts';

/*
 * What every source owes to the service, whatever it reads. A kind of source calls `conformance` with a driver for the thing behind it:
 * the real one where it can run here, else a server that speaks its protocol.
 */

/** The thing behind a source, made anew for each case. */
export interface Behind {
  /** A source as configuration would make it, with `canaries` as its secrets. Called again for each restart. */
  source(): Source;
  /** Puts one record there for each mark; its bytes contain the mark once, and are about `size` long. In order within a partition. */
  put(marks: readonly string[], size: number): Promise<void>;
  /** Secrets that may be seen nowhere: at least 8 characters each. */
  readonly canaries: readonly string[];
  /** For sources that are pushed to: sends what was put to the source's routes, and again what was not acknowledged, until `signal`. */
  push?(source: Source, context: SourceContext, signal: AbortSignal): void;
  /** If it keeps where its readers stand (a consumer group): from now on it knows nothing of that. */
  forget?(): void;
  /** Bytes that it has handed over so far, if it can tell. */
  handedOver?(): number;
  stop(): Promise<void>;
}

export interface Fault<B extends Behind> {
  /** Begins it, and gives what ends it. */
  begin(behind: B): Promise<() => Promise<void>>;
  /** It is over at once, and a source may get over it before anybody is told: a connection that is cut. Else attempts become rarer. */
  readonly isShort?: true;
}

export interface SourceDriver<B extends Behind> {
  start(clock: Clock): Promise<B>;
  /** What passes by itself, by name. At least one, but for sources that are pushed to. */
  readonly passing: Readonly<Record<string, Fault<B>>>;
  /** What only a person can cure, by name: a source that will meet it. */
  readonly permanent: Readonly<Record<string, (behind: B) => Promise<Source>>>;
  /** How many records may come again after a restart, though they were committed. Default: none. */
  readonly redelivers?: number;
  /** Bytes that may be read, or wait, while `emit` is pending. Default: 8 MiB. `records` of `size` bytes are put. Default: 400 of 64 KiB. */
  readonly inFlight?: { readonly bytes: number; readonly records: number; readonly size: number };
  /** How many times faster the clock runs. Default: 100. `isTrueTime`: it only waits less, and tells the time of the system. */
  readonly speed?: number;
  readonly isTrueTime?: boolean;
}

const QUICK_END = 3000;
const RECORD = 200;

/** Registers the suite for one kind of source. */
export function conformance<B extends Behind>(kind: string, driver: SourceDriver<B>): void {
  describe(`${kind}, as every source`, () => {
    const bench = new Bench(driver);
    afterEach(() => bench.end());

    it('goes on after a restart where it stood: nothing is lost, and little comes again', async () => {
      await bench.begin();
      const before = await bench.put(12);
      const first = bench.run();
      await bench.given(before);
      await first.stop();
      const between = await bench.put(12);
      const counted = bench.totalOf(before);
      const second = bench.run();
      await bench.given(between);
      await settled(() => bench.totalOf([...before, ...between]));
      await second.stop();
      expect(bench.totalOf(before) - counted).toBeLessThanOrEqual(driver.redelivers ?? 0);
      bench.check();
    });

    it('gives again what was not committed, and never passes over it', async () => {
      await bench.begin();
      const running = bench.run();
      const marks: string[] = [];
      for (const rejections of [3, 1, 2]) {
        running.context.rejectNext(rejections);
        marks.push(...(await bench.put(6)));
        await bench.given(marks);
      }
      await running.stop();
      expect(running.context.rejections).toBe(6);
      await bench.losesNothingFromAnyCommit(marks);
      bench.check();
    });

    it('loses nothing when the process is killed in the middle', async () => {
      await bench.begin();
      const marks = await bench.put(8);
      const first = bench.run();
      await bench.given(marks);
      first.context.hold();
      const more = await bench.put(8);
      await eventually('a batch waits to be committed', () => first.context.pending > 0);
      first.context.kill();
      first.context.release();
      await first.stop();
      const second = bench.run();
      await bench.given(more);
      await second.stop();
      bench.check();
    });

    it('ends soon when it is stopped while a batch waits, and the batch comes again', async () => {
      await bench.begin();
      const running = bench.run({ hold: true });
      const marks = await bench.put(8);
      await eventually('a batch waits to be committed', () => running.context.pending > 0);
      expect(await running.stop()).toBeLessThan(QUICK_END);
      expect(bench.store.commits.filter(({ text }) => text !== '')).toEqual([]);
      running.context.kill();
      const again = bench.run();
      await bench.given(marks);
      await again.stop();
      bench.check();
    });

    it('reads no more than it may hold while nothing is committed', async () => {
      const { bytes, records, size } = driver.inFlight ?? { bytes: 8 << 20, records: 400, size: 64 << 10 };
      expect(records * size).toBeGreaterThan(2 * bytes);
      const behind = await bench.begin();
      const running = bench.run({ hold: true });
      const marks = await bench.put(records, size);
      await eventually('a batch waits to be committed', () => running.context.pending > 0);
      const waiting = await settled(() => running.context.pendingBytes);
      const handedOver = behind.handedOver === undefined ? 0 : await settled(() => behind.handedOver!());
      expect(waiting).toBeLessThanOrEqual(bytes);
      expect(handedOver).toBeLessThanOrEqual(bytes);
      running.context.release();
      await bench.given(marks);
      await running.stop();
      bench.check();
    });

    it.each(Object.keys(driver.passing))('gets over: %s', async (name) => {
      const behind = await bench.begin();
      const running = bench.run();
      const before = await bench.put(4);
      await bench.given(before);
      const slept = bench.clock.sleeps.length;
      const fault = driver.passing[name]!;
      const mend = await fault.begin(behind);
      const during = await bench.put(4);
      if (!fault.isShort) {
        await eventually('it tells that it tries again', () => running.context.told('retrying') >= 4);
        expect(running.context.healths.find(({ state }) => state === 'retrying')!.why).toMatch(/\w{3}/);
        const waits = bench.clock.sleeps.slice(slept);
        expect(Math.max(0, ...waits)).toBeGreaterThanOrEqual(2 * Math.min(...waits));
      }
      expect(running.isOver()).toBe(false);
      await mend();
      await bench.given(during);
      await eventually('it tells that it runs', () => running.context.healths.at(-1)!.state === 'running');
      await running.stop();
      bench.check();
    });

    it.each(Object.keys(driver.permanent))('says what to do about: %s', async (name) => {
      const behind = await bench.begin();
      const running = bench.run({ source: await driver.permanent[name]!(behind) });
      await eventually('it gives up', () => running.isOver());
      const failure = running.failure();
      expect(failure).toBeInstanceOf(UserError);
      expect((failure as UserError).cure).toMatch(/\w{3}/);
      expect(bench.store.commits.filter(({ text }) => text !== '')).toEqual([]);
      bench.check();
    });

    it('ends at once when there is nothing to read, and when it never began', async () => {
      await bench.begin();
      const running = bench.run();
      await eventually('it runs', () => running.context.told('running') > 0);
      expect(await running.stop()).toBeLessThan(QUICK_END);
      const over = AbortSignal.abort();
      await bench.behind.source().run(new TestContext(bench.store, bench.clock), over);
      bench.check();
    });
  });
}

/** One case: the thing behind, the store, and all runs over them. */
class Bench<B extends Behind> {
  readonly #driver: SourceDriver<B>;
  readonly #runs: Running[] = [];
  readonly #pushing: AbortController[] = [];
  #behind: B | null = null;
  #marks = 0;
  store = new MemoryStore();
  clock = new FastClock();

  constructor(driver: SourceDriver<B>) {
    this.#driver = driver;
  }

  get behind(): B {
    return this.#behind!;
  }

  async begin(): Promise<B> {
    this.store = new MemoryStore();
    this.clock = new FastClock(this.#driver.speed, this.#driver.isTrueTime);
    this.#behind = await this.#driver.start(this.clock);
    return this.#behind;
  }

  async put(records: number, size = RECORD): Promise<readonly string[]> {
    const marks = Array.from({ length: records }, () => `mark-${String(this.#marks++).padStart(7, '0')}.`);
    await this.behind.put(marks, size);
    return marks;
  }

  run({ hold = false, source = this.behind.source(), store = this.store } = {}): Running {
    const context = new TestContext(store, this.clock);
    if (hold) context.hold();
    const running = startRun(source, context);
    const pushing = new AbortController();
    this.#pushing.push(pushing);
    this.behind.push?.(source, context, pushing.signal);
    const stopped: Running = {
      ...running,
      stop: () => {
        pushing.abort();
        return running.stop();
      },
    };
    this.#runs.push(stopped);
    return stopped;
  }

  async given(marks: readonly string[], store = this.store): Promise<void> {
    const missing = new Set(marks);
    let seen = 0;
    const look = () => {
      for (const one of store.commits.slice(seen)) for (const mark of one.marks) missing.delete(mark);
      seen = store.commits.length;
      return missing.size === 0 || this.#failed() !== undefined;
    };
    await eventually(`${marks.length} records are committed`, look, 30_000).catch((error: unknown) => {
      throw new Error(`never given: ${[...missing].slice(0, 5).join(' ')} (${missing.size} of ${marks.length})`, {
        cause: error,
      });
    });
    const failed = this.#failed();
    if (failed !== undefined) throw failed;
  }

  #failed(): unknown {
    return this.#runs.map((one) => one.failure()).find((failure) => failure !== null);
  }

  totalOf(marks: readonly string[]): number {
    return marks.reduce((sum, mark) => sum + this.store.count(mark), 0);
  }

  /** What a position covers was committed with it, or before: else a restart there would lose it. */
  async losesNothingFromAnyCommit(marks: readonly string[]): Promise<void> {
    const last = this.store.commits.length;
    for (const commits of new Set([0, 1, 2, last >> 1, last - 1])) {
      const store = this.store.upTo(commits);
      this.behind.forget?.();
      const running = this.run({ store });
      await this.given(marks, store);
      await running.stop();
    }
  }

  /** What must hold of every run, whatever it was for. */
  check(): void {
    for (const { context } of this.#runs) {
      expect(context.broken).toEqual([]);
      for (const canary of this.behind.canaries) {
        expect(canary.length).toBeGreaterThanOrEqual(8);
        expect(context.said.filter((text) => text.includes(canary))).toEqual([]);
      }
    }
  }

  async end(): Promise<void> {
    for (const one of this.#pushing.splice(0)) one.abort();
    for (const one of this.#runs.splice(0)) {
      one.context.kill();
      one.context.release();
      await one.stop().catch(() => {});
    }
    await this.#behind?.stop();
    this.#behind = null;
  }
}
