import { type Inventory, readInventory } from '../accounts/inventory.ts';
import { Absence } from '../engine/absence.ts';
import { Compiled } from '../engine/compile.ts';
import { Decoder } from '../events/decode.ts';
import { type Micros, SECOND } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import { isKnown, validTimes } from '../events/normalise.ts';
import type { Rule } from '../ir/ir.ts';
import type { Clock } from '../lib/clock.ts';
import { compareText } from '../lib/compare.ts';
import { UserError } from '../lib/errors.ts';
import type { Json } from '../lib/json.ts';
import { diskSpill } from '../lib/spill.ts';
import { Clients } from '../relate/clients.ts';
import { factsOfClients } from '../relate/firstUse.ts';
import { foreknow } from '../relate/foreknown.ts';
import { Relate } from '../relate/relate.ts';
import { Sightings } from '../relate/sightings.ts';
import type { SkippedFile } from '../report/context.ts';
import { BulkReader } from '../skim/bulk.ts';
import { createSkim, type Skimmed } from '../skim/skim.ts';
import { type FileIo, type InputFile, listInputs, nodeIo, readCallFile } from '../sources/file.ts';
import { Memory } from '../tuning/memory.ts';
import { Blinded } from './blinded.ts';
import { blindSpots } from './blindSpots.ts';
import type { ScanOutcome, ScanProgress, ScanRequest } from './contract.ts';
import { Gather } from './gather.ts';
import { hitSorter, type KeptHit } from './hits.ts';
import { Intake, learnsClients, relevance } from './intake.ts';
import { judge } from './judge.ts';
import { LikeHits } from './like/likeHits.ts';
import type { ReaderSetup } from './piece.ts';
import { type FileReader, progressOver, type ReadPorts, readFile, skippedBy } from './readFiles.ts';
import { rulesFor } from './rules.ts';
import { excepting } from './scanExceptions.ts';
import { inOrder, shareFiles, type Threads } from './shareFiles.ts';
import { Signs } from './signs.ts';
import { skimModule } from './skimModule.ts';
import { AlertSorter } from './told.ts';
import { type Learning, learnClient, learningIn } from './walkedClients.ts';

export interface ScanPorts extends ReadPorts {
  readonly clock: Clock;
  /** Bytes of records that wait in memory before they go to disk, for each of the three sorts. */
  readonly budget?: number;
  /** Default: one. */
  readonly threads?: Threads;
  /** What is read beside files. */
  readonly beside?: Beside;
}

/** Logs that are no files, read after them, and the present state of what they tell of. */
export interface Beside {
  readonly inventory: Inventory;
  readonly streams: readonly { readonly name: string; readonly chunks: AsyncIterable<Uint8Array> }[];
}

const BUDGET = 12 << 20;

/** Texts instead of files: timelines and tests. */
export interface TextInput {
  readonly name: string;
  readonly chunks: Iterable<Uint8Array>;
}

/** Reads the files and says what happened. @throws UserError for rules and inventories that are not valid */
export async function scan(request: ScanRequest, ports: ScanPorts, signal?: AbortSignal): Promise<ScanOutcome> {
  const started = ports.clock.now();
  const rules = rulesFor(request.rulesDirs, request.only, request.parameters);
  const run = new ScanRun(
    rules,
    request,
    [
      ...request.inventory.map(({ file, at }) => ({ inventory: loadInventory(file), at })),
      ...(ports.beside === undefined ? [] : [{ inventory: ports.beside.inventory, at: null }]),
    ],
    ports.budget,
  );
  const inputs = listInputs(request.paths, ports.io ?? nodeIo);
  for (const { path, error } of inputs.problems) run.skipped.push(skippedBy(path, error, 0));
  const progress = progressOver(inputs.files, ports.onProgress);
  const tell = (path: string, phase: ScanProgress['phase']) => progress(path, phase, run.bytes, run.intake.records);
  await shareFiles({
    files: inputs.files,
    threads: ports.threads ?? { jobs: 1 },
    setup: request.skim && ports.io === undefined ? run.readerSetup() : null,
    gather: run.gather,
    readWhole: (file, from) => run.readFile(file, ports.io ?? nodeIo, () => tell(file.path, 'reading'), signal, from),
    onPiece: ({ path }, { bytes }) => {
      run.bytes += bytes;
      tell(path, 'reading');
    },
    signal,
  });
  for (const { name, chunks } of ports.beside?.streams ?? []) await run.readBeside(name, chunks);
  const last = inputs.files.at(-1);
  if (last !== undefined && !signal?.aborted) tell(last.path, 'judging');
  run.skipped.splice(0, run.skipped.length, ...inOrder(run.skipped, inputs.files));
  return run.finish(() => (ports.clock.now() - started) / 1000);
}

