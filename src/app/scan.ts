import { type Inventory, readInventory } from '../accounts/inventory.ts';
import { Absence } from '../engine/absence.ts';
import { Compiled } from '../engine/compile.ts';
import { Decoder } from '../events/decode.ts';
import type { Micros } from '../events/event.ts';
import { isKnown } from '../events/normalise.ts';
import type { Rule } from '../ir/ir.ts';
import type { Clock } from '../lib/clock.ts';
import { compareText } from '../lib/compare.ts';
import { UserError } from '../lib/errors.ts';
import type { Json } from '../lib/json.ts';
import { diskSpill } from '../lib/spill.ts';
import { foreknow } from '../relate/foreknown.ts';
import { Relate } from '../relate/relate.ts';
import { Sightings } from '../relate/sightings.ts';
import type { SkippedFile } from '../report/context.ts';
import { createSkim, type Skim, type Skimmed } from '../skim/skim.ts';
import { readCallFile } from '../sources/file.ts';
import { Blinded } from './blinded.ts';
import { blindSpots } from './blindSpots.ts';
import type { ScanOutcome, ScanRequest } from './contract.ts';
import { hitSorter } from './hits.ts';
import { Intake, relevance } from './intake.ts';
import { judge } from './judge.ts';
import { type FilesRead, type ReadPorts, readFiles } from './readFiles.ts';
import { rulesFor } from './rules.ts';
import { AlertSorter } from './told.ts';

export interface ScanPorts extends ReadPorts {
  readonly clock: Clock;
  /** Bytes of records that wait in memory before they go to disk, for each of the three sorts. */
  readonly budget?: number;
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
    request.inventory.map(({ file, at }) => ({ inventory: loadInventory(file), at })),
    ports.budget,
  );
  run.filesRead(await readFiles(request.paths, run, ports, signal));
  return run.finish(() => (ports.clock.now() - started) / 1000);
}

/** The same pipeline over texts in memory. */
export function scanTexts(
  texts: readonly TextInput[],
  rules: readonly Rule[],
  request: Pick<ScanRequest, 'since' | 'until' | 'nowMs' | 'expectAccounts' | 'minLevel' | 'skim'>,
  inventories: readonly { readonly inventory: Inventory; readonly at: Micros | null }[] = [],
  budget?: number,
): ScanOutcome {
  const run = new ScanRun(rules, request, inventories, budget);
  for (const { name, chunks } of texts) run.readText(name, chunks);
  return run.finish(() => 0);
}

/** The same pipeline over one stream of bytes, with nothing to choose. */
export async function scanStream(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  rules: readonly Rule[],
  { nowMs, clock }: { readonly nowMs: number; readonly clock: Clock },
): Promise<ScanOutcome> {
  const started = clock.now();
  const request = {
    since: null,
    until: null,
    nowMs,
    expectAccounts: [],
    minLevel: 'informational',
    skim: true,
  } as const;
  const run = new ScanRun(rules, request, []);
  await run.readStream(name, chunks);
  return run.finish(() => (clock.now() - started) / 1000);
}

/** One scan under way: the pipeline of ARCHITECTURE.md, wired. */
class ScanRun {
  readonly skipped: SkippedFile[] = [];
  readonly intake: Intake;
  bytes = 0;
  readonly #rules: readonly Rule[];
  readonly #request: Pick<ScanRequest, 'since' | 'until' | 'expectAccounts' | 'minLevel'>;
  readonly #compiled: Compiled;
  readonly #absence: Absence;
  readonly #sightings = new Sightings();
  readonly #relate: Relate;
  readonly #hits: ReturnType<typeof hitSorter>;
  readonly #skim: Skim | null;
  readonly #budget: number;

  constructor(
    rules: readonly Rule[],
    request: Pick<ScanRequest, 'since' | 'until' | 'nowMs' | 'expectAccounts' | 'minLevel' | 'skim'>,
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
    this.#skim = request.skim ? createSkim(relevance(this.#compiled)) : null;
    this.intake = new Intake({
      compiled: this.#compiled,
      absence: this.#absence,
      relate: this.#relate,
      sightings: this.#sightings,
      hits: this.#hits,
      nowMs: request.nowMs,
      until: request.until,
    });
  }

  get records(): number {
    return this.intake.records;
  }

  filesRead({ bytes, skipped }: FilesRead): void {
    this.bytes += bytes;
    this.skipped.push(...skipped);
  }

  readText(name: string, chunks: Iterable<Uint8Array>): void {
    const decoder = this.decoder(name);
    for (const chunk of chunks) {
      this.bytes += chunk.length;
      decoder.push(chunk);
    }
    decoder.end();
  }

  async readStream(name: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const decoder = this.decoder(name);
    for await (const chunk of chunks) {
      this.bytes += chunk.length;
      decoder.push(chunk);
    }
    decoder.end();
  }

  decoder(source: string, noText?: (what: string) => void): Decoder<Skimmed> {
    const sink = this.intake.sink(source);
    return new Decoder({ known: isKnown, skim: this.#skim, sink: noText ? { ...sink, noText } : sink });
  }

  finish(seconds: () => number): ScanOutcome {
    const { intake } = this;
    const blinded = new Blinded(this.#rules, intake.seenBy);
    const hasEvents = intake.events > 0;
    const end = this.#request.until ?? (hasEvents ? intake.last : 0);
    const since = sinceOf(this.#request.since, hasEvents ? end : null);
    const told = new AlertSorter(diskSpill(), this.#budget, { ...this.#request, since }, this.#rules, blinded);
    try {
      const related = this.#relate.run((fact) => intake.fact(fact));
      const judged = judge({
        compiled: this.#compiled,
        absence: this.#absence,
        hits: () => this.#hits.sorted(),
        related,
        sightings: this.#sightings,
        declared: hasEvents || since !== null ? this.#request.expectAccounts : [],
        first: hasEvents ? intake.first : end,
        end,
        since,
        keep: (raised) => told.add(raised),
      });
      return {
        told,
        stats: {
          bytes: this.bytes,
          records: intake.records,
          events: intake.events,
          families: byName(intake.families),
          unknown: intake.unknown,
          invalid: byName(intake.invalid),
          duplicates: related.duplicates + judged.duplicates,
          actions: related.actions + judged.requests,
          alerts: told.length,
          seconds: seconds(),
        },
        leftOut: intake.leftOut.list(),
        skipped: this.skipped,
        period: hasEvents ? { from: intake.first, to: intake.last } : null,
        accounts: [...related.lives.keys()].sort(),
        rules: this.#rules.filter((rule) => rule.alerts).length,
        blindSpots: blindSpots(intake.seenBy),
      };
    } finally {
      this.#hits.close();
    }
  }
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
