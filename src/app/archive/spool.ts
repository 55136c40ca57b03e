import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Batch } from '../../sources/source.ts';

/** Milliseconds since 1970. */
type Millis = number;

/** A batch that waits to be archived: a line of JSON that says so, then its bytes. */
export interface Frame {
  readonly arrived: Millis;
  readonly speaksFor: readonly string[] | null;
  readonly bytes: Uint8Array;
}

export interface SpoolOptions {
  /** Bytes that may wait. */
  readonly most: number;
  /** Bytes and milliseconds after which a chunk is whole. */
  readonly chunk: number;
  readonly age: Millis;
}

interface Open {
  readonly number: number;
  readonly file: number;
  readonly since: Millis;
  bytes: number;
}

/**
 * What waits to be archived, as files of a folder: batches as they came, for this user only. One chunk is *open* and grows; those that are
 * *whole* are archived in their order and then removed. What a kill left open is whole with the next start, without what was cut off.
 */
export class Spool {
  readonly #folder: string;
  readonly #options: SpoolOptions;
  readonly #whole = new Map<number, { readonly bytes: number; readonly since: Millis }>();
  #next: number;
  #open: Open | null = null;

  constructor(folder: string, options: SpoolOptions) {
    this.#folder = folder;
    this.#options = options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder).sort()) {
      const [, number, state] = /^(\d{12})\.(open|whole)$/.exec(name) ?? [];
      if (number === undefined) continue;
      if (state === 'open') renameSync(join(folder, name), wholePath(folder, Number(number)));
      const { size, mtimeMs } = statSync(wholePath(folder, Number(number)));
      this.#whole.set(Number(number), { bytes: size, since: mtimeMs });
    }
    this.#next = Math.max(0, ...this.#whole.keys()) + 1;
  }

  get bytes(): number {
    return [...this.#whole.values()].reduce((sum, { bytes }) => sum + bytes, this.#open?.bytes ?? 0);
  }

  /** Since when the oldest waits; null: nothing does. */
  get since(): Millis | null {
    const [first] = this.#whole.values();
    return first?.since ?? this.#open?.since ?? null;
  }

  /** False: there is no room for it. @throws Error what the disk says; it is not kept then */
  add({ bytes, speaksFor }: Batch, now: Millis): boolean {
    const length = bytes.reduce((sum, piece) => sum + piece.length, 0);
    if (this.bytes + length > this.#options.most) return false;
    const open = this.#opened(now);
    const head = Buffer.from(`${JSON.stringify({ length, arrived: now, speaksFor })}\n`);
    for (const piece of [head, ...bytes]) for (let at = 0; at < piece.length; ) at += writeSync(open.file, piece, at);
    open.bytes += head.length + length;
    this.close(now);
    return true;
  }

  /** Makes the open chunk whole if it is large or old enough. @param isForced in any case */
  close(now: Millis, isForced = false): void {
    const open = this.#open;
    if (open === null) return;
    const { chunk, age } = this.#options;
    if (!isForced && open.bytes < chunk && now - open.since < age) return;
    this.#open = null;
    closeSync(open.file);
    renameSync(openPath(this.#folder, open.number), wholePath(this.#folder, open.number));
    this.#whole.set(open.number, open);
  }

  /** The oldest whole chunk; null: there is none. */
  oldest(): { readonly number: number; readonly path: string } | null {
    const [number] = this.#whole.keys();
    return number === undefined ? null : { number, path: wholePath(this.#folder, number) };
  }

  /** It is archived. */
  remove(number: number): void {
    rmSync(wholePath(this.#folder, number), { force: true });
    this.#whole.delete(number);
  }

  #opened(now: Millis): Open {
    if (this.#open !== null) return this.#open;
    const number = this.#next++;
    const file = openSync(openPath(this.#folder, number), 'w', 0o600);
    this.#open = { number, file, since: now, bytes: 0 };
    return this.#open;
  }
}

function openPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(12, '0')}.open`);
}

function wholePath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(12, '0')}.whole`);
}

/** The batches of a chunk, without one that was cut off. */
export function* framesOf(path: string): Generator<Frame> {
  const all = readFileSync(path);
  for (let at = 0; at < all.length; ) {
    const end = all.indexOf(0x0a, at);
    if (end < 0) return;
    const { length, arrived, speaksFor } = JSON.parse(all.toString('utf8', at, end)) as Frame & { length: number };
    if (end + 1 + length > all.length) return;
    yield { arrived, speaksFor, bytes: all.subarray(end + 1, end + 1 + length) };
    at = end + 1 + length;
  }
}
