import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { LEVELS, type ScanOutcome, type ScanProgress } from '../app/contract.ts';
import { scan } from '../app/scan.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { Progress } from '../lib/progress.ts';
import { visibleCharacters } from '../lib/visible.ts';
import { megabytes, plural } from '../report/text.ts';
import { startCommand } from './command.ts';
import { explainAlert, renderScan } from './output.ts';
import { replaceFile } from './replaceFile.ts';
import { type Format, readScanOptions, SCAN, type ScanOptions } from './scanOptions.ts';
import { type Look, lookOf, type Streams } from './streams.ts';

/** `cosmowatch scan`: reads, judges, prints; the exit code says how it went. */
export async function runScan(
  words: readonly string[],
  streams: Streams,
  clock: Clock,
  signal: AbortSignal,
): Promise<number> {
  const parsed = startCommand(SCAN, words, streams.out);
  if (parsed === null) return 0;
  const options = readScanOptions(parsed, clock.now());
  const progress = progressOf(options, streams, clock);
  const started = clock.now();
  const outcome = await scan(
    options.request,
    {
      clock,
      threads: { jobs: options.jobs ?? availableParallelism() },
      onProgress: (state) => progress.update((elapsed) => progressLine(state, elapsed)),
    },
    signal,
  );
  progress.clear();
  refuseNothing(outcome, options.request.paths);
  print(outcome, options, streams, clock.now() - started);
  if (options.stats !== null) writeFileSync(options.stats, `${JSON.stringify(outcome.stats)}\n`);
  const code = exitCode(outcome, options);
  outcome.told.close();
  return code;
}

function print(outcome: ScanOutcome, options: ScanOptions, streams: Streams, elapsedMs: number): void {
  const format: Format = options.format ?? (options.output === null && streams.isOutTerminal ? 'table' : 'tsv');
  const look = lookOf(streams, options.color, options.output === null && streams.isOutTerminal);
  const rendered =
    options.explain !== null
      ? { data: [explainAlert(outcome, options.explain, look, options.local)], notes: '' }
      : renderScan(format, outcome, look, { local: options.local, elapsedMs, paths: options.request.paths });
  if (options.output === null) for (const piece of batched(rendered.data)) streams.out(piece);
  else replaceFile(options.output, rendered.data);
  if (!options.quiet) streams.err(rendered.notes);
}

function exitCode(outcome: ScanOutcome, { strict, failOn }: ScanOptions): number {
  if (strict && (outcome.leftOut.length > 0 || outcome.skipped.length > 0)) return 4;
  const wanted = failOn === null ? Number.POSITIVE_INFINITY : LEVELS.indexOf(failOn);
  return LEVELS.some((level, rank) => rank >= wanted && outcome.told.counts[level] > 0) ? 3 : 0;
}

export function progressOf(
  options: Pick<ScanOptions, 'progress' | 'quiet' | 'color'>,
  streams: Streams,
  clock: Clock,
): Progress {
  const look: Look = lookOf(streams, options.color, streams.isErrTerminal);
  const isLine = options.progress === 'auto' && streams.isErrTerminal && streams.env['CI'] === undefined;
  const mode =
    options.quiet || options.progress === 'off'
      ? 'off'
      : isLine
        ? 'line'
        : options.progress === 'plain'
          ? 'plain'
          : 'off';
  return new Progress({ clock, write: streams.err, mode, width: look.width });
}

export function progressLine(state: ScanProgress, elapsedMs: number): string {
  const file = state.file === '-' ? 'stdin' : visibleCharacters(state.file);
  const read = megabytes(state.bytes);
  if (state.phase === 'judging') return `judging  ${plural(state.records, 'record')}`;
  if (state.totalBytes === null || state.totalBytes === 0) {
    return `reading  ${file}   ${read}  ${plural(state.records, 'record')}`;
  }
  const share = Math.min(1, state.bytes / state.totalBytes);
  const left = share > 0 ? Math.ceil(((elapsedMs / share) * (1 - share)) / 1000) : 0;
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  const what = state.files > 1 ? `${state.fileIndex + 1} of ${state.files} files` : file;
  return `reading  ${what}   ${Math.floor(share * 100)} %  ${read} of ${megabytes(state.totalBytes)}  ${time} left`;
}

/** Nothing at all could be read: that is an error of the call, not an empty answer. */
export function refuseNothing(
  outcome: Pick<ScanOutcome, 'skipped'> & { readonly stats: Pick<ScanOutcome['stats'], 'events' | 'records'> },
  paths: readonly string[],
): void {
  if (outcome.stats.events > 0 || outcome.stats.records > 0) return;
  throw new UserError('CW-2003', `nothing in ${paths.join(', ')} could be read as a log`, {
    facts: outcome.skipped.map(({ path, why }) => `${path}: ${why}`),
    cure: 'export the Activity Log or Cosmos DB resource logs, and give their folder',
  });
}

const BATCH = 1 << 16;

/** Pieces put together, so that a hundred thousand lines are not as many writes. */
function* batched(pieces: Iterable<string>): Generator<string> {
  let batch = '';
  for (const piece of pieces) {
    batch += piece;
    if (batch.length < BATCH) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
}
