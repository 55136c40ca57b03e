import type { EventHubConsumerClient, PartitionContext, ReceivedEventData, SubscribeOptions } from '@azure/event-hubs';
import type { UserError } from '../lib/errors.ts';
import { backoff, closed, giveUntilKept, orAborted, PROGRESS_EVERY } from './again.ts';
import { BEFORE_ALL, type HubPiece, type HubPosition, piecesOf, printPosition, readPosition } from './hubBatch.ts';
import { type HubOptions, hubClient, type SharedCheckpoints, sharedCheckpoints } from './hubClient.ts';
import { hubProblem } from './hubErrors.ts';
import { HubPositions } from './hubPositions.ts';
import type { Millis, SourceContext } from './source.ts';

/** Events of a batch; as many may be on their way besides. */
const EVENTS = 64;
/** What is on its way is lost with the receiver, and sent again: one that is far behind may be owed so many times more. */
const OWED_BEHIND = 8;
/** Bytes of an event, before any was seen. */
const USUAL_EVENT = 32 << 10;

/** Clocks of the cloud may be so far from ours. */
const SKEW = 30_000;
const LAG_EVERY = 10_000;
const LOOK_FOR_PARTITIONS = 300_000;

/** Leaves a partition so that it is taken up again, from what is committed. */
class Reopen extends Error {}

interface PartitionState {
  given: HubPosition;
  progress: Millis | null;
  progressAsked: Millis;
  /** Events that the client was promised and that were not given yet, at most. */
  owed: number;
  eventSize: number;
  attempts: number;
  lag: number | null;
}

/**
 * One run of an `event_hubs` source. Each partition has a receiver of its own, which gives one batch after another: the next is only asked
 * for when the last is committed, so that a position is never ahead of what is kept. Receivers share a connection; what cuts it cuts all,
 * and each comes back for itself.
 */
export class HubReader {
  readonly #options: HubOptions;
  readonly #context: SourceContext;
  readonly #signal: AbortSignal;
  readonly #partitions = new Map<string, PartitionState>();
  /** Partitions that are not read; the empty id is what concerns all. */
  readonly #bad = new Set<string>();
  readonly #failed = new AbortController();
  readonly #over: AbortSignal;
  #failure: UserError | null = null;
  #client: EventHubConsumerClient | null = null;
  #isTold = false;
  #lagTold = Number.NEGATIVE_INFINITY;

  constructor(options: HubOptions, context: SourceContext, signal: AbortSignal) {
    this.#options = options;
    this.#context = context;
    this.#signal = signal;
    this.#over = AbortSignal.any([signal, this.#failed.signal]);
  }

