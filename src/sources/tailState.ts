import { hash } from 'node:crypto';
import { readSync } from 'node:fs';

/** How far a file has been given. */
export type FileState = Growing | Whole;

/** A file that may grow. `head` and `tail` are prints of its first bytes and of those before `offset`: a new file that got the number of an old one, or one that was cut, is seen by them. */
export interface Growing {
  readonly kind: 'growing';
  readonly offset: number;
  readonly head: string;
  readonly tail: string;
  /** Last modified, milliseconds. */
  readonly modified: number;
}

/** A file that is only read as a whole: compressed, or UTF-16. `given` counts bytes of its content. */
export interface Whole {
  readonly kind: 'whole';
  readonly given: number;
  readonly size: number;
  readonly modified: number;
  readonly isDone: boolean;
}

/** Files that are remembered. Of more, those that changed last are, and older ones without a memory count as read. */
const REMEMBERED = 1000;
const PRINT = 256;

/** What a `file` source keeps as its position: how far each file was given, by device and inode. Immutable. */
export class TailState {
  readonly files: ReadonlyMap<string, FileState>;
  /** Files that were last modified up to here and are not among `files` have been read. */
  readonly forgottenUpTo: number;

  constructor(files: ReadonlyMap<string, FileState> = new Map(), forgottenUpTo = 0) {
    this.files = files;
    this.forgottenUpTo = forgottenUpTo;
  }

  with(id: string, state: FileState, isThere: (id: string) => boolean): TailState {
    const files = new Map(this.files).set(id, state);
    if (files.size <= REMEMBERED) return new TailState(files, this.forgottenUpTo);
    const [oldId, old] = [...files]
      .filter(([other]) => other !== id)
      .sort(([a, x], [b, y]) => Number(isThere(a)) - Number(isThere(b)) || x.modified - y.modified)[0]!;
    files.delete(oldId);
    return new TailState(files, isThere(oldId) ? Math.max(this.forgottenUpTo, old.modified) : this.forgottenUpTo);
  }

  print(): string {
    const files = [...this.files].map(([id, one]) =>
      one.kind === 'growing'
        ? [id, one.offset, one.modified, one.head, one.tail]
        : [id, one.given, one.modified, one.size, one.isDone],
    );
    return JSON.stringify({ forgottenUpTo: this.forgottenUpTo, files });
  }

  static read(position: string | undefined): TailState {
    if (position === undefined) return new TailState();
    const { forgottenUpTo, files } = JSON.parse(position) as Printed;
    return new TailState(new Map(files.map((row) => [row[0], fromRow(row)])), forgottenUpTo);
  }
}

type Row = readonly [id: string, at: number, modified: number, head: string, tail: string] | WholeRow;
type WholeRow = readonly [id: string, given: number, modified: number, size: number, isDone: boolean];

interface Printed {
  readonly forgottenUpTo: number;
  readonly files: readonly Row[];
}

function fromRow(row: Row): FileState {
  return isWholeRow(row)
    ? { kind: 'whole', given: row[1], modified: row[2], size: row[3], isDone: row[4] }
    : { kind: 'growing', offset: row[1], modified: row[2], head: row[3], tail: row[4] };
}

function isWholeRow(row: Row): row is WholeRow {
  return typeof row[3] === 'number';
}

/** The state of an open file that was given up to `offset`. */
export function growingAt(file: number, offset: number, modified: number): Growing {
  const length = Math.min(PRINT, offset);
  const [head, tail] = [printOf(file, 0, length), printOf(file, offset - length, length)];
  return { kind: 'growing', offset, head, tail, modified };
}

/** Is this the file that was given up to there, or a copy of it? */
export function continues(file: number, size: number, { offset, head, tail }: Growing): boolean {
  if (size < offset) return false;
  const length = Math.min(PRINT, offset);
  return printOf(file, 0, length) === head && printOf(file, offset - length, length) === tail;
}

function printOf(file: number, at: number, length: number): string {
  const bytes = Buffer.alloc(length);
  const read = readSync(file, bytes, 0, length, at);
  return hash('sha256', bytes.subarray(0, read), 'hex').slice(0, 16);
}