/** The same pipeline over texts in memory. */
export function scanTexts(
  texts: readonly TextInput[],
  rules: readonly Rule[],
  request: Pick<ScanRequest, 'since' | 'until' | 'nowMs' | 'expectAccounts' | 'minLevel' | 'skim' | 'exceptions'>,
  inventories: readonly { readonly inventory: Inventory; readonly at: Micros | null }[] = [],
  budget?: number,
): ScanOutcome {
  const run = new ScanRun(rules, request, inventories, budget);
  for (const { name, chunks } of texts) run.readText(name, chunks);
  return run.finish(() => 0);
}

/** One scan under way: the pipeline of ARCHITECTURE.md, wired. */
class ScanRun {
  readonly skipped: SkippedFile[] = [];
  readonly intake: Intake;
  readonly gather: Gather;
  bytes = 0;
  readonly #rules: readonly Rule[];
  readonly #request: Pick<ScanRequest, 'since' | 'until' | 'nowMs' | 'expectAccounts' | 'minLevel' | 'exceptions'>;
  readonly #compiled: Compiled;
  readonly #absence: Absence;
  readonly #sightings = new Sightings();
  readonly #signs: Signs;
  readonly #relate: Relate;
  readonly #hits: ReturnType<typeof hitSorter>;
  readonly #likes: LikeHits;
  /** Null: nobody asks who uses the data. */
  readonly #clients: Clients | null;
  readonly #learning: Learning | null;
  /** Null: every record is parsed. */
  readonly #bulk: BulkReader | null;
  readonly #budget: number;

