import type { Clock } from '../../lib/clock.ts';
import { UserError } from '../../lib/errors.ts';
import type {
  Batch,
  PushAnswer,
  PushRequest,
  PushRoute,
  Receipt,
  Source,
  SourceContext,
  SourceHealth,
} from '../../sources/source.ts';
import type { Log } from '../../telemetry/log.ts';
import type { SourceInfo } from '../live/read.ts';

/** A source of the configuration. */
export interface NamedSource extends SourceInfo {
  readonly type: string;
  readonly source: Source;
  /** Subscriptions that it may speak for, lower case; null: any. */
  readonly subscriptions: readonly string[] | null;
}

export interface RunnerDeps {
  readonly submit: (source: SourceInfo, batch: Batch) => Promise<Receipt>;
  readonly admit: (bytes: number) => number | null;
  /** Partition to position, as committed. */
  readonly positions: (source: string) => ReadonlyMap<string, string>;
  /** Told of each batch that was taken, and of each trouble. */
  readonly onTaken: (source: string, receipt: Receipt) => void;
  readonly onTrouble: (source: string, why: string) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

export interface SourceStatus extends SourceHealth {
  readonly name: string;
  readonly type: string;
  /** When it last gave a batch; milliseconds since 1970. */
  readonly lastBatch: number | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Records since the start. */
  readonly accepted: number;
  readonly rejected: number;
}

/** What only a person can cure is tried again so often, in milliseconds: the cure may come without a restart. */
const TRY_AGAIN = 5 * 60_000;

/** Runs the sources of a configuration, and knows how each of them is. */
export class SourceRunner {
  readonly #deps: RunnerDeps;
  readonly #running = new Map<string, Running>();

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
  }

  /** These instead of those that were paused. */
  startAll(sources: readonly NamedSource[]): void {
    this.#running.clear();
    for (const named of sources) this.#running.set(named.name, new Running(named, this.#deps));
  }

  /** They read nothing more; what is pushed to them is taken until others are in their place: who is refused may not come again. */
  async pause(): Promise<void> {
    await Promise.all([...this.#running.values()].map((one) => one.stop()));
  }

  /** Resolves when none of these runs any more. */
  async stop(): Promise<void> {
    const all = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(all.map((one) => one.stop()));
  }

  status(): readonly SourceStatus[] {
    return [...this.#running.values()].map((one) => one.status);
  }

  /** What a push source answers there; null: it does not. */
  answer(source: string, method: string, path: string, request: PushRequest): Promise<PushAnswer> | null {
    const running = this.#running.get(source);
    const route = running?.routeAt(method, path);
    return running === undefined || route === undefined ? null : route.answer(request, running.context);
  }

  /** Names of the push sources that answer there. */
  answering(method: string, path: string): readonly string[] {
    return [...this.#running.values()]
      .filter((one) => one.routeAt(method, path) !== undefined)
      .map(({ named }) => named.name);
  }
}

class Running {
  readonly named: NamedSource;
  readonly context: SourceContext;
  readonly #deps: RunnerDeps;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #health: SourceHealth = { state: 'starting' };
  #lastBatch: number | null = null;
  #accepted = 0;
  #rejected = 0;

  constructor(named: NamedSource, deps: RunnerDeps) {
    this.named = named;
    this.#deps = deps;
    this.context = this.#contextOf();
    this.#done = this.#run();
  }

  get status(): SourceStatus {
    const { name, type, labels } = this.named;
    const [lastBatch, accepted, rejected] = [this.#lastBatch, this.#accepted, this.#rejected];
    return { name, type, labels, lastBatch, accepted, rejected, ...this.#health };
  }

  routeAt(method: string, path: string): PushRoute | undefined {
    return this.named.source.routes?.find((one) => one.method === method && one.path === path);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { clock, log } = this.#deps;
    while (!signal.aborted) {
      try {
        await this.named.source.run(this.context, signal);
        if (signal.aborted) return;
        this.#health = { state: 'failed', why: 'it ended by itself' };
      } catch (error) {
        if (signal.aborted) return;
        const why = error instanceof UserError ? wordsOf(error) : String(error);
        this.#health = { state: 'failed', why };
        this.#deps.onTrouble(this.named.name, why);
        log.error({ source: this.named.name, error: why }, 'a source failed; trying again in 5 minutes');
      }
      await clock.sleep(TRY_AGAIN, signal);
    }
  }

  #contextOf(): SourceContext {
    const { clock, random, log, admit, positions } = this.#deps;
    const { name } = this.named;
    return {
      name,
      clock,
      random,
      log,
      admit,
      emit: (batch) => this.#emit(batch),
      positions: () => positions(name),
      health: (health) => {
        this.#health = health;
        if (health.why !== undefined) this.#deps.onTrouble(name, health.why);
      },
    };
  }

  async #emit(batch: Batch): Promise<Receipt> {
    const speaksFor = bothOf(batch.speaksFor, this.named.subscriptions);
    const receipt = await this.#deps.submit(this.named, { ...batch, speaksFor });
    this.#lastBatch = this.#deps.clock.now();
    this.#accepted += receipt.accepted;
    this.#rejected += receipt.rejected.length;
    this.#deps.onTaken(this.named.name, receipt);
    return receipt;
  }
}

/** Subscriptions that both allow; null: any. */
function bothOf(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  if (a === null || b === null) return a ?? b;
  return a.filter((one) => b.includes(one));
}

function wordsOf({ code, message, cure }: UserError): string {
  return cure === null ? `${code}: ${message}` : `${code}: ${message} (cure: ${cure})`;
}
