import type { Skim, Skimmed } from './skim.ts';
import { WasmWalk } from './wasm.ts';

/** Counts records that agree in every value but their time. */
export interface Tally {
  /** @param time microseconds since 1970 */
  add(time: number): void;
}

/** Takes records that are alike but for time, activity id and measures. */
export interface LikeRecords {
  /** The number of a pattern, from its first record; null: its records are to be read one by one. */
  learn(record: Uint8Array): number | null;
  add(pattern: number, time: number, walk: WasmWalk, record: number, line: number, index: number): void;
}

/** Takes what every request tells of who called, and what it cost, without parsing it. */
export interface RequestRecords {
  /** Is what a request cost wanted? Then those are parsed of which the walk could not read it. */
  readonly takesMeasures: boolean;
  /** Where requests are taken that agree in kind and caller, from the first of them; null: nowhere. */
  learn(record: Uint8Array): RequestTally | null;
}

export interface RequestTally {
  /** @param walk what it knows of the record: its measures */
  add(time: number, walk: WasmWalk, record: number): void;
}

/** What reads the lines and records that the walk leaves over. */
export interface LineReader {
  /** Lines read so far; may be set, for those that the walk read. */
  line: number;
  /** Is a document open that may go on in the next line? Then lines go here, whatever they are. */
  readonly isOpen: boolean;
  /** True: no text; nothing more is read. @param head the first bytes of the file */
  begin(head: Uint8Array): boolean;
  /** Bytes that end in the middle of a line. */
  push(bytes: Uint8Array): void;
  /** A line without its line feed. */
  takeLine(bytes: Uint8Array): void;
  /** A record that is known to be JSON. @returns the index of the next one */
  takeRecord(bytes: Uint8Array, line: number, index: number): number;
  skimmed(read: Skimmed, line: number, index: number, bytes: number): void;
  end(): void;
}

export interface BulkOptions {
  /** `skim.wasm` */
  readonly module: Uint8Array;
  readonly skim: Skim;
  /** Where records like this one are counted. Asked once a kind. */
  readonly tallyOf: (sample: Skimmed) => Tally;
  /** So many records were counted. */
  readonly onCounted: (records: number) => void;
  /** Times that are valid, in microseconds, both inclusive. */
  readonly times: readonly [from: number, to: number];
  /** Not absent: records that matter and are alike go here, and not one by one to the reader. */
  readonly likes?: LikeRecords;
  /** Not absent: every request that is not given to the reader to be parsed goes here too. */
  readonly requests?: RequestRecords;
}

const CHUNK = 1 << 20;
/** Bytes of a line that may wait for its end in the module's memory; the reader keeps longer ones. */
const LONGEST = 2 << 20;
const HEAD = 8192;
/** More than the walk has callers. */
const CALLERS = 1 << 15;

/**
 * The fast way through a file: its lines are walked in the memory of a WebAssembly module; records of kinds that nothing asks about are
 * counted and never leave it; everything else goes to the line reader, which alone decides what it means. So this changes speed and
 * nothing else.
 */
export class BulkReader {
  readonly #options: BulkOptions;
  readonly #walk: WasmWalk;
  /** By number of the kind; null: such records are to be parsed; undefined: not seen yet. */
  readonly #tallies: (Tally | null | undefined)[] = [];
  /** By number of the walk's pattern: what `likes` calls it; null: read one by one; undefined: not seen yet. */
  readonly #patterns: (number | null | undefined)[] = [];
  /** By the walk's kind and caller; null: taken nowhere; undefined: not seen yet. */
  readonly #requests = new Map<number, RequestTally | null>();
  #reader: LineReader | null = null;
  /** Input that is not read yet: from, and behind it. */
  #from: number;
  #end: number;
  /** Of the next record in its line. */
  #index = 0;
  #state: 'new' | 'lines' | 'long line' | 'binary' = 'new';

  constructor(options: BulkOptions) {
    this.#options = options;
    this.#walk = new WasmWalk(options.module, ...options.times);
    if (options.requests !== undefined) this.#walk.tellCallers();
    this.#from = this.#walk.input;
    this.#end = this.#walk.input;
  }

  /** Another file, or a part of one from another line on. What is known of kinds stays. */
  open(reader: LineReader, firstLine = 1): void {
    this.#reader = reader;
    this.#from = this.#walk.input;
    this.#end = this.#walk.input;
    this.#state = 'new';
    if (firstLine === 1) return;
    reader.begin(new Uint8Array());
    reader.line = firstLine - 1;
    this.#state = 'lines';
  }

  /** Times that are valid from now on: a clock goes on. */
  allowTimes(from: number, to: number): void {
    this.#walk.allowTimes(from, to);
  }

  /** Is the file that is open no text? */
  get isBinary(): boolean {
    return this.#state === 'binary';
  }

