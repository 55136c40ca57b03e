import type { LiveStore } from '../../store/live.ts';

/** Milliseconds since 1970. */
type Millis = number;

/** A partition of which nothing was heard for so long holds its source back no more: hubs lose partitions, blobs are written to their end. */
const FORGOTTEN: Millis = 24 * 3_600_000;
/** We tick every quarter of a minute. A longer pause, or a step back, and we do not know what we missed. */
const PAUSE: Millis = 120_000;
const STEP_BACK: Millis = 5000;

interface Partition {
  readonly position: string | null;
  readonly progress: Millis | null;
  readonly heard: Millis;
}

/** Up to when each source has given everything. */
export class Progress {
  readonly #store: LiveStore;
  readonly #sources = new Map<string, Map<string, Partition>>();
  /** Since when we listen without a pause: what is pushed while nobody listens is not silence. */
  #since: Millis;
  #beat: Millis;

  constructor(store: LiveStore, now: Millis) {
    this.#store = store;
    this.#since = now;
    this.#beat = now;
  }

  restore(): void {
    this.#sources.clear();
    for (const { source, partition, ...rest } of this.#store.partitions()) this.#of(source).set(partition, rest);
  }

  /** We are alive. */
  beat(now: Millis): void {
    if (now - this.#beat > PAUSE || now < this.#beat - STEP_BACK) this.#since = now;
    this.#beat = now;
  }

  get since(): Millis {
    return this.#since;
  }

  /** A batch came. */
  heard(source: string, partition: string, told: Pick<Partition, 'position' | 'progress'>, now: Millis): void {
    const before = this.#of(source).get(partition);
    const next = {
      position: told.position ?? before?.position ?? null,
      progress: told.progress ?? before?.progress ?? null,
      heard: now,
    };
    this.#of(source).set(partition, next);
    this.#store.setPartition({ source, partition, ...next });
  }

  positions(source: string): ReadonlyMap<string, string> {
    const known = [...(this.#sources.get(source) ?? [])];
    return new Map(known.flatMap(([partition, { position }]) => (position === null ? [] : [[partition, position]])));
  }

  /** Sources that say how far they are. */
  telling(now: Millis): { readonly source: string; readonly progress: Millis }[] {
    return [...this.#sources.keys()].flatMap((source) => {
      const progress = this.#told(source, now);
      return progress === null ? [] : [{ source, progress }];
    });
  }

  /** A source that does not say gives what comes at once: it is pushed to us. */
  isPushed(source: string, now: Millis): boolean {
    return this.#told(source, now) === null;
  }

  sources(): string[] {
    return [...this.#sources.keys()];
  }

  of(source: string, now: Millis): Millis {
    return Math.min(now, this.#told(source, now) ?? now);
  }

  /** Of the source that is furthest behind; without any, now. */
  least(now: Millis): Millis {
    return Math.min(now, ...[...this.#sources.keys()].map((source) => this.of(source, now)));
  }

  #told(source: string, now: Millis): Millis | null {
    const told = [...(this.#sources.get(source)?.values() ?? [])].filter(({ progress }) => progress !== null);
    const alive = told.filter(({ heard }) => heard > now - FORGOTTEN);
    const those = alive.length > 0 ? alive : told;
    return those.length === 0 ? null : Math.min(...those.map(({ progress }) => progress!));
  }

  #of(source: string): Map<string, Partition> {
    const known = this.#sources.get(source) ?? new Map<string, Partition>();
    this.#sources.set(source, known);
    return known;
  }
}
