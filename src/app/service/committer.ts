import type { AlertNews } from '../../alerts/stored.ts';
import { type Clock, turn } from '../../lib/clock.ts';
import type { Batch, Receipt } from '../../sources/source.ts';
import type { Log } from '../../telemetry/log.ts';
import type { SourceInfo } from '../live/read.ts';

/** What judges batches; `Live` is one. `Read` is its own. */
export interface Judging<Read extends { readonly receipt: Receipt }> {
  /** Changes nothing that a failed commit would have to undo. Others have their turn meanwhile; one batch at a time. */
  read(source: SourceInfo, batch: Batch): Promise<Read>;
  /** What is committed together, in order. Whatever is cut off, giving the batches again makes it whole. */
  parts(reads: readonly Read[]): Iterable<readonly Read[]>;
  /** Inside a transaction. */
  commit(batches: readonly Read[]): readonly AlertNews[];
  /** After a failed transaction: what is in memory is what is stored. */
  restore(): void;
}

export interface CommitterDeps<Read extends { readonly receipt: Receipt }> {
  readonly judging: Judging<Read>;
  /** All of it is durable when it returns, or nothing happened and it throws. */
  readonly transaction: <T>(run: () => T) => T;
  /** Writes something of the size of a usual batch and takes it back: fails while there is no room. Inside a transaction. */
  readonly touch: () => void;
  /** Is it the store that failed, and not the batch? */
  readonly isStoreError: (error: unknown) => boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** Inside the transaction: what people are to be told goes to the outbox. @returns the news, with what keeps them back */
  readonly onNews: (news: readonly AlertNews[]) => readonly AlertNews[];
  readonly onCommitted: (told: Committed<Read>) => void;
  /** A batch that cannot be judged, whatever is done: it is put aside so that it blocks nothing. */
  readonly putAside: (source: SourceInfo, batch: Batch, error: unknown) => Receipt;
}

export interface Committed<Read> {
  readonly reads: readonly Read[];
  readonly news: readonly AlertNews[];
  /** Milliseconds from the first read to the end of COMMIT. */
  readonly took: number;
}

/**
 * A group is committed when it has so many batches or bytes, or when its first batch has waited so long. It is read in small steps and
 * committed in parts between which sockets have their turn, however much waits.
 */
const MOST_BATCHES = 100;
const MOST_BYTES = 4 << 20;
const LONGEST_WAIT = 20;
const BREATH = 5;

/** Bytes that may wait; beyond them pull sources wait and push sources are told to. */
const ROOM = 64 << 20;
const RETRY_SECONDS = 2;

/** How often a store that failed is tried again, in milliseconds. */
const PROBE = 1000;

interface Waiting {
  readonly source: SourceInfo;
  readonly batch: Batch;
  readonly bytes: number;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: Error) => void;
}

/** What senders get while nothing can be stored. */
export class Unavailable extends Error {}

/**
 * The one writer. Batches wait in a line; a group of them is read, judged and committed, and only then acknowledged.
 *
 * It is *working* until a transaction fails because of the store. Then it is *failing*: whoever waits or comes is refused, memory is read
 * again from the store, and a probe every second finds out when it works again. Stopping finishes what waits, and refuses the rest.
 */
export class Committer<Read extends { readonly receipt: Receipt }> {
  readonly #deps: CommitterDeps<Read>;
  #line: Waiting[] = [];
  #bytes = 0;
  #wake: (() => void) | null = null;
  #roomWaiters: (() => void)[] = [];
  #failure: string | null = null;
  #isStopped = false;

  constructor(deps: CommitterDeps<Read>) {
    this.#deps = deps;
  }

  /** Why nothing can be stored; null: it can. */
  get failure(): string | null {
    return this.#failure;
  }

