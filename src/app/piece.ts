import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Compiled } from '../engine/compile.ts';
import { Decoder } from '../events/decode.ts';
import type { Event, Micros } from '../events/event.ts';
import { isKnown, validTimes } from '../events/normalise.ts';
import type { Rule } from '../ir/ir.ts';
import { type Client, Clients } from '../relate/clients.ts';
import { BulkReader } from '../skim/bulk.ts';
import { createSkim, type Skimmed } from '../skim/skim.ts';
import type { KeptHit } from './hits.ts';
import { Intake, relevance } from './intake.ts';
import type { Counted } from './leftOut.ts';
import { SignLog } from './signLog.ts';
import type { Sign } from './signs.ts';
import { skimModule } from './skimModule.ts';
import { type Learning, learnClient, learningIn } from './walkedClients.ts';

/** Lines of a file: those that begin in a range of its bytes. */
export interface Piece {
  readonly number: number;
  readonly path: string;
  readonly from: number;
  readonly to: number;
  /** It goes on to the end of the file. */
  readonly isLast: boolean;
}

/** What every reader of pieces has to know. Plain data: it is posted to workers once. */
export interface ReaderSetup {
  readonly rules: readonly Rule[];
  /** Wall clock in milliseconds. */
  readonly nowMs: number;
  readonly until: Micros | null;
  /** Every request is parsed, and it is learnt who sent it. */
  readonly learnsClients: boolean;
}

/** What a piece tells, in numbers and text: what crosses from thread to thread. Lines count from the piece's own first. */
export interface PieceTold {
  readonly number: number;
  /** Where its first line begins in the file. */
  readonly start: number;
  readonly bytes: number;
  readonly lines: number;
  /** Why nothing else here counts: a document began that the next piece may end; the file is no text; it could not be read. */
  readonly trouble: 'open' | 'binary' | 'failed' | null;
  /** JSON of `PieceHead`. */
  readonly head: string;
  /** A record each: the number of its sign, and its time in microseconds. */
  readonly signs: Uint32Array<ArrayBuffer>;
  readonly times: Float64Array<ArrayBuffer>;
  /** A line each, with the bytes of its record before it: events for relate, and hits. */
  readonly events: string;
  readonly hits: string;
  /** Likewise, of who uses the data. */
  readonly clients: string;
}

export interface PieceHead extends Counted {
  /** Signs that this reader met for the first time, in order of their numbers. */
  readonly newSigns: readonly Sign[];
}

interface Range {
  readonly start: number;
  readonly bytes: number;
}

const BLOCK = 1 << 16;

/** Reads pieces one after another, as far as nothing but the piece itself is needed. */
export class PieceReader {
  readonly #compiled: Compiled;
  readonly #setup: ReaderSetup;
  readonly #signs: SignLog;
  readonly #bulk: BulkReader;
  #intake: Intake;
  #events: string[] = [];
  #hits: string[] = [];
  #clients = new Clients();
  #learning: Learning;

