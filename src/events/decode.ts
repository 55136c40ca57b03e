import { isObject, type Json, type JsonObject } from '../lib/json.ts';
import { Answers, looksLikeAnswer } from './answers.ts';
import { beginsLikeJson, binaryKind } from './binary.ts';
import { type Brackets, bracketsIn, closeOf, closingLines } from './brackets.ts';
import { bodyOf, isListOfRecords } from './carriers.ts';
import { itemsOf, type TableItem } from './tables.ts';

/** Why something that was read is no record. */
export type InvalidReason =
  | 'not_json'
  | 'truncated'
  | 'too_long'
  | 'too_deep'
  | 'binary'
  | 'not_an_object'
  | 'bad_row'
  | 'query_error';

export interface DecodeSink<Skimmed> {
  /** @param line counts from 1 @param index place among the records of its line or document, from 0 */
  record(value: JsonObject, line: number, index: number, bytes: number): void;
  skimmed(read: Skimmed, line: number, index: number, bytes: number): void;
  invalid(reason: InvalidReason, line: number, detail: string): void;
  /** The file is no text, and nothing of it is read. Without this it is told as an invalid record in the first line. */
  noText?(what: string): void;
}

export interface DecodeOptions<Skimmed> {
  /** Is it a record of a known family? */
  readonly known: (value: JsonObject) => boolean;
  /** Does a record on a line of its own show that the document still open before it never was one? Default: if it is known. */
  readonly interrupts?: (value: JsonObject) => boolean;
  /** Reads a record without parsing it; null: parse it. */
  readonly skim: ((buffer: Uint8Array, start: number, end: number) => Skimmed | null) | null;
  readonly sink: DecodeSink<Skimmed>;
  /** Bytes of the longest line or document. */
  readonly limit?: number;
}

const LIMIT = 64 << 20;
const MAX_LINES = 200_000;
const MAX_DEPTH = 100;
const MAX_MEMBERS = 10_000;
const HEAD = 8192;

/** A line that may be the first, or one, of a document written over several lines. */
interface Waiting {
  readonly bytes: Uint8Array;
  readonly line: number;
  readonly brackets: Brackets;
}

/** Bytes of a line or document, from which on it is tried as an answer whose rows are told while it arrives. */
const ANSWER_FROM = 1 << 20;

/**
 * Bytes to records, however they are framed: a record a line, arrays, `{"records":[...]}` and `{"value":[...]}` on one line or many,
 * documents one after another. A line that is a record is one, whatever stands around it; a line that opens a document waits until it
 * closes, but no longer than to the next line that is a record: so a truncated line loses one record, never the file. Nothing throws.
 */
export class Decoder<Skimmed> {
  readonly #options: DecodeOptions<Skimmed>;
  readonly #limit: number;
  /** Lines read so far. May be set by who reads some of them without this. */
  line = 0;
  #parts: Uint8Array[] = [];
  #partBytes = 0;
  /** The first bytes, until there are enough to tell text from binary data; then null. */
  #head: Uint8Array | null = new Uint8Array();
  #isBinary = false;
  #isSkipping = false;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #depth = 0;
  #drainAt = ANSWER_FROM;
  readonly #answers = new Answers((item, line, place, bytes) => this.#item(item, line, place, bytes));

  constructor(options: DecodeOptions<Skimmed>) {
    this.#options = options;
    this.#limit = options.limit ?? LIMIT;
  }

