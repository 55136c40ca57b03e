import { checkRules, checkTimelines, listRules } from '../app/ruleCommands.ts';
import { BUILT_IN } from '../app/rules.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { COMMON_OPTIONS, type CommandSpec, helpOf, parseCommand } from './command.ts';
import type { Streams } from './streams.ts';

const RULES: CommandSpec = {
  name: 'rules',
  summary: 'List, lint and test detection rules',
  usage: '<list|lint|test> [path...]',
  before: `Subcommands
  list             Name, level and title of each rule
  lint             Every mistake, with its place and the cure
  test             Run the timelines beside the rules (*.test.yml)

Without a path: the built-in rules.`,
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
  after: `Examples
  cosmowatch rules lint rules/own
  cosmowatch rules test rules/own/keys.test.yml`,
};

/** `cosmowatch rules list|lint|test` */
export async function runRules(words: readonly string[], streams: Streams, _clock: Clock): Promise<number> {
  const { args, help } = parseCommand(RULES, words);
  const [verb, ...given] = args;
  if (help || verb === undefined) {
    streams.out(helpOf(RULES));
    return help ? 0 : 2;
  }
  const paths = given.length === 0 ? [BUILT_IN] : given;
  switch (verb) {
    case 'list':
      streams.out(listRules(paths));
      return 0;
    case 'lint': {
      const { text, errors } = checkRules(paths);
      streams.out(text);
      return errors === 0 ? 0 : 2;
    }
    case 'test': {
      const { text, failed } = checkTimelines(paths);
      streams.out(text);
      return failed === 0 ? 0 : 1;
    }
    default:
      throw new UserError('CW-1001', `rules has no subcommand ${verb}`, { cure: 'cosmowatch rules --help' });
  }
}
