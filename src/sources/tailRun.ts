import { readSync } from 'node:fs';
import { UserError } from '../lib/errors.ts';
import { visibleCharacters } from '../lib/visible.ts';
import { backoff, giveUntilKept, PROGRESS_EVERY } from './again.ts';
import { isDivisible, readInput } from './file.ts';
import type { Millis, SourceContext } from './source.ts';
import { isWhole, lastBoundary, lastLine, lengthOfAny } from './tailCut.ts';
import {
  closeFile,
  type Look,
  lookAt,
  type OpenFile,
  openFile,
  renamedFiles,
  type SeenFile,
  seenOpen,
} from './tailFiles.ts';
import { continues, type FileState, type Growing, growingAt, TailState, type Whole } from './tailState.ts';
import { FolderWatch } from './tailWatch.ts';

export interface TailOptions {
  readonly paths: readonly string[];
  readonly start: 'earliest' | 'latest';
  /** Milliseconds, as `settle`. */
  readonly poll: number;
  readonly settle: number;
}

/** Bytes of a batch. */
const BATCH = 1 << 20;
/** How long a file that was renamed or deleted is still followed, and how many are held open for that. */
const LINGER = 60_000;
const HELD_OPEN = 64;
/** Time stamps of files may lie so far behind the clock. */
const STAMP_LAG = 1000;

/**
 * One run of a `file` source. Each pass looks at all files and gives what is new, one batch after another, so that one position tells all
 * of them. A file is known by device and inode, and by prints of what was given of it: so a rename changes nothing, and a file that was
 * cut, or took the inode of a deleted one, begins anew. Files are held open while they change, so that the rest of one that was rotated
 * away is still read.
 */
export class Tail {
  readonly #options: TailOptions;
  readonly #context: SourceContext;
  readonly #signal: AbortSignal;
  readonly #watch = new FolderWatch();
  readonly #open = new Map<string, OpenFile>();
  /** Since when a file has looked as it does. */
  #stable = new Map<string, { readonly look: string; readonly since: Millis }>();
  #state: TailState;
  #there: ReadonlySet<string> = new Set();
  #progress: Millis | null = null;
  #progressTold = Number.NEGATIVE_INFINITY;
  /** In this pass: something that is already there was not given yet. */
  #isBehind = false;
  #isRunning = false;

  constructor(options: TailOptions, context: SourceContext, signal: AbortSignal) {
    this.#options = options;
    this.#context = context;
    this.#signal = signal;
    this.#state = TailState.read(context.positions().get(''));
  }

