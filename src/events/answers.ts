import { AnswerStream } from './answerStream.ts';
import type { TableItem } from './tables.ts';

/** The answer of a query, by its head: its tables, or the columns of one, begin near its start. */
const HEAD = /^\s*\{.*"(?:tables|columns)"\s*:\s*\[/is;
const HEAD_BYTES = 4096;

export function looksLikeAnswer(bytes: Uint8Array): boolean {
  return HEAD.test(Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1'));
}

type Tell = (item: TableItem, line: number, place: { index: number }, bytes: number) => void;

/** Answers of queries that are told row by row, because they are long or not whole. At most one is open. */
export class Answers {
  /** The line of which only the end is still to be used, where an answer is open. */
  restOf = 0;
  #open: { readonly stream: AnswerStream; readonly line: number } | null = null;
  readonly #tell: Tell;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  get isOpen(): boolean {
    return this.#open !== null;
  }

  get isFailed(): boolean {
    return this.#open?.stream.state === 'failed';
  }

  /** Brackets of the open answer that are open. */
  get depth(): number {
    return this.#open?.stream.depth ?? 0;
  }

  /**
   * How many of the bytes were used: 0 where they begin no answer, or not even its first row has arrived.
   * @param line where they begin @param restOf the line that they end in, if they end in one
   */
  feed(bytes: Uint8Array, line: number, restOf = 0): number {
    if (this.#open === null && !looksLikeAnswer(bytes)) return 0;
    const open = this.#open ?? this.#begin(line);
    const used = open.stream.take(bytes);
    if (open.stream.told === 0) return 0;
    this.#open = open.stream.state === 'done' ? null : open;
    if (used > 0) this.restOf = restOf;
    return used;
  }

  #begin(line: number): { readonly stream: AnswerStream; readonly line: number } {
    const place = { index: 0 };
    return { stream: new AnswerStream((item, bytes) => this.#tell(item, line, place, bytes)), line };
  }

  /** No more comes: where the open answer began, and what is missing; null if none was open. */
  end(): { readonly line: number; readonly detail: string } | null {
    const open = this.#open;
    this.#open = null;
    return open && { line: open.line, detail: `a query answer that ends behind item ${open.stream.told}` };
  }
}