  /** The chunk may be used again afterwards. */
  push(chunk: Uint8Array): void {
    if (this.#isBinary) return;
    let bytes = chunk;
    if (this.#head !== null) {
      bytes = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
      const isEnough = bytes.length >= Math.min(HEAD, this.#limit) || beginsLikeJson(bytes);
      if (!isEnough) this.#head = Uint8Array.from(bytes);
      else if (!this.begin(bytes)) this.#lines(bytes);
      return;
    }
    this.#lines(bytes);
  }

  #lines(chunk: Uint8Array): void {
    let start = 0;
    for (let end = chunk.indexOf(0x0a, start); end !== -1; end = chunk.indexOf(0x0a, start)) {
      this.takeLine(chunk.subarray(start, end));
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  end(): void {
    const head = this.#head;
    if (head !== null && !this.begin(head)) this.#lines(head);
    if (this.#isBinary) return;
    if (this.#partBytes > 0 || this.#isSkipping) this.takeLine(new Uint8Array());
    this.#giveUp('truncated');
  }

  /** Looks at the first bytes. True: they are no text, and nothing is read. */
  begin(head: Uint8Array): boolean {
    this.#head = null;
    const what = binaryKind(head);
    if (what === null) return false;
    this.#isBinary = true;
    const { sink } = this.#options;
    if (sink.noText) sink.noText(what);
    else sink.invalid('binary', 1, what);
    return true;
  }

  /** Does a document that began in an earlier line wait for its end? */
  get isOpen(): boolean {
    return this.#waiting.length > 0 || this.#answers.isOpen;
  }

  /** A record that stands alone in its line or in an envelope, and is JSON. @returns the index of the next one */
  takeRecord(bytes: Uint8Array, line: number, index: number): number {
    const place = { index };
    this.#value(parse(bytes)!, line, place, bytes.length);
    return place.index;
  }

  /** A record that was skimmed by another walk. */
  skimmed(read: Skimmed, line: number, index: number, bytes: number): void {
    this.#options.sink.skimmed(read, line, index, bytes);
  }

  #keep(rest: Uint8Array): void {
    if (this.#isSkipping || rest.length === 0) return;
    this.#partBytes += rest.length;
    // A copy: `slice` of a Buffer is a view into memory that the reader uses again.
    this.#parts.push(Uint8Array.from(rest));
    if (this.#partBytes > this.#drainAt) this.#drainParts();
    if (this.#partBytes <= this.#limit) return;
    this.#isSkipping = true;
    this.#parts = [];
    this.#partBytes = 0;
  }

  /** A whole line, but for what was kept of it from chunks before. */
  takeLine(rest: Uint8Array): void {
    this.line += 1;
    if (this.#isSkipping) {
      this.#isSkipping = false;
      this.#giveUp('truncated');
      this.#options.sink.invalid('too_long', this.line, `a line of more than ${this.#limit} bytes`);
      return;
    }
    let whole = rest;
    if (this.#partBytes > 0) {
      whole = Buffer.concat([...this.#parts, rest]);
      this.#parts = [];
      this.#partBytes = 0;
    }
    this.#onLine(trimmed(withoutMark(whole)));
    if (this.#waiting.length === 0) this.#drainAt = ANSWER_FROM;
  }

  #onLine(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (!this.isOpen) {
      if (this.#whole(bytes, this.line) || isFraming(bytes)) return;
      if (opens(bytes)) this.#wait(bytes);
      else this.#options.sink.invalid(...whyNot(bytes, this.line));
      return;
    }
    if (this.#endsWaiting(bytes)) {
      this.#giveUp('truncated');
      this.#onLine(bytes);
    } else this.#wait(bytes);
  }

  /** Does this line, inside a document that is still open, show that the document never was one? */
  #endsWaiting(bytes: Uint8Array): boolean {
    if (bytes[0] !== 0x7b && bytes[0] !== 0x5b && bytes[0] !== 0x2c) return false;
    const value = parse(withoutFraming(bytes));
    const { known, interrupts = known } = this.#options;
    return isObject(value) && interrupts(value);
  }

  #wait(bytes: Uint8Array): void {
    const brackets = bracketsIn(bytes);
    this.#waiting.push({ bytes: Uint8Array.from(bytes), line: this.line, brackets });
    this.#waitingBytes += bytes.length;
    this.#depth += brackets.delta;
    if (this.#waitingBytes > this.#drainAt) this.#drainWaiting();
    if (this.#answers.isFailed) this.#giveUp('truncated');
    else if (brackets.inString || this.#waitingBytes > this.#limit || this.#waiting.length > MAX_LINES)
      this.#giveUp('truncated');
    else if (this.#depth <= 0) this.#giveUp('not_json');
  }

  /** The lines that wait are a document, or several, or lines by themselves: each is told as what it is. */
  #giveUp(reason: InvalidReason): void {
    if (this.#answers.isOpen) this.#endAnswer();
    const lines = this.#waiting;
    this.#setWaiting([]);
    const closing = closingLines(lines.map(({ brackets }) => brackets));
    for (let at = 0; at < lines.length; at++) {
      const { bytes, line } = lines[at]!;
      const last = closing[at]!;
      if (last > at && opens(bytes) && this.#document(lines.slice(at, last + 1))) at = last;
      else if (this.#whole(bytes, line) || isFraming(bytes)) continue;
      else if (this.#tellsDamagedAnswer(bytes, line)) continue;
      else if (opens(bytes))
        this.#options.sink.invalid(reason === 'not_json' ? 'not_json' : 'truncated', line, shown(bytes));
      else this.#options.sink.invalid(...whyNot(bytes, line));
    }
  }

  #document(lines: readonly Waiting[]): boolean {
    return this.#whole(trimmed(joined(lines)), lines[0]!.line);
  }

  /** Tells a text that is complete JSON, as it stands or without the framing around it. */
  #whole(bytes: Uint8Array, line: number): boolean {
    const skimmed = this.#options.skim?.(bytes, 0, bytes.length) ?? null;
    if (skimmed !== null) {
      this.#options.sink.skimmed(skimmed, line, 0, bytes.length);
      return true;
    }
    const inner = elementsOf(bytes);
    if (inner !== null) return this.#elements(bytes, inner, line);
    const value = parse(bytes);
    if (value !== undefined) {
      this.#value(value, line, { index: 0 }, bytes.length);
      return true;
    }
    const bare = withoutFraming(bytes);
    if (bare.length !== bytes.length && bare.length > 0) return this.#whole(bare, line);
    return this.#several(bytes, line);
  }

  /** `{...}{...}` on one line. */
  #several(bytes: Uint8Array, line: number): boolean {
    const first = bytes[0] === 0x7b ? closeOf(bytes, 0) : -1;
    if (first <= 0 || first >= bytes.length) return false;
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = bytes[at] === 0x7b ? closeOf(bytes, at) : -1;
      if (end < 0) return false;
      pieces.push(bytes.subarray(at, end));
      at = end;
      while (at < bytes.length && (isSpace(bytes[at]!) || bytes[at] === 0x2c)) at++;
    }
    const values = pieces.map(parse);
    if (values.includes(undefined)) return false;
    const place = { index: 0 };
    for (const [at, value] of values.entries()) this.#value(value!, line, place, pieces[at]!.length);
    return true;
  }

  /** The elements of an array or envelope, each read by itself: that is faster than parsing it whole, and needs less memory. */
  #elements(bytes: Uint8Array, pieces: readonly (readonly [number, number])[], line: number): boolean {
    const place = { index: 0 };
    const values = pieces.map(([start, end]) => {
      const skimmed = this.#options.skim?.(bytes, start, end) ?? null;
      return skimmed === null ? { value: parse(bytes.subarray(start, end)) } : { skimmed };
    });
    if (values.some((one) => 'value' in one && one.value === undefined)) return false;
    for (const [at, one] of values.entries()) {
      const size = pieces[at]![1] - pieces[at]![0];
      if ('skimmed' in one) this.#options.sink.skimmed(one.skimmed as Skimmed, line, place.index++, size);
      else this.#value(one.value!, line, place, size);
    }
    return true;
  }

  #value(value: Json, line: number, place: { index: number }, bytes: number): void {
    if (isTooDeep(value)) {
      this.#options.sink.invalid('too_deep', line, DEEP);
      place.index += 1;
      return;
    }
    if (Array.isArray(value)) {
      for (const item of value as readonly Json[]) this.#value(item, line, place, Math.ceil(bytes / value.length));
      return;
    }
    if (!isObject(value)) {
      this.#options.sink.invalid('not_an_object', line, JSON.stringify(value).slice(0, 60));
      place.index += 1;
      return;
    }
    const inner = envelope(value) ?? bodyOf(value);
    const items = inner === null ? itemsOf(value) : null;
    if ((inner ?? items) !== null && !this.#options.known(value)) {
      if (inner !== null) this.#value(inner, line, place, bytes);
      for (const item of items ?? []) this.#item(item, line, place, Math.ceil(bytes / items!.length));
    } else this.#options.sink.record(value, line, place.index++, bytes);
  }

  #item(item: TableItem, line: number, place: { index: number }, bytes: number): void {
    if (item.kind !== 'row') this.#options.sink.invalid(item.kind, line, item.detail);
    else if (isTooDeep(item.value)) this.#options.sink.invalid('too_deep', line, DEEP);
    else this.#options.sink.record(item.value, line, place.index, bytes);
    place.index += 1;
  }

  /** Of a line that goes on: what is behind its last whole row stays. */
  #drainParts(): void {
    if (this.#waiting.length > 0) this.#drainWaiting();
    const line = this.line + 1;
    const bytes = withoutMark(Buffer.concat(this.#parts));
    const used = this.#waiting.length > 0 ? 0 : this.#answers.feed(bytes, line, line);
    const left = this.#answers.isFailed ? new Uint8Array() : bytes.subarray(used);
    this.#parts = [left];
    this.#partBytes = left.length;
    this.#drainAt = Math.max(ANSWER_FROM, 2 * left.length);
  }

  /** The same of lines that wait. */
  #drainWaiting(): void {
    const lines = this.#waiting;
    const isAnswer = this.#answers.isOpen || looksLikeAnswer(joined(lines.slice(0, HEAD_LINES)));
    const used = isAnswer ? this.#answers.feed(joined(lines), lines[0]!.line) : 0;
    if (used > 0) this.#setWaiting(this.#behind(lines, used));
    this.#drainAt = Math.max(ANSWER_FROM, 2 * this.#waitingBytes);
  }

  /** The lines without their first bytes. */
  #behind(lines: readonly Waiting[], used: number): Waiting[] {
    let start = 0;
    for (const [at, { bytes, line }] of lines.entries()) {
      const end = start + bytes.length + NEWLINE.length;
      if (end > used) {
        const rest = trimmed(bytes.subarray(used - start));
        if (used > start) this.#answers.restOf = line;
        const first = rest.length === 0 ? [] : [{ bytes: rest, line, brackets: bracketsIn(rest) }];
        return [...first, ...lines.slice(at + 1)];
      }
      start = end;
    }
    return [];
  }

  #setWaiting(lines: Waiting[]): void {
    this.#waiting = lines;
    this.#waitingBytes = 0;
    this.#depth = this.#answers.depth;
    for (const { bytes, brackets } of lines) {
      this.#waitingBytes += bytes.length;
      this.#depth += brackets.delta;
    }
  }

  /** No more of the open answer comes. */
  #endAnswer(): void {
    if (this.#waiting.length > 0) this.#drainWaiting();
    const { restOf } = this.#answers;
    if (this.#cutOff()) this.#setWaiting(this.#waiting.filter(({ line }) => line !== restOf));
  }

  #cutOff(): boolean {
    const cut = this.#answers.end();
    if (cut !== null) this.#options.sink.invalid('truncated', cut.line, cut.detail);
    return cut !== null;
  }

  /** A line that is an answer but for its end, or for a row in it: the rows before and behind are told. */
  #tellsDamagedAnswer(bytes: Uint8Array, line: number): boolean {
    const used = this.#answers.feed(bytes, line);
    if (used === 0) return false;
    const rest = trimmed(bytes.subarray(used));
    if (!this.#cutOff() && rest.length > 0) this.#options.sink.invalid(...whyNot(rest, line));
    return true;
  }
}

const DEEP = `more than ${MAX_DEPTH} levels or ${MAX_MEMBERS} members`;
const NEWLINE = new Uint8Array([0x0a]);
/** Lines in which the head of an answer is looked for. */
const HEAD_LINES = 100;

function joined(lines: readonly Waiting[]): Uint8Array {
  return Buffer.concat(lines.flatMap(({ bytes }) => [bytes, NEWLINE]));
}

/** The list in `{"records":[...]}` or `{"value":[...]}`. */
function envelope(value: JsonObject): Json | null {
  for (const name of ['records', 'value']) {
    const inner = value[name];
    if (isListOfRecords(inner)) return inner;
  }
  return null;
}

const ENVELOPE = /^(?:\{\s*"(?:records|value)"\s*:\s*)?\[/;

/** Where the elements of an array of objects, or of an envelope that holds nothing else, stand; null: it is none, or is not plain. */
function elementsOf(bytes: Uint8Array): (readonly [number, number])[] | null {
  if (bytes[0] !== 0x5b && bytes[0] !== 0x7b) return null;
  const head = ENVELOPE.exec(latin1(bytes.subarray(0, 64)));
  if (head === null) return null;
  const pieces: [number, number][] = [];
  let at = head[0].length;
  for (;;) {
    while (at < bytes.length && isSpace(bytes[at]!)) at++;
    if (bytes[at] !== 0x7b) return null;
    const end = closeOf(bytes, at);
    if (end < 0) return null;
    pieces.push([at, end]);
    at = end;
    while (at < bytes.length && isSpace(bytes[at]!)) at++;
    if (bytes[at] !== 0x2c) break;
    at++;
  }
  const tail = latin1(bytes.subarray(at)).replace(/\s+/g, '');
  return tail === (head[0] === '[' ? ']' : ']}') ? pieces : null;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** The value of a text, or undefined. Invalid UTF-8 becomes U+FFFD; duplicate keys: the last wins; `__proto__` is a key like any other. */
function parse(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as Json;
  } catch {
    return undefined;
  }
}

/** UTF-8's byte-order mark, which some tools put before a file; files that were joined have it before any line. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

function trimmed(bytes: Uint8Array): Uint8Array {
  let [start, end] = [0, bytes.length];
  while (start < end && isSpace(bytes[start]!)) start++;
  while (end > start && isSpace(bytes[end - 1]!)) end--;
  return bytes.subarray(start, end);
}

/** Brackets, braces, commas, and the head of an envelope: what stands around records that have a line each. */
function isFraming(bytes: Uint8Array): boolean {
  return (
    bytes.length < 256 && /^(?:\{\s*"(?:records|value)"\s*:)?[[\]{},\s]*$/.test(latin1(bytes)) && !isBareObject(bytes)
  );
}

/** A brace alone opens or closes a document; it is no framing of records. */
function isBareObject(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7b && !latin1(bytes).includes('[');
}

/** A record a line in a larger array: without a bracket or comma before it, a comma or brackets behind it. */
function withoutFraming(bytes: Uint8Array): Uint8Array {
  let [start, end] = [0, bytes.length];
  const head = ENVELOPE.exec(latin1(bytes.subarray(0, 64)));
  if (head !== null) start = head[0].length;
  else if (bytes[0] === 0x2c) start = 1;
  while (start < end && isSpace(bytes[start]!)) start++;
  if (bytes[start] !== 0x7b) return bytes;
  const close = closeOf(bytes, start);
  if (close < 0) return bytes;
  const tail = latin1(bytes.subarray(close, Math.min(end, close + 64)));
  if (end - close < 64 && /^[\s,]*(?:\][\s,]*(?:\}[\s,]*)?)?$/.test(tail)) end = close;
  return end === bytes.length && start === 0 ? bytes : bytes.subarray(start, end);
}

function opens(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7b || bytes[0] === 0x5b || (bytes[0] === 0x2c && bytes.includes(0x7b));
}

function whyNot(bytes: Uint8Array, line: number): [InvalidReason, number, string] {
  return bytes.includes(0) ? ['binary', line, 'binary data'] : ['not_json', line, shown(bytes)];
}

function shown(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 60)).toString('utf8');
}

/** Deeper or wider than any log record is: later steps walk values recursively. */
function isTooDeep(value: Json): boolean {
  const stack: { value: Json; depth: number }[] = [{ value, depth: 1 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value: current, depth } = next;
    if (typeof current !== 'object' || current === null) continue;
    if (depth > MAX_DEPTH) return true;
    const isList = Array.isArray(current);
    const inner = isList ? (current as readonly Json[]) : Object.values(current);
    if (!isList && inner.length > MAX_MEMBERS) return true;
    for (const item of inner)
      if (typeof item === 'object' && item !== null) stack.push({ value: item, depth: depth + 1 });
  }
  return false;
}
