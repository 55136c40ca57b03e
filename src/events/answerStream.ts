import type { Json } from '../lib/json.ts';
import { closeOf, stringEnd } from './brackets.ts';
import { errorText, isError, leadsToTables, Table, type TableItem } from './tables.ts';

interface Frame {
  readonly kind: 'object' | 'list' | 'rows';
  /** Whether tables may stand here. */
  readonly isWay: boolean;
  /** Of a table: what stood before its rows. */
  name: string | null;
  columns: Json | undefined;
}

/**
 * Reads the rows of an answer while it arrives, or as far as it goes. States: *open* until its last bracket; then *done*; *failed* where
 * something stands that cannot stand there. Only rows, columns, names and errors are parsed; what is between them is followed by its
 * brackets, so a damaged row costs that row. It keeps no bytes: what `take` did not use is to be given again, with what follows.
 */
export class AnswerStream {
  state: 'open' | 'done' | 'failed' = 'open';
  /** Rows and errors told so far. */
  told = 0;
  readonly #frames: Frame[] = [];
  readonly #tell: (item: TableItem, bytes: number) => void;
  #table: Table | null = null;

  constructor(tell: (item: TableItem, bytes: number) => void) {
    this.#tell = tell;
  }

  /** Brackets that are open. */
  get depth(): number {
    return this.#frames.length;
  }

  /** How many of the bytes were used. */
  take(bytes: Uint8Array): number {
    let at = 0;
    while (this.state === 'open') {
      while (at < bytes.length && isBetween(bytes[at]!)) at++;
      if (at >= bytes.length) break;
      const end = this.#step(bytes, at);
      if (end < 0) break;
      at = end;
    }
    return at;
  }

  /** Behind what begins at `at`; -1: it has not all arrived, or cannot stand there. */
  #step(bytes: Uint8Array, at: number): number {
    const top = this.#frames.at(-1);
    const byte = bytes[at]!;
    if (byte === 0x5d || byte === 0x7d) return this.#close(byte, at);
    if (top === undefined) return this.#open(bytes, at, true);
    switch (top.kind) {
      case 'rows':
        return this.#row(bytes, at);
      case 'list':
        return byte === 0x7b || byte === 0x5b ? this.#open(bytes, at, top.isWay) : behindScalar(bytes, at);
      case 'object':
        return byte === 0x22 ? this.#member(top, bytes, at) : this.#fail();
    }
  }

  #fail(): number {
    this.state = 'failed';
    return -1;
  }

  #open(bytes: Uint8Array, at: number, isWay: boolean): number {
    const byte = bytes[at]!;
    if (byte !== 0x7b && byte !== 0x5b) return this.#fail();
    this.#frames.push({ kind: byte === 0x7b ? 'object' : 'list', isWay, name: null, columns: undefined });
    return at + 1;
  }

  #close(byte: number, at: number): number {
    const top = this.#frames.pop();
    if (top === undefined || (top.kind === 'object') !== (byte === 0x7d)) return this.#fail();
    if (this.#frames.length === 0) this.state = 'done';
    return at + 1;
  }

  #row(bytes: Uint8Array, at: number): number {
    if (bytes[at] !== 0x5b && bytes[at] !== 0x7b) return this.#fail();
    const end = closeOf(bytes, at);
    if (end < 0) return -1;
    this.#told(this.#table!.item(parse(bytes.subarray(at, end))), end - at);
    return end;
  }

  #told(item: TableItem, bytes: number): void {
    this.told += 1;
    this.#tell(item, bytes);
  }

  /** A name with its value, or with the bracket that opens its value. */
  #member(top: Frame, bytes: Uint8Array, at: number): number {
    const close = stringEnd(bytes, at);
    if (close < 0) return -1;
    let start = close + 1;
    while (start < bytes.length && (isBetween(bytes[start]!) || bytes[start] === 0x3a)) start++;
    if (start >= bytes.length) return -1;
    const written = Buffer.from(bytes.subarray(at + 1, close)).toString('utf8');
    const name = written.toLowerCase();
    const opens = bytes[start] === 0x5b || bytes[start] === 0x7b;
    if (name === 'rows' && top.isWay && bytes[start] === 0x5b) return this.#rows(top, start);
    const isWanted = /^(?:name|tablename|columns)$/.test(name) || (written === 'error' && top.isWay);
    if (opens && !isWanted) return this.#open(bytes, start, top.isWay && leadsToTables(name));
    const end = opens ? closeOf(bytes, start) : behindScalar(bytes, start);
    if (end >= 0 && isWanted) this.#keep(top, name, parse(bytes.subarray(start, end)));
    return end;
  }

  #rows(top: Frame, start: number): number {
    this.#table = Table.of(top.name, top.columns);
    // Rows before their columns: nobody writes them so, and they are read when the answer is there as a whole.
    if (this.#table === null) return this.#fail();
    this.#frames.push({ kind: 'rows', isWay: false, name: null, columns: undefined });
    return start + 1;
  }

  #keep(top: Frame, name: string, value: Json | undefined): void {
    if (name === 'columns') top.columns = value;
    else if (name === 'error') {
      if (value !== undefined && isError(name, value)) this.#told({ kind: 'query_error', detail: errorText(value) }, 0);
    } else if (typeof value === 'string') top.name = value;
  }
}

/** White space and commas. */
function isBetween(byte: number): boolean {
  return byte === 0x20 || byte === 0x2c || (byte >= 0x09 && byte <= 0x0d);
}

/** Behind a text, number or literal; -1 if its end has not arrived. */
function behindScalar(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 0x22) return stringEnd(bytes, at) + 1 || -1;
  let end = at;
  while (end < bytes.length && !isBetween(bytes[end]!) && bytes[end] !== 0x5d && bytes[end] !== 0x7d) end++;
  return end < bytes.length ? end : -1;
}

function parse(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as Json;
  } catch {
    return undefined;
  }
}
