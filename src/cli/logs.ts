import { ruleSet } from '../app/ask.ts';
import { explainFound } from '../app/explainRecord.ts';
import { findRecord } from '../app/findRecord.ts';
import { logStats } from '../app/logStats.ts';
import { rulesFor } from '../app/rules.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import type { Look } from '../report/context.ts';
import { jsonText } from '../report/lines.ts';
import { logStatsJson, logStatsText } from '../report/logStats.ts';
import { recordJson, recordText } from '../report/record.ts';
import { nextCommands } from './again.ts';
import { COMMON_OPTIONS, type CommandSpec, helpOf, type Parsed, RECORD_HELP, startCommand } from './command.ts';
import { refuseNothing } from './nothing.ts';
import { progressLine, progressOf } from './scan.ts';
import { choice, colorIn, outLook, progressIn, readTime, type ScanOptions } from './scanOptions.ts';
import type { Streams } from './streams.ts';

export const LOGS: CommandSpec = {
  name: 'logs',
  summary: 'Say how a record is understood, and what logs can show',
  usage: '<explain|stats> <path...> [options]',
  before: `Subcommands
  explain <record>     What one record is: its log and variant, each field and
                       where it came from, what is dropped as sensitive, its
                       ids, and which rules look at it
  stats <path...>      What files hold: logs, variants, accounts, times,
                       silences, rates, what was left out, and which rules
                       could fire on it

${RECORD_HELP}`,
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '-f, --format <F>', text: 'text or json (default text)' },
        { flags: '--rules <DIR>', text: 'Rules beside the built-in ones', many: true },
        { flags: '--now <T>', text: 'Take this as the wall clock: later records are refused' },
        { flags: '--progress <W>', text: 'stats: auto, plain, off (default auto)' },
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `Examples
  cosmowatch logs explain PT1H.json:118
  az monitor activity-log list -o json | cosmowatch logs explain -
  cosmowatch logs stats logs/`,
};

interface LogsOptions extends Pick<ScanOptions, 'color' | 'quiet' | 'progress'> {
  readonly paths: readonly string[];
  readonly rules: ReturnType<typeof rulesFor>;
  readonly nowMs: number;
  readonly isJson: boolean;
  readonly look: Look;
}

/** `cosmowatch logs explain|stats` */
export async function runLogs(
  words: readonly string[],
  streams: Streams,
  clock: Clock,
  signal: AbortSignal,
): Promise<number> {
  const parsed = startCommand(LOGS, words, streams.out);
  if (parsed === null) return 0;
  const [verb] = parsed.args;
  switch (verb) {
    case undefined:
      streams.out(helpOf(LOGS));
      return 2;
    case 'explain':
      return explain(readOptions(parsed, streams, clock.now()), streams, signal);
    case 'stats':
      return stats(parsed, { streams, clock, signal });
    default:
      throw new UserError('CW-1001', `logs has no subcommand ${verb}`, { cure: 'cosmowatch logs --help' });
  }
}

/** @throws UserError CW-1001, CW-1002, CW-3001 */
function readOptions(parsed: Parsed, streams: Streams, nowMs: number): LogsOptions {
  const { args, text, many, isOn } = parsed;
  const now = text('now');
  return {
    paths: args.slice(1),
    isJson: choice('--format', text('format'), ['text', 'json']) === 'json',
    nowMs: now === null ? nowMs : readTime('--now', now, nowMs) / 1000,
    color: colorIn(parsed),
    look: outLook(parsed, streams),
    quiet: isOn('quiet'),
    progress: progressIn(parsed),
    rules: rulesFor(many('rules'), [], new Map()),
  };
}

async function explain(options: LogsOptions, streams: Streams, signal: AbortSignal): Promise<number> {
  const { paths, rules, nowMs, isJson, look } = options;
  const [named, ...more] = paths;
  if (named === undefined || more.length > 0)
    throw new UserError('CW-1001', 'logs explain needs one record', {
      cure: 'cosmowatch logs explain PT1H.json:118',
    });
  const found = await findRecord(named, signal);
  const record = explainFound(found, { nowMs, rules: ruleSet(rules) });
  streams.out(isJson ? `${jsonText(recordJson(record, found.place), 2)}\n` : recordText(record, found.place, look));
  return 0;
}

async function stats(
  parsed: Parsed,
  { streams, clock, signal }: { readonly streams: Streams; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<number> {
  const options = readOptions(parsed, streams, clock.now());
  const { paths, rules, nowMs, isJson, look } = options;
  if (paths.length === 0)
    throw new UserError('CW-1001', 'logs stats needs a file, a folder, or - for standard input', {
      cure: 'cosmowatch logs stats logs/',
    });
  const progress = progressOf(options, streams, clock);
  const found = await logStats(
    paths,
    { nowMs, rules },
    { onProgress: (state) => progress.update((elapsed) => progressLine(state, elapsed)) },
    signal,
  );
  progress.clear();
  refuseNothing({ ...found, stats: found }, paths);
  const next = nextCommands(parsed, paths, streams);
  streams.out(isJson ? `${jsonText(logStatsJson(found), 2)}\n` : logStatsText(found, next, look));
  return 0;
}
