import type { Clock } from '../../lib/clock.ts';
import { UserError } from '../../lib/errors.ts';
import type {
  Batch,
  PushAnswer,
  PushRequest,
  Receipt,
  Source,
  SourceContext,
  SourceHealth,
} from '../../sources/source.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Giver } from './committer.ts';

/** A source of the configuration. */
export interface NamedSource extends Giver {
  readonly type: string;
  readonly source: Source;
  /** Subscriptions that it may speak for, lower case; null: any. */
  readonly subscriptions: readonly string[] | null;
}

export interface RunnerDeps {
  readonly submit: (source: Giver, batch: Batch) => Promise<Receipt>;
  readonly admit: (bytes: number) => number | null;
  /** Partition to position, as committed. */
  readonly positions: (source: string) => ReadonlyMap<string, string>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

export interface SourceStatus extends SourceHealth {
  readonly name: string;
  readonly type: string;
  /** When it last gave a batch, and when its state began; milliseconds since 1970. */
  readonly lastBatch: number | null;
  readonly since: number;
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

  start(named: NamedSource): void {
    this.#running.set(named.name, new Running(named, this.#deps));
  }

  /** These instead of those that were paused. */
  startAll(sources: readonly NamedSource[]): void {
    this.#running.clear();
    for (const named of sources) this.start(named);
  }

  /** They read nothing more; what is pushed to them is taken until others are in their place: who is refused may not come again. */
  async pause(): Promise<void> {
    await Promise.all([...this.#running.values()].map((one) => one.stop()));
  }

  /** Resolves when none of these runs any more. */
  async stop(names: readonly string[] = [...this.#running.keys()]): Promise<void> {
    const stopped = names.map((name) => this.#running.get(name)?.stop());
    for (const name of names) this.#running.delete(name);
    await Promise.all(stopped);
  }

  status(): readonly SourceStatus[] {
    return [...this.#running.values()].map((one) => one.status);
  }

  /** The push source that answers this path for a sender; null: none does. @param name of the one the sender's token belongs to */
  answer(method: string, path: string, name: string | null, request: PushRequest): Promise<PushAnswer> | null {
    for (const running of this.#running.values()) {
      if (name !== null && running.named.name !== name) continue;
      const route = running.named.source.routes?.find((one) => one.method === method && one.path === path);
      if (route !== undefined) return route.answer(request, running.context);
    }
    return null;
  }

  /** Every path that some push source answers. */
  paths(): readonly { readonly method: string; readonly path: string; readonly source: string }[] {
    return [...this.#running.values()].flatMap(({ named }) =>
      (named.source.routes ?? []).map(({ method, path }) => ({ method, path, source: named.name })),
    );
  }
}

class Running {
  readonly named: NamedSource;
  readonly context: SourceContext;
  readonly #deps: RunnerDeps;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #status: SourceStatus;

  constructor(named: NamedSource, deps: RunnerDeps) {
    this.named = named;
    this.#deps = deps;
    const now = deps.clock.now();
    const { name, type, labels } = named;
    this.#status = { name, type, labels, state: 'starting', lastBatch: null, since: now, accepted: 0, rejected: 0 };
    this.context = this.#contextOf();
    this.#done = this.#run();
  }

  get status(): SourceStatus {
    return this.#status;
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
        this.#health({ state: 'failed', why: 'it ended by itself' });
      } catch (error) {
        if (signal.aborted) return;
        const why = error instanceof UserError ? wordsOf(error) : String(error);
        this.#health({ state: 'failed', why });
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
      health: (health) => this.#health(health),
    };
  }

  async #emit(batch: Batch): Promise<Receipt> {
    const speaksFor = bothOf(batch.speaksFor, this.named.subscriptions);
    const receipt = await this.#deps.submit(this.named, { ...batch, speaksFor });
    const now = this.#deps.clock.now();
    const { accepted, rejected } = this.#status;
    this.#status = {
      ...this.#status,
      lastBatch: now,
      accepted: accepted + receipt.accepted,
      rejected: rejected + receipt.rejected.length,
    };
    return receipt;
  }

  #health(health: SourceHealth): void {
    const isNew = health.state !== this.#status.state;
    const { name, type, labels, lastBatch, accepted, rejected } = this.#status;
    const since = isNew ? this.#deps.clock.now() : this.#status.since;
    this.#status = { name, type, labels, lastBatch, accepted, rejected, since, ...health };
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
