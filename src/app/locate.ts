import { closeOf, stringEnd } from '../events/brackets.ts';
import type { Decoder, InvalidReason } from '../events/decode.ts';
import type { JsonObject } from '../lib/json.ts';
import type { RecordPlace } from '../report/place.ts';
import { jsonDecoder } from './readJson.ts';

/** What stands at a line of a file. Lines count from 1, records of a line or document from 1 too. */
export type Located =
  | { readonly kind: 'record'; readonly value: JsonObject; readonly place: Omit<RecordPlace, 'source'> }
  | { readonly kind: 'invalid'; readonly reason: InvalidReason; readonly line: number }
  /** `before`: the first line of the last record or broken line before it. */
  | { readonly kind: 'nothing'; readonly lines: number; readonly before: number | null }
  | { readonly kind: 'too_few'; readonly line: number; readonly of: number };

/** What the decoder told of one line, or of the document that begins in it. */
interface Group {
  readonly line: number;
  readonly records: JsonObject[];
  reason: InvalidReason | null;
}

const NEWLINE = 0x0a;

/** Bytes of text that are kept: more than the longest document that the decoder reads. Only a line that is none is longer. */
const KEPT = 160 << 20;

/**
 * Finds what stands at a line, by the decoder that reads any product's records and finds those that a scan finds; only a record's last
 * line is looked for here, because nobody else has a use for it. The text since the last record is kept, as the decoder keeps it.
 */
export class Locator {
  readonly #wanted: number | null;
  readonly #decoder: Decoder<never>;
  #text: Uint8Array[] = [];
  #bytes = 0;
  /** Line of the first byte of `#text`. */
  #first = 1;
  #lines = 0;
  #endsInLine = false;
  #group: Group | null = null;
  #isFound = false;

  /** @param wanted null: the first record, or if there is none the first line that is none */
  constructor(wanted: number | null) {
    this.#wanted = wanted;
    this.#decoder = jsonDecoder({
      record: (value, line) => this.#told(line, value, null),
      invalid: (reason, line) => this.#told(line, null, reason),
    });
  }

  /** Nothing more need be read. */
  get isFound(): boolean {
    return this.#isFound;
  }

  push(chunk: Uint8Array): void {
    this.#keep(chunk);
    this.#lines += newlinesIn(chunk, 0, chunk.length);
    this.#endsInLine = chunk.at(-1) !== NEWLINE;
    this.#decoder.push(chunk);
    if (!this.#isFound && this.#group !== null && this.#group.line > this.#first) this.#textFrom(this.#group.line);
  }

  /** @param nth which of several records at that line, from 1 */
  end(nth: number): Located {
    if (!this.#isFound) this.#decoder.end();
    const group = this.#group;
    const lines = this.#lines + (this.#endsInLine ? 1 : 0);
    if (group === null) return { kind: 'nothing', lines, before: null };
    if (group.records.length > 0) return this.#record(group, nth, lines);
    if (this.#wanted !== null && this.#wanted > this.#lastLine(group))
      return { kind: 'nothing', lines, before: group.line };
    return { kind: 'invalid', reason: group.reason!, line: group.line };
  }

  #told(line: number, value: JsonObject | null, reason: InvalidReason | null): void {
    if (this.#isFound) return;
    const isNext = this.#group === null || line > this.#group.line;
    if (isNext && this.#isLast(line)) {
      this.#isFound = true;
      return;
    }
    if (isNext && (this.#wanted !== null || this.#group === null || value !== null))
      this.#group = { line, records: [], reason: null };
    const group = this.#group!;
    if (group.line !== line) return;
    if (value !== null) group.records.push(value);
    else group.reason ??= reason;
  }

  /** Is what was told before this line all there is to tell? */
  #isLast(line: number): boolean {
    return this.#wanted === null ? (this.#group?.records.length ?? 0) > 0 : line > this.#wanted;
  }

  #record(group: Group, nth: number, lines: number): Located {
    const spans = spansOf(this.#textFrom(group.line), group.records);
    const wanted = this.#wanted ?? group.line;
    const there = group.records
      .map((value, at) => ({ value, from: group.line + (spans[at]?.from ?? 0), to: group.line + (spans[at]?.to ?? 0) }))
      .filter(({ from, to }) => this.#wanted === null || (from <= wanted && wanted <= to));
    // What is asked for is one line: a document of several lines has several records, each with lines of its own.
    const same = there.filter(({ from }) => from === there[0]!.from);
    if (same.length === 0) return { kind: 'nothing', lines, before: group.line };
    const found = same[nth - 1];
    if (found === undefined) return { kind: 'too_few', line: wanted, of: same.length };
    return { kind: 'record', value: found.value, place: { line: found.from, last: found.to, nth, of: same.length } };
  }

  /** A broken document ends where its brackets close, anything else with its line. */
  #lastLine({ line }: Group): number {
    const text = this.#textFrom(line);
    const start = text.findIndex((byte) => byte === 0x7b || byte === 0x5b || byte === NEWLINE);
    const end = start < 0 || text[start] === NEWLINE ? -1 : closeOf(text, start);
    return line + (end < 0 ? 0 : newlinesIn(text, 0, end));
  }

  #keep(chunk: Uint8Array): void {
    if (this.#bytes > KEPT) {
      this.#text = [];
      this.#bytes = 0;
      this.#first = this.#lines + 1;
    }
    // A copy: the reader uses its memory again.
    this.#text.push(Buffer.concat([chunk]));
    this.#bytes += chunk.length;
  }

  /** The text from a line on; what stands before it is dropped. Empty if it was dropped already. */
  #textFrom(line: number): Uint8Array {
    if (line < this.#first) return new Uint8Array();
    const whole = this.#text.length === 1 ? this.#text[0]! : Buffer.concat(this.#text);
    let start = 0;
    for (; this.#first < line; this.#first++) start = whole.indexOf(NEWLINE, start) + 1;
    this.#text = [whole.subarray(start)];
    this.#bytes = whole.length - start;
    return this.#text[0]!;
  }
}

interface Span {
  /** Lines below the first line of the text. */
  readonly from: number;
  readonly to: number;
}

/** Objects nested deeper hold no records: envelopes are one or two levels. */
const DEPTH = 6;

/** Where in a text each record stands, given in the order in which they stand there. */
function spansOf(text: Uint8Array, records: readonly JsonObject[]): Span[] {
  const spans: Span[] = [];
  let next = JSON.stringify(records[0]);
  let [depth, line] = [0, 0];
  for (let at = 0; at < text.length && spans.length < records.length; at++) {
    const byte = text[at]!;
    if (byte === NEWLINE) line += 1;
    else if (byte === 0x22) at = Math.max(at, stringEnd(text, at));
    else if (byte === 0x5d || byte === 0x7d) depth -= 1;
    else if (byte === 0x5b) depth += 1;
    else if (byte === 0x7b) {
      const end = depth < DEPTH ? closeOf(text, at) : -1;
      if (end < 0 || textOf(text, at, end) !== next) {
        depth += 1;
        continue;
      }
      const to = line + newlinesIn(text, at, end);
      spans.push({ from: line, to });
      next = JSON.stringify(records[spans.length]);
      line = to;
      at = end - 1;
    }
  }
  return spans;
}

function textOf(text: Uint8Array, start: number, end: number): string | null {
  try {
    return JSON.stringify(JSON.parse(Buffer.from(text.subarray(start, end)).toString('utf8')));
  } catch {
    return null;
  }
}

function newlinesIn(text: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf(NEWLINE, start); at !== -1 && at < end; at = text.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