  /** @throws UserError CW-7101, CW-7102 */
  async run(): Promise<void> {
    if (this.#signal.aborted) return;
    this.#context.health({ state: 'starting' });
    try {
      await this.#read();
    } finally {
      if (this.#client !== null) await closed(this.#client.close());
    }
    if (this.#failure !== null) throw this.#failure;
  }

  async #read(): Promise<void> {
    const shared = await sharedCheckpoints(this.#options);
    const store = new HubPositions(() => this.#context.positions(), shared?.store ?? null);
    this.#client = await hubClient(this.#options, store);
    const ids = await this.#prepared(shared);
    if (ids === null) return;
    this.#good('');
    if (shared !== null) this.#client.subscribe(this.#handlers, this.#subscribeOptions());
    else for (const id of ids) this.#subscribe(id);
    while (!this.#over.aborted) {
      await this.#context.clock.sleep(LOOK_FOR_PARTITIONS, this.#over);
      if (shared === null) await this.#subscribeNew();
    }
  }

  /** The partitions, each of which has a place to begin; null: stopped, or it failed for good. */
  async #prepared(shared: SharedCheckpoints | null): Promise<readonly string[] | null> {
    for (let attempt = 1; !this.#over.aborted; attempt++) {
      try {
        if (shared !== null) await orAborted(shared.check(), this.#over);
        const ids = await orAborted(this.#client!.getPartitionIds({ abortSignal: this.#over }), this.#over);
        for (const id of ids ?? []) await this.#begin(id);
        return this.#over.aborted ? null : ids;
      } catch (error) {
        await this.#trouble('', error, attempt);
      }
    }
    return null;
  }

  /** Writes down where a partition begins that was never read, and begins anew with a hub that is not the one that was read before. */
  async #begin(id: string): Promise<void> {
    const { start } = this.#options;
    const known = this.#context.positions().get(id);
    if (known === undefined && start === 'earliest') return;
    const there = await this.#client!.getPartitionProperties(id, { abortSignal: this.#over });
    const end = { offset: there.lastEnqueuedOffset, sequence: there.lastEnqueuedSequenceNumber };
    if (known === undefined) {
      const isOld = start === 'latest' || there.lastEnqueuedOnUtc.getTime() < this.#startTime(start);
      if (isOld) await this.#give(id, [], end, null, `the end of partition ${id} of ${this.#options.hub}`);
    } else if (readPosition(known).sequence > end.sequence) await this.#beginAnew(id);
  }

  /** The hub holds less than was given of it: it is another of the same name. */
  async #beginAnew(id: string): Promise<void> {
    const { hub } = this.#options;
    this.#context.log.warn({ hub, partition: id }, 'the event hub was made anew: it is read from its beginning');
    this.#partitions.delete(id);
    await this.#give(id, [], BEFORE_ALL, null, `the beginning of partition ${id} of ${hub}`);
  }

  #startTime(start: HubOptions['start']): Millis {
    return typeof start === 'object' ? this.#context.clock.now() - start.last : 0;
  }

  #subscribe(id: string): void {
    this.#client!.subscribe(id, this.#handlers, this.#subscribeOptions());
    this.#state(id);
  }

  async #subscribeNew(): Promise<void> {
    const ids = await this.#client!.getPartitionIds({ abortSignal: this.#over }).catch(() => []);
    for (const id of ids) if (!this.#over.aborted && !this.#partitions.has(id)) this.#subscribe(id);
  }

  #subscribeOptions(): SubscribeOptions {
    const { start, idle } = this.#options;
    return {
      maxBatchSize: EVENTS,
      prefetchCount: EVENTS,
      maxWaitTimeInSeconds: idle / 1000,
      skipParsingBodyAsJson: true,
      trackLastEnqueuedEventProperties: true,
      startPosition: typeof start === 'object' ? { enqueuedOn: this.#startTime(start) } : { offset: BEFORE_ALL.offset },
    };
  }

  readonly #handlers = {
    processEvents: (events: ReceivedEventData[], context: PartitionContext) => this.#events(events, context),
    processError: async (error: unknown, { partitionId }: PartitionContext): Promise<void> => {
      if (error instanceof Reopen || this.#over.aborted) return;
      const state = this.#state(partitionId);
      await this.#trouble(partitionId, error, ++state.attempts);
    },
    processInitialize: async ({ partitionId }: PartitionContext): Promise<void> => {
      this.#state(partitionId).owed = EVENTS;
    },
  };

  #state(id: string): PartitionState {
    const known = this.#partitions.get(id);
    if (known !== undefined) return known;
    const position = this.#context.positions().get(id);
    const state: PartitionState = {
      given: position === undefined ? BEFORE_ALL : readPosition(position),
      progress: null,
      progressAsked: Number.NEGATIVE_INFINITY,
      owed: EVENTS,
      eventSize: USUAL_EVENT,
      attempts: 0,
      lag: null,
    };
    this.#partitions.set(id, state);
    return state;
  }

