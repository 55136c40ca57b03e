import type { Consumer, Message, MessagesStream } from '@platformatic/kafka';
import { backoff, closed, giveUntilKept, orAborted } from './again.ts';
import { type KafkaOptions, kafkaConsumer } from './kafkaClient.ts';
import { kafkaProblem } from './kafkaErrors.ts';
import type { Millis, SourceContext } from './source.ts';

/** Bytes and messages that are committed together. */
const BATCH = 4 << 20;
const MESSAGES = 2000;
/** How often the ends of partitions are asked for, and how far clocks may be apart. */
const LOOK_EVERY = 15_000;
const SKEW = 30_000;
const NEWLINE = new Uint8Array([0x0a]);

/** A value may be missing: a deletion in a compacted topic. */
type KafkaMessage = Omit<Message<Buffer, Buffer, Buffer, Buffer>, 'value'> & { readonly value: Buffer | undefined };
type KafkaStream = MessagesStream<Buffer, Buffer, Buffer, Buffer>;

/** A partition of a topic, in this run. */
interface PartitionState {
  readonly topic: string;
  readonly partition: number;
  /** The offset to go on with. Null: none was given yet. */
  next: bigint | null;
  epoch: number;
  progress: Millis | null;
  /** What was not given yet when it was last looked at. */
  behind: { readonly asked: Millis; readonly end: bigint } | null;
}

/**
 * One run of a `kafka` source: a member of a consumer group, for as long as nothing breaks; then another. The group's offsets are committed
 * after ours, and are what others see; ours are where we go on. For a partition that we have no position of, the group's is taken.
 */
export class KafkaReader {
  readonly #options: KafkaOptions;
  readonly #context: SourceContext;
  readonly #signal: AbortSignal;
  readonly #partitions = new Map<string, PartitionState>();
  #attempts = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #isTold = false;

  constructor(options: KafkaOptions, context: SourceContext, signal: AbortSignal) {
    this.#options = options;
    this.#context = context;
    this.#signal = signal;
  }

