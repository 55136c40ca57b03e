import { visibleCharacters } from '../lib/visible.ts';
import { giveUntilKept, PROGRESS_EVERY } from './again.ts';
import type { BlobAccount } from './blobClient.ts';
import { dayPrefixes, startOfHour } from './blobNames.ts';
import { type BlobState, type ListedBlob, startOf } from './blobState.ts';
import type { Millis, SourceContext } from './source.ts';
import { isWhole, lastBoundary, lengthOfAny } from './tailCut.ts';

/** Bytes of a batch, and of one reading. */
const BATCH = 1 << 20;
const READ = 2 << 20;
const HOUR = 3_600_000;
/** A blob that was not written for so long will not complete its last record. */
const QUIET = HOUR;
/** Times of blobs are whole seconds of the service's clock; what is as young as this may not have been listed. */
const MARGIN = 2000;
const NEWLINE = Buffer.from('\n');

export interface ContainerOptions {
  readonly account: BlobAccount;
  readonly container: string;
  readonly state: BlobState;
  /** Milliseconds before now, or before the last whole look, in which an old hour may still grow. */
  readonly late: number;
}

/** One container of one account, as one partition: what is listed, read and given, one batch after another. */
export class ContainerReader {
  readonly #options: ContainerOptions;
  readonly #context: SourceContext;
  readonly #signal: AbortSignal;
  readonly partition: string;
  #resources: readonly string[] = [];
  /** Blobs whose end is half a record, by name, as they were when that was seen. */
  readonly #cut = new Map<string, string>();
  #pieces: Buffer[] = [];
  #bytes = 0;
  #name = '';
  #told: Millis = Number.NEGATIVE_INFINITY;
  #arrived: Millis = Number.POSITIVE_INFINITY;

  constructor(options: ContainerOptions, context: SourceContext, signal: AbortSignal) {
    this.#options = options;
    this.#context = context;
    this.#signal = signal;
    this.partition = partitionOf(options.account.name, options.container);
  }

  /** All resources, and every day in which something may still change; then all of that has been given. */
  async whole(): Promise<void> {
    const { account, container, state, late } = this.#options;
    const found = await account.resources(container, this.#signal);
    if (found === null) return;
    this.#resources = found.items;
    const now = found.date ?? this.#context.clock.now();
    const from = state.through === null ? state.from : Math.max(state.from, Math.min(now, state.through) - late);
    await this.#look(startOfHour(from), now);
    if (this.#signal.aborted) return;
    state.complete(now - MARGIN);
    if (this.#bytes > 0 || state.through! - this.#told >= PROGRESS_EVERY) await this.#give();
  }

  /** Only the hours that are being written, of resources that are known. */
  async quick(): Promise<void> {
    const now = this.#context.clock.now();
    await this.#look(Math.max(this.#options.state.from, startOfHour(now - HOUR)), now);
    if (this.#bytes > 0) await this.#give();
  }

  async #look(from: Millis, to: Millis): Promise<void> {
    const { account, container } = this.#options;
    for (const resource of this.#resources)
      for (const prefix of dayPrefixes(resource, from, to))
        for (const blob of await account.blobs(container, prefix, this.#signal)) {
          if (this.#signal.aborted) return;
          if (blob.hour >= from) await this.#read(blob, to);
        }
  }

  async #read(blob: ListedBlob, now: Millis): Promise<void> {
    const { account, container, state } = this.#options;
    const isQuiet = now - blob.modified >= QUIET;
    let offset = startOf(blob, state);
    if (offset === null || (!isQuiet && this.#cut.get(blob.name) === blob.etag)) return;
    for (let count = READ; offset < blob.length && !this.#signal.aborted; ) {
      const bytes = await account.read(container, blob, { offset, count }, this.#signal);
      if (bytes === null) return;
      const isEnd = bytes.length === 0 || offset + bytes.length >= blob.length;
      const cut = lastBoundary(bytes) || (isEnd ? endOf(bytes, isQuiet) : lengthOfAny(bytes));
      if (cut === 0 && isEnd) break;
      count = cut === 0 ? count * 4 : READ;
      if (cut === 0) continue;
      if (!(await this.#take(blob, bytes.subarray(0, cut), offset))) return;
      offset += cut;
    }
    if (offset < blob.length) this.#cut.set(blob.name, blob.etag);
    else this.#cut.delete(blob.name);
  }

  /** False: stopped before it was kept. */
  async #take(blob: ListedBlob, bytes: Buffer, offset: number): Promise<boolean> {
    const { state, account, container } = this.#options;
    if (this.#pieces.length === 0) this.#name = `${account.name}, ${container}, ${blob.name} at byte ${offset}`;
    this.#pieces.push(bytes);
    if (bytes.at(-1) !== NEWLINE[0]) this.#pieces.push(NEWLINE);
    this.#bytes += bytes.length;
    this.#arrived = Math.min(this.#arrived, blob.modified);
    state.set(blob.hour, blob.name, { offset: offset + bytes.length, etag: blob.etag, modified: blob.modified });
    return this.#bytes < BATCH || this.#give();
  }

  async #give(): Promise<boolean> {
    const { state, account, container } = this.#options;
    const hasBytes = this.#bytes > 0;
    const batch = {
      bytes: this.#pieces,
      name: visibleCharacters(hasBytes ? this.#name : `the end of ${account.name}, ${container}`),
      partition: this.partition,
      position: state.print(),
      arrived: hasBytes ? this.#arrived : null,
      progress: state.through,
      speaksFor: null,
    };
    this.#pieces = [];
    this.#bytes = 0;
    this.#arrived = Number.POSITIVE_INFINITY;
    this.#told = state.through ?? this.#told;
    return giveUntilKept(this.#context, batch, this.#signal);
  }
}

export function partitionOf(account: string, container: string): string {
  return `${account}/${container}`;
}

/** How much may be given of the end of a blob in which no record certainly ends. */
function endOf(bytes: Buffer, isQuiet: boolean): number {
  return isQuiet || isWhole(bytes) ? bytes.length : 0;
}
