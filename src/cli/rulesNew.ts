import { writeScaffold } from '../app/newRule.ts';
import { KINDS } from '../app/scaffold.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { visible } from '../report/text.ts';
import { COMMON_OPTIONS, type CommandSpec, startCommand } from './command.ts';
import { choice } from './scanOptions.ts';
import type { Streams } from './streams.ts';

const NEW: CommandSpec = {
  name: 'rules new',
  summary: 'Write a rule and its timeline to start from',
  usage: '<name> [options]',
  sections: [
    {
      title: 'Options',
      options: [
        {
          flags: '--kind <K>',
          text: 'detection (an event), correlation (many in a short time), absence (none for long)',
        },
        { flags: '--action <A>', text: 'What it looks for (default cosmosdb.keys.list); docs/reference/actions.md' },
        { flags: '--dir <DIR>', text: 'Where to write (default: this folder)' },
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `Nothing is overwritten. What is written passes rules lint and rules test at
once; the texts in it say what to write in their place.

Example
  cosmowatch rules new keys_replaced --action cosmosdb.keys.regenerate`,
};

/** `cosmowatch rules new NAME` */
export async function runRulesNew(words: readonly string[], streams: Streams, clock: Clock): Promise<number> {
  const parsed = startCommand(NEW, words, streams.out);
  if (parsed === null) return 0;
  const { args, text } = parsed;
  const [name] = args;
  if (name === undefined || args.length > 1)
    throw new UserError('CW-1001', 'rules new takes one name', { cure: 'see: cosmowatch rules new --help' });
  const kind = choice('--kind', text('kind'), KINDS) ?? 'detection';
  const { rule, timeline } = writeScaffold({
    name,
    kind,
    action: text('action') ?? 'cosmosdb.keys.list',
    dir: text('dir') ?? '.',
    now: clock.now(),
  });
  const width = Math.max(rule.length, timeline.length);
  streams.out(
    [
      `${visible(rule).padEnd(width)}   the rule`,
      `${visible(timeline).padEnd(width)}   its timeline, two cases`,
      '',
      `Next: cosmowatch rules test ${visible(timeline)}`,
      '',
    ].join('\n'),
  );
  return 0;
}
