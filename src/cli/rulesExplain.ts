import { askRules } from '../app/askRules.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { whyText } from '../report/why.ts';
import { COMMON_OPTIONS, type CommandSpec, RECORD_HELP, startCommand } from './command.ts';
import { outLook } from './scanOptions.ts';
import type { Streams } from './streams.ts';

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
  const parsed = startCommand(EXPLAIN, words, streams.out);
  if (parsed === null) return 0;
  const [rule, record, ...more] = parsed.args;
  if (rule === undefined || record === undefined || more.length > 0)
    throw new UserError('CW-1001', 'rules explain takes a rule and a record', {
      cure: 'see: cosmowatch rules explain --help',
    });
  const look = outLook(parsed, streams);
  const explained = await askRules({ rule, record, rules: parsed.many('rules') }, signal);
  streams.out(explained.map(({ traced, record: asked }) => whyText(traced, asked, look)).join('\n'));
  return 0;
}