  /** @throws UserError CW-7101, CW-7102, and those of a file with certificates */
  async run(): Promise<void> {
    if (this.#signal.aborted) return;
    this.#context.health({ state: 'starting' });
    while (!this.#signal.aborted) {
      try {
        await this.#member();
      } catch (error) {
        await this.#trouble(error);
      }
    }
  }

  async #trouble(error: unknown): Promise<void> {
    if (this.#signal.aborted) return;
    const problem = kafkaProblem(error, this.#options);
    if (problem.kind === 'permanent') throw problem.error;
    if (this.#attempts === 0) this.#context.log.warn({}, problem.why);
    this.#context.health({ state: 'retrying', why: problem.why });
    this.#isTold = false;
    await this.#context.clock.sleep(backoff(++this.#attempts, this.#context.random), this.#signal);
  }

  /**
   * Reads as one member of the group. It stays one while only reading fails: a member that is gone without a word holds up the group until
   * its session times out.
   */
  async #member(): Promise<void> {
    const consumer = await kafkaConsumer(this.#options);
    const { promise: broken, reject } = Promise.withResolvers<never>();
    broken.catch(() => {});
    consumer.on('error', reject);
    try {
      while (!this.#signal.aborted) {
        try {
          await Promise.race([this.#assigned(consumer), broken]);
        } catch (error) {
          if (!consumer.isActive()) throw error;
          await this.#trouble(error);
        }
      }
    } finally {
      await closed(consumer.close(true));
    }
  }

  /** Reads what is assigned, until partitions are assigned that were not. */
  async #assigned(consumer: Consumer): Promise<void> {
    const stream = await orAborted(this.#open(consumer), this.#signal);
    if (stream === null) return;
    const had = assignedTo(consumer);
    const gained = new AbortController();
    const joined = () => {
      if ([...assignedTo(consumer)].some((one) => !had.has(one))) gained.abort();
    };
    consumer.on('consumer:group:join', joined);
    try {
      await this.#drain(consumer, stream, AbortSignal.any([this.#signal, gained.signal]));
    } finally {
      consumer.off('consumer:group:join', joined);
      await closed(stream.close());
    }
  }

  /** Where each partition goes on: our position, else the group's, else where the configuration says. */
  async #open(consumer: Consumer): Promise<KafkaStream> {
    const { topics, start } = this.#options;
    const { MessagesStreamModes, MessagesStreamFallbackModes } = await import('@platformatic/kafka');
    const metadata = await consumer.metadata({ topics: [...topics], forceUpdate: true });
    const all = topics.map((topic) => ({
      topic,
      partitions: Array.from({ length: metadata.topics.get(topic)!.partitionsCount }, (_, at) => at),
    }));
    const [ofGroup, ends] = [
      await consumer.listCommittedOffsets({ topics: all }),
      start === 'latest' ? await consumer.listOffsets({ topics: [...topics] }) : new Map<string, bigint[]>(),
    ];
    const ours = this.#context.positions();
    this.#partitions.clear();
    const offsets = all.flatMap(({ topic, partitions }) =>
      partitions.flatMap((partition) => {
        const key = keyOf(topic, partition);
        const committed = ofGroup.get(topic)?.[partition] ?? -1n;
        const own = ours.get(key);
        const offset =
          own !== undefined ? BigInt(own) : committed >= 0n ? committed : (ends.get(topic)?.[partition] ?? null);
        this.#partitions.set(key, begun(topic, partition, offset));
        return offset === null ? [] : [{ topic, partition, offset }];
      }),
    );
    return consumer.consume({
      topics: [...topics],
      mode: MessagesStreamModes.MANUAL,
      fallbackMode: MessagesStreamFallbackModes.EARLIEST,
      offsets,
      autocommit: false,
    });
  }

  /** Gives what comes, all of one answer together, one batch a partition; the next is only taken when they are committed. */
  async #drain(consumer: Consumer, stream: KafkaStream, signal: AbortSignal): Promise<void> {
    this.#good();
    const messages = stream[Symbol.asyncIterator]() as AsyncIterator<KafkaMessage>;
    let coming = messages.next();
    coming.catch(() => {});
    while (!signal.aborted) {
      await orAborted(this.#look(consumer), signal);
      const timer = new AbortController();
      const quiet = this.#context.clock
        .sleep(LOOK_EVERY, AbortSignal.any([timer.signal, signal]))
        .then(() => 'quiet' as const);
      const first = await Promise.race([coming, quiet]);
      timer.abort();
      if (first === 'quiet') {
        this.#attempts = 0;
        await this.#tellProgress();
        continue;
      }
      if (first.done === true) return;
      const taken = [first.value];
      for (
        let size = first.value.value?.length ?? 0;
        stream.readableLength > 0 && size < BATCH && taken.length < MESSAGES;
      ) {
        const more = await messages.next();
        if (more.done === true) break;
        taken.push(more.value);
        size += more.value.value?.length ?? 0;
      }
      if (!(await this.#give(consumer, taken))) return;
      this.#attempts = 0;
      coming = messages.next();
      coming.catch(() => {});
    }
  }

  async #give(consumer: Consumer, taken: readonly KafkaMessage[]): Promise<boolean> {
    const groups = [...Map.groupBy(taken, ({ topic, partition }) => keyOf(topic, partition))];
    const kept = await Promise.all(groups.map(([key, messages]) => this.#givePartition(key, messages)));
    if (!kept.every(Boolean)) return false;
    const offsets = groups.map(([key]) => {
      const { topic, partition, next, epoch } = this.#partitions.get(key)!;
      return { topic, partition, offset: next!, leaderEpoch: epoch };
    });
    // Only others look at these: where we go on is in our own store.
    const failed = await orAborted(
      consumer.commit({ offsets }).then(
        () => null,
        (error: unknown) => error,
      ),
      this.#signal,
    );
    if (failed !== null) this.#context.log.warn({}, kafkaProblemText(failed, this.#options));
    return true;
  }

  async #givePartition(key: string, messages: readonly KafkaMessage[]): Promise<boolean> {
    const { topic, partition } = messages[0]!;
    const state = this.#partitions.get(key) ?? begun(topic, partition, null);
    this.#partitions.set(key, state);
    const fresh = messages.filter(({ offset }) => state.next === null || offset >= state.next);
    const last = fresh.at(-1);
    if (last === undefined) return true;
    const bytes = fresh.flatMap(({ value }) => (value === undefined || value.length === 0 ? [] : [value, NEWLINE]));
    const next = last.offset + 1n;
    const isKept = await this.#emit(
      key,
      state,
      bytes,
      next,
      `${state.topic}, partition ${state.partition}, offset ${fresh[0]!.offset}`,
    );
    if (isKept) {
      state.next = next;
      state.epoch = last.leaderEpoch ?? -1;
    }
    return isKept;
  }

  #emit(
    key: string,
    state: PartitionState,
    bytes: readonly Uint8Array[],
    next: bigint,
    name: string,
  ): Promise<boolean> {
    if (state.behind !== null && next >= state.behind.end) {
      state.progress = Math.max(state.progress ?? 0, state.behind.asked - SKEW);
      state.behind = null;
    }
    const { progress } = state;
    return giveUntilKept(
      this.#context,
      { bytes, name, partition: key, position: String(next), arrived: null, progress, speaksFor: null },
      this.#signal,
    );
  }

  /** Asks where partitions end: when all before that is given, everything up to the time of asking was. */
  async #look(consumer: Consumer): Promise<void> {
    const asked = this.#context.clock.now();
    if (asked - this.#lookedAt < LOOK_EVERY) return;
    this.#lookedAt = asked;
    const ends = await consumer.listOffsets({ topics: [...this.#options.topics] });
    for (const key of assignedTo(consumer)) {
      const state = this.#partitions.get(key);
      const end = state && ends.get(state.topic)?.[state.partition];
      if (state !== undefined && end !== undefined) state.behind = { asked, end };
    }
    const lag = [...this.#partitions.values()].every(
      ({ next, behind }) => behind === null || (next ?? 0n) >= behind.end,
    );
    if (lag) this.#context.health({ state: 'running', lag: 0 });
  }

  async #tellProgress(): Promise<void> {
    for (const [key, state] of this.#partitions) {
      if (state.behind === null || (state.next ?? 0n) < state.behind.end) continue;
      const next = state.next ?? state.behind.end;
      if (await this.#emit(key, state, [], next, `the end of ${state.topic}, partition ${state.partition}`))
        state.next = next;
    }
  }

  #good(): void {
    if (this.#isTold || this.#signal.aborted) return;
    this.#isTold = true;
    this.#context.health({ state: 'running' });
  }
}

function kafkaProblemText(error: unknown, options: KafkaOptions): string {
  const problem = kafkaProblem(error, options);
  return problem.kind === 'passing' ? problem.why : problem.error.message;
}

function begun(topic: string, partition: number, next: bigint | null): PartitionState {
  return { topic, partition, next, epoch: -1, progress: null, behind: null };
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

function assignedTo({ assignments }: Consumer): ReadonlySet<string> {
  return new Set((assignments ?? []).flatMap(({ topic, partitions }) => partitions.map((one) => keyOf(topic, one))));
}