  get waiting(): { readonly batches: number; readonly bytes: number } {
    return { batches: this.#line.length, bytes: this.#bytes };
  }

  /** Is there room for so many bytes? Null: yes; else seconds to wait. */
  admit(bytes: number): number | null {
    if (this.#failure !== null || this.#isStopped) return RETRY_SECONDS;
    return this.#bytes > 0 && this.#bytes + bytes > ROOM ? RETRY_SECONDS : null;
  }

  /** Waits for room, then until the batch is committed. @throws Unavailable nothing of it was kept */
  async submit(source: SourceInfo, batch: Batch): Promise<Receipt> {
    const bytes = batch.bytes.reduce((sum, piece) => sum + piece.length, 0);
    while (this.#failure === null && !this.#isStopped && this.#bytes > 0 && this.#bytes + bytes > ROOM)
      await new Promise<void>((resolve) => this.#roomWaiters.push(resolve));
    if (this.#isStopped) throw new Unavailable('the service is stopping');
    if (this.#failure !== null) throw new Unavailable(this.#failure);
    return new Promise((resolve, reject) => {
      this.#line.push({ source, batch, bytes, resolve, reject });
      this.#bytes += bytes;
      this.#wakeUp();
    });
  }

  /** Something else that is written: in a transaction of its own, with its news. @throws what `run` throws; nothing of it was kept then */
  write(run: () => readonly AlertNews[]): readonly AlertNews[] {
    const started = this.#deps.clock.now();
    try {
      const news = this.#transact(run);
      this.#deps.onCommitted({ reads: [], news, took: this.#deps.clock.now() - started });
      return news;
    } catch (error) {
      this.#undo(error);
      throw error;
    }
  }

  /** Until it is stopped and nothing waits any more. */
  async run(signal: AbortSignal): Promise<void> {
    const onAbort = () => {
      this.#isStopped = true;
      this.#wakeUp();
      this.#makeRoom();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    while (!this.#isStopped || this.#line.length > 0) {
      if (this.#failure !== null) await this.#probe(signal);
      else if (this.#line.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
      else {
        const isFull = this.#line.length >= MOST_BATCHES || this.#bytes >= MOST_BYTES;
        if (!this.#isStopped) await this.#deps.clock.sleep(isFull ? BREATH : LONGEST_WAIT, signal);
        await this.#commit(this.#take());
      }
    }
  }

  #take(): Waiting[] {
    let [count, bytes] = [0, 0];
    for (const { bytes: own } of this.#line) {
      if (count > 0 && (count === MOST_BATCHES || bytes + own > MOST_BYTES)) break;
      count += 1;
      bytes += own;
    }
    this.#bytes -= bytes;
    const group = this.#line.splice(0, count);
    this.#makeRoom();
    return group;
  }

  /** As few transactions as may be for all; if one of them is at fault, some for each, so that it harms no other. */
  async #commit(group: readonly Waiting[]): Promise<void> {
    const { judging, clock, onCommitted } = this.#deps;
    const started = clock.now();
    try {
      const reads: Read[] = [];
      for (const { source, batch } of group) reads.push(await judging.read(source, batch));
      for (const part of judging.parts(reads)) {
        const news = this.#transact(() => judging.commit(part));
        onCommitted({ reads: [], news, took: 0 });
        await turn();
      }
      onCommitted({ reads, news: [], took: clock.now() - started });
      for (const [at, { resolve }] of group.entries()) resolve(reads[at]!.receipt);
    } catch (error) {
      this.#undo(error);
      if (this.#failure !== null) for (const { reject } of group) reject(new Unavailable(this.#failure));
      else if (group.length > 1) for (const one of group) await this.#commitOrRefuse(one);
      else this.#putAside(group[0]!, error);
    }
  }

  /** The store may fail between the single transactions of a group. */
  async #commitOrRefuse(one: Waiting): Promise<void> {
    if (this.#failure !== null) one.reject(new Unavailable(this.#failure));
    else await this.#commit([one]);
  }

  #putAside({ source, batch, resolve, reject }: Waiting, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#deps.log.error({ source: source.name, batch: batch.name, error: message }, 'a batch could not be judged');
    try {
      resolve(this.#deps.putAside(source, batch, error));
    } catch (failure) {
      reject(new Unavailable(failure instanceof Error ? failure.message : String(failure)));
    }
  }

  #transact(run: () => readonly AlertNews[]): readonly AlertNews[] {
    return this.#deps.transaction(() => this.#deps.onNews(run()));
  }

  #undo(error: unknown): void {
    if (this.#deps.isStoreError(error)) this.#fail(error);
    try {
      this.#deps.judging.restore();
    } catch (failure) {
      this.#fail(failure);
    }
  }

  #fail(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    if (this.#failure === null)
      this.#deps.log.error({ error: why }, 'nothing can be stored; trying again every second');
    this.#failure = why;
    for (const { reject } of this.#line.splice(0)) reject(new Unavailable(why));
    this.#bytes = 0;
    this.#makeRoom();
  }

  async #probe(signal: AbortSignal): Promise<void> {
    await this.#deps.clock.sleep(PROBE, signal);
    if (signal.aborted && this.#line.length === 0) return;
    try {
      this.#deps.judging.restore();
      this.#deps.transaction(this.#deps.touch);
      this.#failure = null;
      this.#deps.log.info({}, 'the store can be written again');
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
    }
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = null;
  }

  #makeRoom(): void {
    for (const go of this.#roomWaiters.splice(0)) go();
  }
}