  async #events(events: readonly ReceivedEventData[], context: PartitionContext): Promise<void> {
    const id = context.partitionId;
    const state = this.#state(id);
    state.attempts = 0;
    this.#good(id);
    const fresh = events.filter(({ sequenceNumber }) => sequenceNumber > state.given.sequence);
    for (const piece of piecesOf(fresh)) if (!(await this.#givePiece(id, state, piece))) return;
    if (this.#options.checkpoints !== null && fresh.length > 0) await context.updateCheckpoint(fresh.at(-1)!);
    this.#tellLag(state, context);
    if (events.length === 0) await this.#quiet(id, state);
    state.owed += EVENTS - events.length;
    const end = context.lastEnqueuedEventProperties?.sequenceNumber ?? state.given.sequence;
    const isCheap = end - state.given.sequence < EVENTS;
    const owedBytes = state.owed > EVENTS * 2 ? state.owed * state.eventSize : 0;
    if (owedBytes > this.#options.owed * (isCheap ? 1 : OWED_BEHIND)) throw new Reopen();
  }

  async #givePiece(id: string, state: PartitionState, { bytes, size, first, last }: HubPiece): Promise<boolean> {
    const events = last.sequenceNumber - first.sequenceNumber + 1;
    state.eventSize = Math.max(size / events, state.eventSize * 0.9);
    state.progress = Math.max(state.progress ?? 0, last.enqueuedTimeUtc.getTime() - 1);
    const name = `${this.#options.hub}, partition ${id}, event ${first.sequenceNumber}`;
    const position = { offset: last.offset, sequence: last.sequenceNumber };
    return this.#give(id, bytes, position, first.enqueuedTimeUtc.getTime(), name);
  }

  async #give(
    id: string,
    bytes: readonly Uint8Array[],
    position: HubPosition,
    arrived: Millis | null,
    name: string,
  ): Promise<boolean> {
    const state = this.#state(id);
    const { progress } = state;
    const batch = { bytes, name, partition: id, position: printPosition(position), arrived, progress, speaksFor: null };
    const isKept = await giveUntilKept(this.#context, batch, this.#over);
    if (isKept) state.given = position;
    return isKept;
  }

  /** A partition from which nothing came for a while: if nothing is in it either, all up to now was given. */
  async #quiet(id: string, state: PartitionState): Promise<void> {
    const asked = this.#context.clock.now();
    if (asked - state.progressAsked < PROGRESS_EVERY) return;
    state.progressAsked = asked;
    const there = await this.#client!.getPartitionProperties(id, { abortSignal: this.#over });
    if (there.lastEnqueuedSequenceNumber < state.given.sequence) {
      await this.#beginAnew(id);
      throw new Reopen();
    }
    if (there.lastEnqueuedSequenceNumber > state.given.sequence || asked - SKEW <= (state.progress ?? 0)) return;
    state.progress = asked - SKEW;
    await this.#give(id, [], state.given, null, `the end of partition ${id} of ${this.#options.hub}`);
  }

  /** Tells what went wrong, and waits before the next attempt. */
  async #trouble(id: string, error: unknown, attempt: number): Promise<void> {
    if (this.#over.aborted) return;
    const problem = hubProblem(error, this.#options, this.#secrets());
    if (problem.kind === 'permanent') {
      this.#failure ??= problem.error;
      this.#failed.abort();
      return;
    }
    if (!this.#bad.has(id)) this.#context.log.warn({ partition: id }, problem.why);
    this.#bad.add(id);
    this.#isTold = false;
    this.#context.health({ state: 'retrying', why: problem.why });
    await this.#context.clock.sleep(backoff(attempt, this.#context.random), this.#over);
  }

  #good(id: string): void {
    this.#bad.delete(id);
    if (this.#bad.size > 0 || this.#isTold || this.#over.aborted) return;
    this.#isTold = true;
    this.#context.health({ state: 'running' });
  }

  #tellLag(state: PartitionState, { lastEnqueuedEventProperties: end }: PartitionContext): void {
    if (end?.enqueuedOn === undefined || end.sequenceNumber === undefined) return;
    const isThere = end.sequenceNumber <= state.given.sequence;
    state.lag = isThere
      ? 0
      : Math.max(0, end.enqueuedOn.getTime() - (state.progress ?? end.enqueuedOn.getTime())) / 1000;
    const now = this.#context.clock.now();
    if (now - this.#lagTold < LAG_EVERY || this.#bad.size > 0) return;
    this.#lagTold = now;
    const lags = [...this.#partitions.values()].flatMap(({ lag }) => (lag === null ? [] : [lag]));
    this.#context.health({ state: 'running', lag: Math.max(...lags) });
  }

  #secrets(): readonly string[] {
    const { access, checkpoints } = this.#options;
    const texts = [
      ...('connectionString' in access ? [access.connectionString.reveal()] : []),
      ...(checkpoints !== null && 'name' in checkpoints ? [checkpoints.connection_string.reveal()] : []),
    ];
    return texts.flatMap((text) => [
      text,
      ...[...text.matchAll(/(?:Key|Signature)=([^;]+)/gi)].map(([, value]) => value!),
    ]);
  }
}
