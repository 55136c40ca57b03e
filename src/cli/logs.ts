import { explainFile } from '../app/explainFile.ts';
import { logStats } from '../app/logStats.ts';
import { rulesFor } from '../app/rules.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import type { NextCommands } from '../report/context.ts';
import { jsonText } from '../report/lines.ts';
import { logStatsJson, logStatsText } from '../report/logStats.ts';
import { recordJson, recordText } from '../report/record.ts';
import { nextCommands } from './again.ts';
import { COMMON_OPTIONS, type CommandSpec, helpOf, type Parsed, parseCommand } from './command.ts';
import { refuseNothing } from './nothing.ts';
import { progressLine, progressOf } from './scan.ts';
import { choice, readTime } from './scanOptions.ts';
import { lookOf, type Streams } from './streams.ts';

export const LOGS: CommandSpec = {
  name: 'logs',
  summary: 'Say how a record is understood, and what logs can show',
  usage: '<explain|stats> <path...> [options]',
  before: `Subcommands
  explain FILE[:LINE]  What one record is: its log and variant, each field and
                       where it came from, what is dropped as sensitive, its
                       ids, and which rules look at it. Without LINE the first
                       record; FILE may be - for standard input
  stats <path...>      What files hold: logs, variants, accounts, times,
                       silences, rates, what was left out, and which rules
                       could fire on it`,
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '-f, --format <F>', text: 'text or json (default text)' },
        { flags: '--record <N>', text: 'explain: which of several records in that line (default 1)' },
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

interface LogsOptions {
  readonly paths: readonly string[];
  readonly format: 'text' | 'json';
  readonly nth: number;
  readonly rulesDirs: readonly string[];
  readonly nowMs: number;
  readonly color: 'auto' | 'always' | 'never';
  readonly quiet: boolean;
  readonly progress: 'auto' | 'plain' | 'off';
}

/** `cosmowatch logs explain|stats` */
export async function runLogs(
  words: readonly string[],
  streams: Streams,
  clock: Clock,
  signal: AbortSignal,
): Promise<number> {
  // `-:8` is no option but line 8 of standard input.
  const parsed = parseCommand(LOGS, words.map(withoutDash));
  const verb = parsed.args[0];
  if (parsed.help || verb === undefined) {
    streams.out(helpOf(LOGS));
    return parsed.help ? 0 : 2;
  }
  const options = readOptions(parsed, clock.now());
  switch (verb) {
    case 'explain':
      return explain(options, streams, signal);
    case 'stats':
      return stats(options, { streams, clock, signal }, nextCommands(parsed, options.paths, streams));
    default:
      throw new UserError('CW-1001', `logs has no subcommand ${verb}`, { cure: 'cosmowatch logs --help' });
  }
}

const LINE_ONLY = /^:\d+$/;

function withoutDash(word: string): string {
  return /^-:\d+$/.test(word) ? word.slice(1) : word;
}

/** @throws UserError CW-1001, CW-1002 */
function readOptions({ args, options }: Parsed, nowMs: number): LogsOptions {
  const text = (name: string): string | null => (options[name] as string | undefined) ?? null;
  const now = text('now');
  const nth = text('record') ?? '1';
  if (!/^[1-9]\d{0,8}$/.test(nth))
    throw new UserError('CW-1002', `--record does not take "${nth}"`, { cure: 'give a whole number from 1 on' });
  return {
    paths: args.slice(1).map((path) => (LINE_ONLY.test(path) ? `-${path}` : path)),
    format: choice('--format', text('format'), ['text', 'json'] as const) ?? 'text',
    nth: Number(nth),
    rulesDirs: (options['rules'] as readonly string[] | undefined) ?? [],
    nowMs: now === null ? nowMs : readTime('--now', now, nowMs) / 1000,
    color: choice('--color', text('color'), ['auto', 'always', 'never'] as const) ?? 'auto',
    quiet: options['quiet'] === true,
    progress: choice('--progress', text('progress'), ['auto', 'plain', 'off'] as const) ?? 'auto',
  };
}

async function explain(options: LogsOptions, streams: Streams, signal: AbortSignal): Promise<number> {
  const [named, ...more] = options.paths;
  if (named === undefined || more.length > 0)
    throw new UserError('CW-1001', 'logs explain needs one file, or - for standard input', {
      cure: 'cosmowatch logs explain PT1H.json:118',
    });
  const rules = rulesFor(options.rulesDirs, [], new Map());
  const { nth, nowMs } = options;
  const { record, place } = await explainFile({ named, nth, nowMs, rules }, undefined, signal);
  const look = { ...lookOf(streams, options.color, streams.isOutTerminal), localOffset: null };
  streams.out(
    options.format === 'json' ? `${jsonText(recordJson(record, place), 2)}\n` : recordText(record, place, look),
  );
  return 0;
}

async function stats(
  options: LogsOptions,
  { streams, clock, signal }: { readonly streams: Streams; readonly clock: Clock; readonly signal: AbortSignal },
  next: NextCommands | null,
): Promise<number> {
  if (options.paths.length === 0)
    throw new UserError('CW-1001', 'logs stats needs a file, a folder, or - for standard input', {
      cure: 'cosmowatch logs stats logs/',
    });
  const rules = rulesFor(options.rulesDirs, [], new Map());
  const progress = progressOf(options, streams, clock);
  const found = await logStats(
    options.paths,
    { nowMs: options.nowMs, rules },
    { onProgress: (state) => progress.update((elapsed) => progressLine(state, elapsed)) },
    signal,
  );
  progress.clear();
  refuseNothing({ ...found, stats: found }, options.paths);
  const look = { ...lookOf(streams, options.color, streams.isOutTerminal), localOffset: null };
  streams.out(options.format === 'json' ? `${jsonText(logStatsJson(found), 2)}\n` : logStatsText(found, next, look));
  return 0;
}
