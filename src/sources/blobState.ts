import { createHash } from 'node:crypto';
import { isObject, parseObject } from '../lib/json.ts';
import { startOfHour } from './blobNames.ts';
import type { Millis } from './source.ts';

/** How far a blob was given. */
export interface BlobSeen {
  readonly offset: number;
  readonly etag: string;
  readonly modified: Millis;
}

const HOUR = 3_600_000;
/** So long after its end an hour is remembered blob by blob. */
const OPEN_FOR = 6 * HOUR;
const KEY_CHARACTERS = 12;

/**
 * Where one container stands. Blobs of young hours are known one by one. Of all others only this is known: what was written up to
 * `through` has been given. So the position stays small, however old the container is; a blob that grows after it was folded away is
 * given again from its start, and the service drops what it has already.
 */
export class BlobState {
  /** Hours before this one are never looked at: where the first start began. */
  readonly from: Millis;
  #through: Millis | null;
  /** By hour, then by a print of the name. */
  readonly #open: Map<Millis, Map<string, BlobSeen>>;

  private constructor(from: Millis, through: Millis | null, open: Map<Millis, Map<string, BlobSeen>>) {
    this.from = from;
    this.#through = through;
    this.#open = open;
  }

  /** @param from where to begin if nothing is known yet */
  static read(text: string | undefined, from: Millis): BlobState {
    const value = text === undefined ? null : parseObject(text);
    if (value === null || value['v'] !== 1) return new BlobState(startOfHour(from), null, new Map());
    const open = new Map<Millis, Map<string, BlobSeen>>();
    for (const [hour, blobs] of Object.entries(isObject(value['open']) ? value['open'] : {})) {
      const seen = Object.entries(blobs as unknown as Readonly<Record<string, [number, string, number]>>);
      const ofHour = seen.map(([key, [offset, etag, modified]]): [string, BlobSeen] => [
        key,
        { offset, etag, modified: modified * 1000 },
      ]);
      open.set(Number(hour) * HOUR, new Map(ofHour));
    }
    return new BlobState(value['from'] as number, value['through'] as number | null, open);
  }

  /** Everything that was written up to here has been given; null: not even the first look is complete. */
  get through(): Millis | null {
    return this.#through;
  }

  /** Blobs that are known one by one. */
  get size(): number {
    return [...this.#open.values()].reduce((sum, blobs) => sum + blobs.size, 0);
  }

  get(hour: Millis, name: string): BlobSeen | null {
    return this.#open.get(hour)?.get(keyOf(name)) ?? null;
  }

  set(hour: Millis, name: string, seen: BlobSeen): void {
    const blobs = this.#open.get(hour) ?? new Map<string, BlobSeen>();
    blobs.set(keyOf(name), seen);
    this.#open.set(hour, blobs);
  }

  /** A whole look is complete: old hours are folded away. */
  complete(through: Millis): void {
    this.#through = Math.max(through, this.#through ?? through);
    for (const [hour, blobs] of this.#open) {
      if (hour + HOUR + OPEN_FOR > this.#through) continue;
      for (const [key, { modified }] of blobs) if (modified <= this.#through) blobs.delete(key);
      if (blobs.size === 0) this.#open.delete(hour);
    }
  }

  print(): string {
    const open = [...this.#open].map(([hour, blobs]) => {
      const seen = [...blobs].map(([key, { offset, etag, modified }]) => [key, [offset, etag, modified / 1000]]);
      return [hour / HOUR, Object.fromEntries(seen)];
    });
    return JSON.stringify({ v: 1, from: this.from, through: this.#through, open: Object.fromEntries(open) });
  }
}

function keyOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, KEY_CHARACTERS);
}

/** A blob as a list tells it. */
export interface ListedBlob {
  readonly name: string;
  readonly hour: Millis;
  readonly length: number;
  readonly etag: string;
  readonly modified: Millis;
  /** It only ever grows; others are written anew as a whole. */
  readonly isAppend: boolean;
}

/**
 * From which byte on a blob is to be read; null: there is nothing new. What is not known, and was written last before `through`, was
 * given and folded away.
 */
export function startOf(blob: ListedBlob, state: BlobState): number | null {
  const known = state.get(blob.hour, blob.name);
  if (known === null) return state.through !== null && blob.modified <= state.through ? null : 0;
  if (known.etag === blob.etag) return known.offset < blob.length ? known.offset : null;
  return blob.isAppend && blob.length >= known.offset ? known.offset : 0;
}
