import { matchFile } from '../app/matchFile.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { leftOutLines } from '../report/leftOut.ts';
import {
  disarmedLines,
  MATCH_HEAD,
  type MatchCounts,
  type Matched,
  matchLine,
  matchRow,
  matchSummary,
} from '../report/matches.ts';
import { COMMON_OPTIONS, type CommandSpec, startCommand } from './command.ts';
import { choice, outLook } from './scanOptions.ts';
import type { Streams } from './streams.ts';

const MATCH: CommandSpec = {
  name: 'rules match',
  summary: 'Ask rules about any JSON events, as they are',
  usage: '--rules <PATH> --events <FILE> [options]',
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--rules <PATH>', text: 'A file or folder of rules; can be given more than once', many: true },
        { flags: '--events <FILE>', text: 'JSON events of any product, in any framing; - is standard input' },
        { flags: '-f, --format <F>', text: 'table, ndjson (default: table on a terminal, ndjson in a pipe)' },
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `Every rule of --rules is asked, whatever its log source. A correlation is judged
at the events that it counts, over those before them in the file, in windows of
event time ("@timestamp", else "time"): no edge, no fold. A table shows the
events that some rule speaks of, ndjson one line for each.

Example
  cosmowatch rules match --rules rules/own --events events.ndjson`,
};

const BATCH = 1 << 16;

/** `cosmowatch rules match` */
export async function runRulesMatch(
  words: readonly string[],
  streams: Streams,
  _clock: Clock,
  signal: AbortSignal,
): Promise<number> {
  const parsed = startCommand(MATCH, words, streams.out);
  if (parsed === null) return 0;
  const { args } = parsed;
  const [rules, events] = [parsed.many('rules'), parsed.text('events')];
  if (args.length > 0) throw usage(`rules match takes no argument "${args[0]}"`);
  if (rules.length === 0 || events === null) throw usage('rules match needs --rules and --events');
  const usual = streams.isOutTerminal ? 'table' : 'ndjson';
  const format = choice('--format', parsed.text('format'), ['table', 'ndjson']) ?? usual;
  const look = outLook(parsed, streams);

  const counts: MatchCounts = { events: 0, matched: 0, fired: 0, timeless: 0 };
  let waiting = format === 'table' ? MATCH_HEAD : '';
  const flush = (): void => {
    if (waiting !== '') streams.out(waiting);
    waiting = '';
  };
  const told = (match: Matched): void => {
    count(counts, match);
    waiting += format === 'table' ? matchRow(match, look) : matchLine(match);
    if (waiting.length >= BATCH) flush();
  };
  const outcome = await matchFile({ rules, events }, { told, flush }, signal);
  flush();
  if (parsed.isOn('quiet')) return 0;
  if (format === 'table') streams.out(`\n${matchSummary(counts, outcome.rules, outcome.correlations)}`);
  const notes = [...leftOutLines(outcome.leftOut), ...disarmedLines(outcome.disarmed)];
  if (notes.length > 0) streams.err(`${notes.join('\n')}\n`);
  return 0;
}

function usage(message: string): UserError {
  return new UserError('CW-1001', message, { cure: 'see: cosmowatch rules match --help' });
}

function count(counts: MatchCounts, { matched, fired, time }: Matched): void {
  counts.events += 1;
  if (matched.length > 0) counts.matched += 1;
  if (fired.length > 0) counts.fired += 1;
  if (time === null) counts.timeless += 1;
}