  constructor(
    rules: readonly Rule[],
    request: Pick<ScanRequest, 'since' | 'until' | 'nowMs' | 'expectAccounts' | 'minLevel' | 'skim' | 'exceptions'>,
    inventories: readonly { readonly inventory: Inventory; readonly at: Micros | null }[],
    budget: number = BUDGET,
  ) {
    this.#rules = rules;
    this.#budget = budget;
    this.#request = request;
    this.#compiled = new Compiled(rules);
    this.#absence = new Absence(this.#compiled);
    this.#hits = hitSorter(diskSpill(), budget);
    this.#relate = new Relate({
      spill: () => diskSpill(),
      budget,
      sightings: this.#sightings,
      foreknown: foreknow(inventories, request.expectAccounts),
    });
    this.#signs = new Signs(this.#absence, this.#sightings, request.until);
    const [compiled, signs, relate, { nowMs }] = [this.#compiled, this.#signs, this.#relate, request];
    this.#likes = new LikeHits({ compiled, signs, nowMs, budget: 2 * budget });
    const hits = {
      add: (hit: KeptHit, bytes: number) => {
        this.#likes.alone(hit);
        this.#hits.add(hit, bytes);
      },
    };
    this.#clients = learnsClients(compiled) ? new Clients() : null;
    this.#learning = this.#clients === null ? null : learningIn(this.#clients, request.until, request.nowMs);
    const clients = this.#clients === null ? {} : { clients: this.#clients };
    this.intake = new Intake({ compiled, signs, relate, hits, nowMs, ...clients });
    this.gather = new Gather({ signs, intake: this.intake, relate, hits, ...clients });
    this.#bulk = request.skim ? this.#newBulk(request.nowMs) : null;
  }

  #newBulk(nowMs: number): BulkReader {
    return new BulkReader({
      module: skimModule(),
      skim: createSkim(relevance(this.#compiled)),
      tallyOf: (sample) => this.intake.tallyOf(sample),
      onCounted: (records) => {
        this.intake.records += records;
      },
      times: validTimes(nowMs),
      likes: this.#likes,
      ...(this.#clients === null
        ? {}
        : { requests: { takesMeasures: true, learn: (record) => learnClient(record, () => this.#learning!) } }),
    });
  }

  /** What readers on other threads have to know. */
  readerSetup(): ReaderSetup {
    const { until, nowMs } = this.#request;
    return { rules: this.#rules, nowMs, until, learnsClients: this.#clients !== null };
  }

  async readFile(
    file: InputFile,
    io: FileIo,
    onChunk: () => void,
    signal?: AbortSignal,
    from: { readonly byte: number; readonly lines: number } = { byte: 0, lines: 0 },
  ): Promise<void> {
    const counted = (bytes: number) => {
      this.bytes += bytes;
      onChunk();
    };
    const { intake } = this;
    const reader = {
      decoder: (source: string, noText: (what: string) => void) => this.#reader(source, from.lines + 1, noText),
      get records() {
        return intake.records;
      },
    };
    const why = await readFile(file, reader, { io, onChunk: counted, from: from.byte }, signal);
    if (why !== null) this.skipped.push(why);
  }

  readText(name: string, chunks: Iterable<Uint8Array>): void {
    const decoder = this.#reader(name);
    for (const chunk of chunks) {
      this.bytes += chunk.length;
      decoder.push(chunk);
    }
    decoder.end();
  }

  async readStream(name: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const decoder = this.#reader(name);
    try {
      for await (const chunk of chunks) {
        this.bytes += chunk.length;
        decoder.push(chunk);
      }
    } finally {
      decoder.end();
    }
  }

  /** The same of one among others: where it fails, the rest is read on. */
  async readBeside(name: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const before = this.intake.records;
    try {
      await this.readStream(name, chunks);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.skipped.push(skippedBy(name, error, this.intake.records - before));
    }
  }

  #reader(source: string, firstLine = 1, noText?: (what: string) => void): FileReader {
    const sink = this.intake.sink(source);
    const decoder = new Decoder<Skimmed>({ known: isKnown, skim: null, sink: noText ? { ...sink, noText } : sink });
    const bulk = this.#bulk;
    if (bulk === null) return { push: (chunk) => decoder.push(chunk), end: () => decoder.end() };
    this.#likes.open(source);
    if (this.#learning !== null) this.#learning.source = source;
    bulk.open(decoder, firstLine);
    return { space: () => bulk.space(), push: (chunk) => bulk.push(chunk), end: () => bulk.end() };
  }

  finish(seconds: () => number): ScanOutcome {
    const { intake } = this;
    const seen = this.#signs.seen();
    const blinded = new Blinded(this.#rules, seen.seenBy);
    const hasEvents = seen.events > 0;
    const end = this.#request.until ?? (hasEvents ? seen.last : 0);
    const since = sinceOf(this.#request.since, hasEvents ? end : null);
    try {
      const memory = new Memory();
      const related = this.#relate.run((fact) => {
        remember(memory, fact);
        intake.fact(fact);
      });
      for (const [, clients] of this.#clients?.accounts() ?? [])
        for (const fact of factsOfClients(clients)) intake.fact(fact);
      const { exceptions = [] } = this.#request;
      const known = { blinded, spellings: related.spellings, memory, excepting: excepting(exceptions, end / 1000) };
      const told = new AlertSorter(diskSpill(), this.#budget, { ...this.#request, since }, this.#rules, known);
      const judged = judge({
        compiled: this.#compiled,
        absence: this.#absence,
        hits: () => this.#likes.with(this.#hits.sorted()),
        related,
        sightings: this.#sightings,
        declared: hasEvents || since !== null ? this.#request.expectAccounts : [],
        first: hasEvents ? seen.first : end,
        end,
        since,
        keep: (raised) => told.add(raised),
      });
      return {
        told,
        stats: {
          bytes: this.bytes,
          records: intake.records,
          events: seen.events,
          families: byName(seen.families),
          unknown: intake.unknown,
          invalid: byName(intake.invalid),
          duplicates: related.duplicates + judged.duplicates,
          actions: related.actions + judged.requests,
          alerts: told.length,
          seconds: seconds(),
        },
        leftOut: intake.leftOut.list(),
        skipped: this.skipped,
        period: hasEvents ? { from: seen.first, to: seen.last } : null,
        accounts: [...related.lives.keys()].sort(),
        rules: this.#rules.filter((rule) => rule.alerts).length,
        blindSpots: blindSpots(seen.seenBy),
      };
    } finally {
      this.#hits.close();
      this.#likes.close();
    }
  }
}

/** Who was there, as the control plane tells it. */
function remember(memory: Memory, { account, actor, sourceIp, userAgent, time }: Fact): void {
  if (account === null) return;
  const second = Math.floor(time / SECOND);
  const one = <T>(value: T | null): T[] => (value === null ? [] : [value]);
  memory.see(account, { actors: one(actor), addresses: one(sourceIp), agents: one(userAgent) }, second, second);
}

/** Nothing is dropped while it is read, so what is counted back from the newest record can wait until that is known. */
function sinceOf(since: ScanRequest['since'], end: Micros | null): Micros | null {
  if (since === null || typeof since === 'number') return since;
  return end === null ? null : end - since.ago;
}

function byName(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => compareText(a, b)));
}

/** @throws UserError CW-2001, CW-2002, CW-2005, CW-2007 */
export function loadInventory(file: string): Inventory {
  const text = readCallFile(file, '--inventory');
  const cure = 'give what az cosmosdb show or list prints, or ARM answers, as JSON';
  let document: Json;
  try {
    document = JSON.parse(text) as Json;
  } catch {
    throw new UserError('CW-2005', `${file} is no JSON`, { cure });
  }
  const inventory = readInventory([document]);
  const isEmpty =
    inventory.accounts.size +
      inventory.deliveries.size +
      inventory.locks.length +
      inventory.vaults.size +
      inventory.instances.size +
      inventory.assignments.size ===
    0;
  if (isEmpty)
    throw new UserError(
      'CW-2005',
      `${file} holds no account, lock, diagnostic setting, vault, role assignment or backup instance`,
      {
        cure,
      },
    );
  return inventory;
}