  close(): void {
    this.#watch.close();
    for (const one of this.#open.values()) closeFile(one);
    this.#open.clear();
  }

  async run(): Promise<void> {
    const { clock, random } = this.#context;
    this.#context.health({ state: 'starting' });
    await this.#begin();
    for (let failed = 0; !this.#signal.aborted; ) {
      const { problems, files } = await this.#pass();
      if (this.#signal.aborted) return;
      this.#tell(problems[0]);
      failed = problems.length > 0 && files.length === 0 ? failed + 1 : 0;
      const { poll } = this.#options;
      await this.#watch.wait(clock, failed === 0 ? poll : backoff(failed, random, poll), this.#signal);
    }
  }

  /** What was renamed while nobody looked is opened; and a first start at the end is written down. */
  async #begin(): Promise<void> {
    const { paths, start } = this.#options;
    const { files } = lookAt(paths);
    const isFirst = !this.#context.positions().has('');
    if (isFirst && start === 'latest') return this.#beginAtEnd(files);
    const listed = new Set(files.map(({ id }) => id));
    const lost = new Set([...this.#state.files.keys()].filter((id) => !listed.has(id)));
    for (const { id, path } of renamedFiles(paths, lost)) this.#open.set(id, openFile(path));
  }

  async #beginAtEnd(files: readonly SeenFile[]): Promise<void> {
    let state = this.#state;
    for (const one of files) {
      const open = openFile(one.path);
      const { size, modified } = one;
      state = state.with(
        one.id,
        size === 0 || isDivisible(one)
          ? growingAt(open.file, size, modified)
          : { kind: 'whole', given: 0, size, modified, isDone: true },
        () => true,
      );
      closeFile(open);
    }
    await this.#give(state, [], 'the end of what was there', null);
  }

  async #pass(): Promise<Look> {
    const began = this.#context.clock.now();
    const look = lookAt(this.#options.paths);
    const refused = look.problems.find(({ code }) => code === 'CW-2002');
    if (refused !== undefined && look.files.length === 0) throw refused;
    this.#watch.watch(look.folders);
    this.#there = new Set(look.files.map(({ id }) => id));
    this.#isBehind = false;
    const gone = [...this.#open].filter(([id]) => !this.#there.has(id)).map(([, one]) => seenOpen(one));
    const stable = this.#stable;
    this.#stable = new Map();
    const problems = [...look.problems];
    for (const one of [...gone, ...look.files]) {
      if (this.#signal.aborted) return look;
      const since = sinceWhen(one, stable.get(one.id), began);
      this.#stable.set(one.id, since);
      const isSettled = began - Math.min(one.modified, since.since) >= this.#options.settle;
      await this.#read(one, isSettled, !this.#there.has(one.id)).catch((error: unknown) => {
        if (!(error instanceof UserError)) throw error;
        problems.push(error);
      });
    }
    this.#closeOld(look.files, began);
    if (problems.length === 0 && !this.#isBehind) await this.#tellProgress(began - STAMP_LAG);
    return { ...look, problems };
  }

  async #read(seen: SeenFile, isSettled: boolean, isGone: boolean): Promise<void> {
    const known = this.#state.files.get(seen.id);
    if (!isNews(seen, known, this.#state.forgottenUpTo)) return;
    const mayGrow = known?.kind === 'growing' || isGone || isDivisible(seen);
    const isGrowing = mayGrow || (known === undefined && this.#copyOf(seen) !== null);
    if (!isGrowing) return this.#readWhole(seen, known?.kind === 'whole' ? known : null, isSettled);
    await this.#readGrowing(seen, isSettled, isGone);
  }

  /** The state of a file of which this one is a copy: a rotation may copy a file, and then cut it. */
  #copyOf(seen: SeenFile): Growing | null {
    const { file } = this.#opened(seen);
    for (const one of this.#state.files.values())
      if (one.kind === 'growing' && one.offset > 0 && continues(file, seen.size, one)) return one;
    return null;
  }

  #opened({ id, path }: SeenFile): OpenFile {
    const open = this.#open.get(id) ?? openFile(path);
    this.#open.set(id, open);
    return open;
  }

  async #readGrowing(seen: SeenFile, isSettled: boolean, isGone: boolean): Promise<void> {
    const { file } = this.#opened(seen);
    const known = this.#state.files.get(seen.id);
    const from = known?.kind === 'growing' && continues(file, seen.size, known) ? known : this.#copyOf(seen);
    let offset = from?.offset ?? 0;
    for (let length = BATCH; !this.#signal.aborted; ) {
      const bytes = readAt(file, offset, length);
      if (bytes.length === 0) break;
      const isEnd = bytes.length < length;
      const cut = lastBoundary(bytes) || (isEnd ? restOf(bytes, isSettled, isGone) : lengthOfAny(bytes));
      if (cut === 0 && isEnd) {
        this.#isBehind ||= !isSettled;
        return;
      }
      length = cut === 0 ? length * 4 : BATCH;
      if (cut === 0) continue;
      const state = this.#state.with(seen.id, growingAt(file, offset + cut, seen.modified), this.#isThere);
      if (!(await this.#give(state, [bytes.subarray(0, cut)], nameOf(seen, offset), seen.changed))) return;
      offset += cut;
    }
  }

  async #readWhole(seen: SeenFile, known: Whole | null, isSettled: boolean): Promise<void> {
    if (!isSettled) {
      this.#isBehind = true;
      return;
    }
    const { size, modified } = seen;
    const isSame = known?.size === size && known.modified === modified;
    let given = isSame ? known.given : 0;
    const give = (bytes: Uint8Array, isDone: boolean): Promise<boolean> => {
      const name = nameOf(seen, given);
      given += bytes.length;
      const state = this.#state.with(seen.id, { kind: 'whole', given, size, modified, isDone }, this.#isThere);
      return this.#give(state, bytes.length === 0 ? [] : [bytes], name, seen.changed);
    };
    try {
      for await (const piece of piecesOf(seen, given)) if (!(await give(piece, false))) return;
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'CW-2006') throw error;
      this.#context.log.warn({ code: error.code, path: visibleCharacters(seen.path) }, 'a file is damaged');
    }
    await give(new Uint8Array(), true);
  }

  readonly #isThere = (id: string): boolean => this.#there.has(id);

  /** False: stopped before it was kept. */
  async #give(state: TailState, bytes: readonly Uint8Array[], name: string, arrived: Millis | null): Promise<boolean> {
    const batch = {
      bytes,
      name,
      partition: '',
      position: state.print(),
      arrived,
      progress: this.#progress,
      speaksFor: null,
    };
    const isKept = await giveUntilKept(this.#context, batch, this.#signal);
    if (isKept) this.#state = state;
    return isKept;
  }

  async #tellProgress(upTo: Millis): Promise<void> {
    if (upTo - this.#progressTold < PROGRESS_EVERY || upTo <= (this.#progress ?? 0)) return;
    this.#progress = upTo;
    this.#progressTold = upTo;
    await this.#give(this.#state, [], 'the end of all files', null);
  }

  /** Of the files that are held open those stay that changed last, and those that are gone for a while after their last change. */
  #closeOld(files: readonly SeenFile[], now: Millis): void {
    const recent = new Set(files.slice(-HELD_OPEN).map(({ id }) => id));
    for (const [id, one] of this.#open) {
      const isGone = !this.#there.has(id);
      if (isGone ? now - seenOpen(one).changed < LINGER : recent.has(id)) continue;
      closeFile(one);
      this.#open.delete(id);
    }
  }

  #tell(problem: UserError | undefined): void {
    if (problem !== undefined) {
      const why = visibleCharacters(problem.message);
      if (this.#isRunning) this.#context.log.warn({ code: problem.code }, why);
      this.#context.health({ state: 'retrying', why });
    } else if (!this.#isRunning) this.#context.health({ state: 'running' });
    this.#isRunning = problem === undefined;
  }
}

function sinceWhen(
  { size, modified }: SeenFile,
  before: { readonly look: string; readonly since: Millis } | undefined,
  now: Millis,
): { readonly look: string; readonly since: Millis } {
  const look = `${size} ${modified}`;
  return before?.look === look ? before : { look, since: now };
}

/** Is there anything to read, as far as size and time tell? */
function isNews({ size, modified }: SeenFile, known: FileState | undefined, forgottenUpTo: Millis): boolean {
  if (size === 0) return false;
  if (known === undefined) return modified > forgottenUpTo;
  if (modified !== known.modified) return true;
  return known.kind === 'growing' ? size !== known.offset : !known.isDone || size !== known.size;
}

function nameOf({ path }: SeenFile, offset: number): string {
  return `${visibleCharacters(path)} at byte ${offset}`;
}

function readAt(file: number, offset: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
}

/** How much may be given of what no document's end was found in, and that the file ends with. */
function restOf(bytes: Uint8Array, isSettled: boolean, isGone: boolean): number {
  if (!isSettled) return 0;
  return isGone || isWhole(bytes) ? bytes.length : lastLine(bytes);
}

/** The content of a file from `skip` on, in pieces that end with a document. */
async function* piecesOf({ path, size }: SeenFile, skip: number): AsyncGenerator<Uint8Array> {
  let left = skip;
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of readInput({ path, size })) {
    const part = chunk.subarray(Math.min(left, chunk.length));
    left -= chunk.length - part.length;
    rest = Buffer.concat([rest, part]);
    if (rest.length < BATCH) continue;
    const cut = lastBoundary(rest) || lengthOfAny(rest);
    if (cut > 0) yield rest.subarray(0, cut);
    rest = rest.subarray(cut);
  }
  if (rest.length > 0) yield rest;
}