  /** Where the next bytes should be put: what is given to `push` from here is not copied. */
  space(): Uint8Array {
    const { bytes, input } = this.#walk;
    if (this.#from > input) {
      bytes.copyWithin(input, this.#from, this.#end);
      this.#end -= this.#from - input;
      this.#from = input;
    }
    return bytes.subarray(this.#end, this.#end + CHUNK);
  }

  /** The chunk may be used again afterwards. */
  push(chunk: Uint8Array): void {
    if (chunk.buffer === this.#walk.bytes.buffer) {
      this.#filled(chunk.length);
      return;
    }
    for (let at = 0; at < chunk.length; at += CHUNK) {
      const part = chunk.subarray(at, at + CHUNK);
      this.space().set(part);
      this.#filled(part.length);
    }
  }

  end(): void {
    const reader = this.#reader!;
    if (this.#state === 'new') this.#begin();
    if (this.#state !== 'binary') {
      this.#read();
      reader.push(this.#walk.bytes.subarray(this.#from, this.#end));
      reader.end();
    }
    this.#reader = null;
  }

  #filled(length: number): void {
    if (this.#state === 'binary') return;
    this.#end += length;
    if (this.#state === 'new') {
      if (this.#end - this.#from < HEAD) return;
      this.#begin();
    }
    this.#read();
  }

  #begin(): void {
    const head = this.#walk.bytes.subarray(this.#from, Math.min(this.#end, this.#from + HEAD));
    this.#state = this.#reader!.begin(head) ? 'binary' : 'lines';
    if (this.#state === 'binary') this.#from = this.#end;
  }

  #read(): void {
    const reader = this.#reader!;
    while (this.#from < this.#end) {
      if (this.#state === 'long line' || reader.isOpen) {
        if (!this.#readLine(reader)) break;
        continue;
      }
      const stop = this.#walk.walk(this.#from, this.#end, reader.line + 1);
      this.#from = this.#walk.at;
      this.#take(reader);
      reader.line = this.#walk.line - 1;
      if (stop === 'odd' && !this.#readLine(reader)) break;
    }
    if (this.#end - this.#from <= LONGEST) return;
    reader.push(this.#walk.bytes.subarray(this.#from, this.#end));
    this.#from = this.#end;
    this.#state = 'long line';
  }

  /** Gives a line to the reader. False: its end has not come yet. */
  #readLine(reader: LineReader): boolean {
    const rest = this.#walk.bytes.subarray(this.#from, this.#end);
    const end = rest.indexOf(0x0a);
    if (this.#state === 'long line') {
      const part = end < 0 ? rest : rest.subarray(0, end + 1);
      reader.push(part);
      this.#from += part.length;
      if (end >= 0) this.#state = 'lines';
      return end >= 0;
    }
    if (end < 0) return false;
    reader.takeLine(rest.subarray(0, end));
    this.#from += end + 1;
    return true;
  }

  /** The records that the walk found. */
  #take(reader: LineReader): void {
    const walk = this.#walk;
    const { records } = walk;
    let counted = 0;
    for (let at = 0; at < records; at++) {
      if (walk.isFirst(at)) this.#index = 0;
      const kind = walk.kind(at);
      if (kind !== 0 && this.#isToldWhole(at) && this.#count(kind, at)) {
        counted += 1;
        this.#index += 1;
      } else this.#leave(reader, kind, at);
    }
    this.#options.onCounted(counted);
  }

  /** Puts the record where such records are counted. False: it is to be read by itself. */
  #count(kind: number, at: number): boolean {
    const tally = this.#tallies[kind] ?? this.#ask(kind, at);
    if (tally !== null) tally.add(this.#walk.time(at));
    else if (!this.#takeLike(at)) return false;
    if (this.#options.requests !== undefined) this.#takeRequest(this.#options.requests, kind, at);
    return true;
  }

  /** Is everything that is wanted of a request told by the walk? */
  #isToldWhole(at: number): boolean {
    const { requests } = this.#options;
    if (requests === undefined) return true;
    return this.#walk.caller(at) !== 0 && (!requests.takesMeasures || this.#walk.isMeasured(at));
  }

  #takeRequest(requests: RequestRecords, kind: number, at: number): void {
    const walk = this.#walk;
    const key = kind * CALLERS + walk.caller(at);
    let tally = this.#requests.get(key);
    if (tally === undefined) {
      tally = requests.learn(walk.bytes.subarray(walk.start(at), walk.end(at)));
      this.#requests.set(key, tally);
    }
    tally?.add(walk.time(at), walk, at);
  }

  /** A kind is asked about when its first record comes. */
  #ask(kind: number, at: number): Tally | null {
    if (this.#tallies[kind] === null) return null;
    const read = this.#options.skim(this.#walk.bytes, this.#walk.start(at), this.#walk.end(at));
    const tally = read === null ? null : this.#options.tallyOf(read);
    this.#tallies[kind] = tally;
    if (tally === null && this.#options.likes !== undefined) this.#walk.tellPatterns(kind);
    return tally;
  }

  /** Puts the record to others that are like it. False: it is to be read by itself. */
  #takeLike(at: number): boolean {
    const walk = this.#walk;
    const number = walk.pattern(at);
    if (number === 0) return false;
    const likes = this.#options.likes!;
    let pattern = this.#patterns[number];
    if (pattern === undefined) {
      pattern = likes.learn(walk.bytes.subarray(walk.start(at), walk.end(at)));
      this.#patterns[number] = pattern;
    }
    if (pattern === null) return false;
    likes.add(pattern, walk.time(at), walk, at, walk.lineOf(at), this.#index);
    return true;
  }

  /** A record that matters, or that is of no kind. */
  #leave(reader: LineReader, kind: number, at: number): void {
    const [bytes, start, end, line] = [
      this.#walk.bytes,
      this.#walk.start(at),
      this.#walk.end(at),
      this.#walk.lineOf(at),
    ];
    // Who called is not skimmed: a record of which the walk could not tell it is parsed.
    const isSkimmed = kind === 0 && this.#options.requests === undefined;
    const read = isSkimmed ? this.#options.skim(bytes, start, end) : null;
    if (read === null) this.#index = reader.takeRecord(bytes.subarray(start, end), line, this.#index);
    else reader.skimmed(read, line, this.#index++, end - start);
  }
}
