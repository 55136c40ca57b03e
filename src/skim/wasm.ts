/** What is used of WebAssembly: TypeScript describes it for browsers only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Value {
  readonly value: number;
}

/** The module's exports: `assembly/index.ts` says what they do. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly input: Value;
  readonly output: Value;
  readonly patterned: Value;
  readonly at: Value;
  readonly line: Value;
  readonly records: Value;
  allowTimes(from: number, to: number): void;
  tellCallers(): void;
  walk(from: number, end: number, firstLine: number): number;
}

/** Why the walk stopped: there is no more; there is no more room for records; the line is not plain. */
export type Stop = 'end' | 'full' | 'odd';

const STOPS: readonly Stop[] = ['end', 'full', 'odd'];

/** What was compiled last: all walks of a program have one module. */
let last: { readonly bytes: Uint8Array; readonly module: object } | null = null;

function compile(bytes: Uint8Array): object {
  if (last?.bytes !== bytes) last = { bytes, module: new WebAssembly.Module(bytes) };
  return last.module;
}

/** The walk in WebAssembly, with its memory. Addresses are positions in `bytes`. */
export class WasmWalk {
  /** The whole memory. Input lies from `input` on. */
  readonly bytes: Buffer;
  readonly input: number;
  readonly #exports: Exports;
  readonly #words: Uint32Array;
  readonly #times: Float64Array;
  readonly #output: number;
  readonly #patterned: number;

  /** @param module `skim.wasm` @param from and `to`: microseconds since 1970; records of other times are of no kind */
  constructor(module: Uint8Array, from: number, to: number) {
    this.#exports = new WebAssembly.Instance(compile(module)).exports as Exports;
    this.#exports.allowTimes(from, to);
    const { buffer } = this.#exports.memory;
    this.bytes = Buffer.from(buffer);
    this.input = this.#exports.input.value;
    this.#words = new Uint32Array(buffer);
    this.#times = new Float64Array(buffer);
    this.#output = this.#exports.output.value;
    this.#patterned = this.#exports.patterned.value;
  }

  /** From now on the records of a kind are told apart by their patterns too. */
  tellPatterns(kind: number): void {
    this.bytes[this.#patterned + kind] = 1;
  }

  /** From now on the records of one caller are told by its number. */
  tellCallers(): void {
    this.#exports.tellCallers();
  }

  /** @param from and `to`: as in the constructor */
  allowTimes(from: number, to: number): void {
    this.#exports.allowTimes(from, to);
  }

  /** Lines from `from` on, up to `end`; writes over 64 bytes behind it. */
  walk(from: number, end: number, firstLine: number): Stop {
    return STOPS[this.#exports.walk(from, end, firstLine)]!;
  }

  /** Where the walk stopped. */
  get at(): number {
    return this.#exports.at.value;
  }

  get line(): number {
    return this.#exports.line.value;
  }

  get records(): number {
    return this.#exports.records.value;
  }

  /** The time of a record, in microseconds, if it is of a kind. */
  time(record: number): number {
    return this.#times[(this.#output >>> 3) + record * 11]!;
  }

  /** The number of a record's kind, from 1; 0: none. */
  kind(record: number): number {
    return this.#words[(this.#output >>> 2) + record * 22 + 2]!;
  }

  start(record: number): number {
    return this.#words[(this.#output >>> 2) + record * 22 + 3]!;
  }

  end(record: number): number {
    return this.#words[(this.#output >>> 2) + record * 22 + 4]!;
  }

  lineOf(record: number): number {
    return this.#words[(this.#output >>> 2) + record * 22 + 5]!;
  }

  /** Is it the first record of its line? */
  isFirst(record: number): boolean {
    return this.#words[(this.#output >>> 2) + record * 22 + 6] === 1;
  }

  /** The number of a record's pattern, from 1; 0: none. Records of one pattern differ in time, activity id and measures only. */
  pattern(record: number): number {
    return this.#words[(this.#output >>> 2) + record * 22 + 7]!;
  }

  /**
   * The number of who called, from 1; 0: there are too many, or nobody asked. Records of one caller agree in log, resource, address, user
   * agent, credential, principal and status.
   */
  caller(record: number): number {
    return this.#words[(this.#output >>> 2) + record * 22 + 12]!;
  }

  /** Whether all that it cost is told by `measure`; if not, the record is to be parsed for it. */
  isMeasured(record: number): boolean {
    return this.#words[(this.#output >>> 2) + record * 22 + 13] === 1;
  }

  /** Of a record of a caller, as parsing would read it: 0 milliseconds, 1 request units, 2 and 3 bytes of request and answer. NaN: not told. */
  measure(record: number, which: 0 | 1 | 2 | 3): number {
    return this.#times[(this.#output >>> 3) + record * 11 + 7 + which]!;
  }

  /** A quarter of the activity id of a record with a pattern: its digits `part * 8` to `part * 8 + 7`. */
  activity(record: number, part: number): number {
    return this.#words[(this.#output >>> 2) + record * 22 + 8 + part]!;
  }
}
