import { LEVELS, type ScanOutcome, type ScanProgress } from '../app/contract.ts';
import { type Beside, scan } from '../app/scan.ts';
import { type Clock, chance } from '../lib/clock.ts';
import { Progress } from '../lib/progress.ts';
import { visibleCharacters } from '../lib/visible.ts';
import type { NextCommands } from '../report/context.ts';
import { hasLeftOut } from '../report/leftOut.ts';
import { megabytes, plural } from '../report/text.ts';
import { nextCommands } from './again.ts';
import { startCommand } from './command.ts';
import { refuseNothing } from './nothing.ts';
import { explainAlert, renderScan } from './output.ts';
import { checkWritable, replaceFile } from './replaceFile.ts';
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
  const { request, output, stats } = options;
  if (output !== null) checkWritable(output, '--output');
  if (stats !== null) checkWritable(stats, '--stats');
  const progress = progressOf(options, streams, clock);
  const started = clock.now();
  const beside = await openBeside(options, streams, { clock, progress }, signal);
  const outcome = await scan(
    request,
    {
      clock,
      ...(beside === null ? {} : { beside }),
      threads: { jobs: options.jobs ?? 1 },
      onProgress: (state) => progress.update((elapsed) => progressLine(state, elapsed)),
    },
    signal,
  );
  progress.clear();
  try {
    refuseNothing(outcome, request.paths);
    const next = nextCommands(parsed, request.paths, streams);
    print(outcome, options, streams, { elapsedMs: clock.now() - started, next });
    if (stats !== null) replaceFile(stats, `${JSON.stringify(outcome.stats)}\n`, '--stats');
    return exitCode(outcome, options);
  } finally {
    outcome.told.close();
  }
}

/** What Azure answers, where it is asked. */
async function openBeside(
  { azure, quiet }: ScanOptions,
  streams: Streams,
  { clock, progress }: { readonly clock: Clock; readonly progress: Progress },
  signal: AbortSignal,
): Promise<Beside | null> {
  if (azure === null) return null;
  const { openAzure } = await import('../app/azureScan.ts');
  const endpoint = streams.env['COSMOWATCH_AZURE_ENDPOINT'] ?? null;
  const onProgress = (what: string) => progress.update(() => what);
  const opened = await openAzure({ ...azure, endpoint }, { clock, random: chance, onProgress }, signal);
  progress.clear();
  if (!quiet) for (const what of opened.unread) streams.err(`not read: ${visibleCharacters(what)}\n`);
  return opened;
}

function print(
  outcome: ScanOutcome,
  options: ScanOptions,
  streams: Streams,
  told: { readonly elapsedMs: number; readonly next: NextCommands | null },
): void {
  const format: Format = options.format ?? (options.output === null && streams.isOutTerminal ? 'table' : 'tsv');
  const look = lookOf(streams, options.color, options.output === null && streams.isOutTerminal);
  const rendered =
    options.explain !== null
      ? { data: [explainAlert(outcome, options.explain, look, options.local)], notes: '' }
      : renderScan(format, outcome, look, { local: options.local, strict: options.strict, ...told });
  if (options.output === null) for (const piece of batched(rendered.data)) streams.out(piece);
  else replaceFile(options.output, rendered.data);
  if (!options.quiet) streams.err(rendered.notes);
}

function exitCode(outcome: ScanOutcome, { strict, failOn }: ScanOptions): number {
  if (strict && hasLeftOut(outcome)) return 4;
  const wanted = failOn === null ? Number.POSITIVE_INFINITY : LEVELS.indexOf(failOn);
  return LEVELS.some((level, rank) => rank >= wanted && outcome.told.found[level] > 0) ? 3 : 0;
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
