import { askRules } from '../app/askRules.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { whyText } from '../report/why.ts';
import { COMMON_OPTIONS, type CommandSpec, helpOf, parseCommand, RECORD_HELP } from './command.ts';
import { lookOf, type Streams } from './streams.ts';

const EXPLAIN: CommandSpec = {
  name: 'rules explain',
  summary: 'Say why a rule matches a record, or does not',
  usage: '<rule> <record> [options]',
  before: `Arguments
  <rule>               Its name, id or title, or its file
  <record>             One record, of any product

${RECORD_HELP}`,
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--rules <DIR>', text: 'Rules beside the built-in ones; can be given more than once', many: true },
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `A record of a log that is known has its canonical fields (event.action, ...); of
any other, its own fields are asked, and the rule's log source is not.

Exit codes
  0  explained           1  a file could not be read     2  called wrongly

Example
  cosmowatch rules explain cosmosdb_access_keys_viewed logs/activity.json:3`,
};

/** `cosmowatch rules explain RULE RECORD` */
export async function runRulesExplain(
  words: readonly string[],
  streams: Streams,
  _clock: Clock,
  signal: AbortSignal,
): Promise<number> {
  const { args, options, help } = parseCommand(EXPLAIN, words);
  if (help) {
    streams.out(helpOf(EXPLAIN));
    return 0;
  }
  const [rule, record] = args;
  if (rule === undefined || record === undefined || args.length > 2)
    throw new UserError('CW-1001', 'rules explain takes a rule and a record', {
      cure: 'see: cosmowatch rules explain --help',
    });
  const look = lookOf(streams, (options['color'] as string | undefined) ?? 'auto', streams.isOutTerminal);
  const explained = await askRules({ rule, record, rules: (options['rules'] ?? []) as readonly string[] }, signal);
  streams.out(explained.map(({ traced, record: asked }) => whyText(traced, asked, look)).join('\n'));
  return 0;
}
