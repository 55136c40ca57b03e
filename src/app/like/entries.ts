import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Micros, SECOND } from '../../events/event.ts';

/** Numbers of an entry beside its time. */
const WORDS = 8;
const BYTES = 8 + WORDS * 4;
const FIRST_ROOM = 64;

/** Entries of a page lie in one quarter of an hour: within it one of several logs tells the requests. */
const PAGE: Micros = 900 * SECOND;

/** What is kept of each record of a pattern: its time, and eight numbers: pattern, activity id (four), file, line, index. */
export class Entries {
  times = new Float64Array(FIRST_ROOM);
  words = new Uint32Array(FIRST_ROOM * WORDS);
  count = 0;

  /** Where the numbers of the next entry go. */
  add(time: Micros): number {
    if (this.count === this.times.length) this.grow(this.count * 2);
    this.times[this.count] = time;
    return this.count++ * WORDS;
  }

  grow(room: number): void {
    const times = new Float64Array(room);
    const words = new Uint32Array(room * WORDS);
    times.set(this.times.subarray(0, this.count));
    words.set(this.words.subarray(0, this.count * WORDS));
    this.times = times;
    this.words = words;
  }

  word(entry: number, at: number): number {
    return this.words[entry * WORDS + at]!;
  }

  /** Dashed, lower case. */
  activity(entry: number): string {
    const hex = (at: number): string => this.word(entry, at).toString(16).padStart(8, '0');
    const [a, b, c, d] = [hex(1), hex(2), hex(3), hex(4)];
    return `${a}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${d}`;
  }
}

/** A part of a page on disk: entries' times, then their numbers. */
interface Part {
  readonly offset: number;
  readonly count: number;
}

/** Entries by the quarter of an hour they lie in. What does not fit in memory goes to a file of its own, which only its owner can read. */
export class Pages {
  readonly #budget: number;
  readonly #open = new Map<number, Entries>();
  readonly #parts = new Map<number, Part[]>();
  #kept = 0;
  #last: { readonly number: number; readonly entries: Entries } | null = null;
  #file: { readonly folder: string; readonly handle: number; size: number } | null = null;

  /** @param budget bytes in memory */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Where an entry of this time goes. */
  at(time: Micros): Entries {
    const number = Math.floor(time / PAGE);
    if (this.#last?.number !== number) this.#last = { number, entries: this.#openPage(number) };
    if (++this.#kept * BYTES > this.#budget) {
      this.#spill();
      this.#last = { number, entries: this.#openPage(number) };
    }
    return this.#last.entries;
  }

  /** Numbers of the pages that hold entries, in order of time. */
  numbers(): number[] {
    return [...new Set([...this.#open.keys(), ...this.#parts.keys()])].sort((a, b) => a - b);
  }

  /** All entries of a page. */
  read(number: number): Entries {
    const parts = this.#parts.get(number) ?? [];
    const open = this.#open.get(number);
    if (parts.length === 0) return open!;
    const all = new Entries();
    all.grow(parts.reduce((sum, { count }) => sum + count, open?.count ?? 0));
    for (const part of parts) this.#readPart(part, all);
    if (open !== undefined) append(all, open.times.subarray(0, open.count), open.words.subarray(0, open.count * WORDS));
    return all;
  }

  close(): void {
    if (this.#file === null) return;
    closeSync(this.#file.handle);
    rmSync(this.#file.folder, { recursive: true, force: true });
    this.#file = null;
  }

  #openPage(number: number): Entries {
    const known = this.#open.get(number);
    if (known !== undefined) return known;
    const made = new Entries();
    this.#open.set(number, made);
    return made;
  }

  #spill(): void {
    this.#file ??= newFile();
    for (const [number, { times, words, count }] of this.#open) {
      if (count === 0) continue;
      const parts = this.#parts.get(number);
      const part = { offset: this.#file.size, count };
      if (parts === undefined) this.#parts.set(number, [part]);
      else parts.push(part);
      this.#append(bytesOf(times.subarray(0, count)));
      this.#append(bytesOf(words.subarray(0, count * WORDS)));
    }
    this.#open.clear();
    this.#kept = 1;
  }

  #append(bytes: Uint8Array): void {
    const file = this.#file!;
    for (let written = 0; written < bytes.length; )
      written += writeSync(file.handle, bytes, written, bytes.length - written, file.size + written);
    file.size += bytes.length;
  }

  #readPart({ offset, count }: Part, into: Entries): void {
    const times = new Float64Array(count);
    const words = new Uint32Array(count * WORDS);
    this.#fill(bytesOf(times), offset);
    this.#fill(bytesOf(words), offset + count * 8);
    append(into, times, words);
  }

  #fill(bytes: Uint8Array, offset: number): void {
    for (let read = 0; read < bytes.length; ) {
      const length = readSync(this.#file!.handle, bytes, read, bytes.length - read, offset + read);
      if (length === 0) throw new Error('a file of ours is shorter than it was');
      read += length;
    }
  }
}

function append(into: Entries, times: Float64Array, words: Uint32Array): void {
  into.times.set(times, into.count);
  into.words.set(words, into.count * WORDS);
  into.count += times.length;
}

function newFile(): { readonly folder: string; readonly handle: number; size: number } {
  const folder = mkdtempSync(join(tmpdir(), 'cosmowatch-'));
  return { folder, handle: openSync(join(folder, 'requests'), 'w+', 0o600), size: 0 };
}

function bytesOf(array: Float64Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