  constructor(setup: ReaderSetup) {
    this.#setup = setup;
    this.#compiled = new Compiled(setup.rules);
    this.#signs = new SignLog(setup.until);
    this.#learning = learningIn(this.#clients, setup.until, setup.nowMs);
    this.#intake = this.#newIntake();
    this.#bulk = new BulkReader({
      module: skimModule(),
      skim: createSkim(relevance(this.#compiled)),
      tallyOf: (sample) => this.#intake.tallyOf(sample),
      onCounted: (records) => {
        this.#intake.records += records;
      },
      times: validTimes(setup.nowMs),
      ...(setup.learnsClients
        ? {
            requests: {
              takesMeasures: true,
              learn: (record) => learnClient(record, () => this.#learning),
            },
          }
        : {}),
    });
  }

  read(piece: Piece): PieceTold {
    this.#events = [];
    this.#hits = [];
    this.#clients = new Clients();
    this.#learning = { ...learningIn(this.#clients, this.#setup.until, this.#setup.nowMs), source: piece.path };
    this.#intake = this.#newIntake();
    const decoder = new Decoder<Skimmed>({ known: isKnown, skim: null, sink: this.#intake.sink(piece.path) });
    // A byte-order mark is one in the first line of a file only, so the lines of other pieces count from 2.
    this.#bulk.open(decoder, piece.from > 0 ? 2 : 1);
    const range = this.#feed(piece);
    const isOpen = !piece.isLast && decoder.isOpen;
    this.#bulk.end();
    return this.#told(piece, range, decoder.line - (piece.from > 0 ? 1 : 0), isOpen);
  }

  /** Gives the bytes to the walk. Null: they could not be read. */
  #feed({ path, from, to, isLast }: Piece): Range | null {
    let file: number | null = null;
    try {
      file = openSync(path, 'r');
      const start = lineStart(file, from);
      const end = isLast ? Number.POSITIVE_INFINITY : lineStart(file, to);
      let at = start;
      while (at < end) {
        const space = this.#bulk.space();
        const length = readSync(file, space, 0, Math.min(space.length, end - at), at);
        if (length === 0) break;
        this.#bulk.push(space.subarray(0, length));
        at += length;
      }
      return { start, bytes: at - start };
    } catch {
      return null;
    } finally {
      if (file !== null) closeSync(file);
    }
  }

  #told(piece: Piece, range: Range | null, lines: number, isOpen: boolean): PieceTold {
    const { records, unknown, invalid, leftOut } = this.#intake;
    const isBinary = piece.from === 0 && this.#bulk.isBinary;
    const { newSigns, signs, times } = this.#signs.take();
    const head: PieceHead = { records, unknown, invalid, leftOut: leftOut.list(), newSigns };
    return {
      number: piece.number,
      start: range?.start ?? piece.from,
      bytes: range?.bytes ?? 0,
      lines,
      trouble: range === null ? 'failed' : isOpen ? 'open' : isBinary ? 'binary' : null,
      head: JSON.stringify(head),
      signs,
      times,
      events: this.#events.join('\n'),
      hits: this.#hits.join('\n'),
      clients: [...this.#clients].map((client) => lineOf(client, 0)).join('\n'),
    };
  }

  #newIntake(): Intake {
    const { nowMs, learnsClients } = this.#setup;
    return new Intake({
      compiled: this.#compiled,
      signs: this.#signs,
      relate: { add: (event: Event, bytes: number) => this.#events.push(lineOf(event, bytes)) },
      hits: { add: (hit: KeptHit, bytes: number) => this.#hits.push(lineOf(hit, bytes)) },
      nowMs,
      ...(learnsClients ? { clients: this.#clients } : {}),
    });
  }
}

/** Where the first line begins that begins at `offset` or behind it; the end of the file if none does. */
function lineStart(file: number, offset: number): number {
  if (offset === 0) return 0;
  const block = Buffer.allocUnsafe(BLOCK);
  for (let at = offset - 1; ; at += BLOCK) {
    const length = readSync(file, block, 0, BLOCK, at);
    if (length === 0) return fstatSync(file).size;
    const end = block.subarray(0, length).indexOf(0x0a);
    if (end >= 0) return at + end + 1;
  }
}

function lineOf(item: Event | KeptHit | Client, bytes: number): string {
  return `${bytes} ${JSON.stringify(item)}`;
}

/** The items of such lines. */
export function* itemsOf<T>(lines: string): Generator<{ readonly item: T; readonly bytes: number }> {
  for (let at = 0; at < lines.length; ) {
    const space = lines.indexOf(' ', at);
    const end = lines.indexOf('\n', space);
    const behind = end < 0 ? lines.length : end;
    yield { item: JSON.parse(lines.slice(space + 1, behind)) as T, bytes: Number(lines.slice(at, space)) };
    at = behind + 1;
  }
}
