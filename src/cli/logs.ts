import { ruleSet } from '../app/ask.ts';
import { explainFound } from '../app/explainRecord.ts';
import { findRecord } from '../app/findRecord.ts';
import { logStats } from '../app/logStats.ts';
import { rulesFor } from '../app/rules.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { jsonText } from '../report/lines.ts';
import { logStatsJson, logStatsText } from '../report/logStats.ts';
import { recordJson, recordText } from '../report/record.ts';
import { COMMON_OPTIONS, type CommandSpec, helpOf, type Parsed, parseCommand, RECORD_HELP } from './command.ts';
import { progressLine, progressOf, refuseNothing } from './scan.ts';
import { choice, readTime } from './scanOptions.ts';
import { lookOf, type Streams } from './streams.ts';

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

interface LogsOptions {
  readonly paths: readonly string[];
  readonly format: 'text' | 'json';
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
  const parsed = parseCommand(LOGS, words);
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
      return stats(options, streams, clock, signal);
    default:
      throw new UserError('CW-1001', `logs has no subcommand ${verb}`, { cure: 'cosmowatch logs --help' });
  }
}

/** @throws UserError CW-1001, CW-1002 */
function readOptions({ args, options }: Parsed, nowMs: number): LogsOptions {
  const text = (name: string): string | null => (options[name] as string | undefined) ?? null;
  const now = text('now');
  return {
    paths: args.slice(1),
    format: choice('--format', text('format'), ['text', 'json'] as const) ?? 'text',
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
    throw new UserError('CW-1001', 'logs explain needs one record', {
      cure: 'cosmowatch logs explain PT1H.json:118',
    });
  const found = await findRecord(named, signal);
  const rules = ruleSet(rulesFor(options.rulesDirs, [], new Map()));
  const record = explainFound(found, { nowMs: options.nowMs, rules });
  const look = { ...lookOf(streams, options.color, streams.isOutTerminal), localOffset: null };
  streams.out(
    options.format === 'json'
      ? `${jsonText(recordJson(record, found.place), 2)}\n`
      : recordText(record, found.place, look),
  );
  return 0;
}

async function stats(options: LogsOptions, streams: Streams, clock: Clock, signal: AbortSignal): Promise<number> {
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
  refuseNothing({ stats: found, skipped: found.skipped }, options.paths);
  const look = { ...lookOf(streams, options.color, streams.isOutTerminal), localOffset: null };
  streams.out(
    options.format === 'json' ? `${jsonText(logStatsJson(found), 2)}\n` : logStatsText(found, options.paths, look),
  );
  return 0;
}
