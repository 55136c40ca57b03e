import { checkRules, checkTimelines, listRules } from '../app/ruleCommands.ts';
import { BUILT_IN } from '../app/rules.ts';
import { SEVERITIES } from '../sigma/diagnostic.ts';
import { COMMON_OPTIONS, type CommandSpec, startCommand } from './command.ts';
import { choice, outLook } from './scanOptions.ts';
import type { Streams } from './streams.ts';
import { runVerb, type Verb } from './verbs.ts';

const RULES: CommandSpec = {
  name: 'rules',
  summary: 'List, lint, test, explain, match and make detection rules',
  usage: '<list|lint|test|explain|match|new> ...',
  before: `Subcommands
  list [path...]   Name, level and title of each rule
  lint [path...]   Every mistake, with its place and the cure
  test [path...]   Run the timelines beside the rules (*.test.yml)
  explain <rule> <record>
                   Why a rule matches a record, or does not
  match            Ask rules about any JSON events, as they are
  new <name>       A rule and its timeline to start from

Without a path: the built-in rules.`,
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
  after: `Help for one of them: cosmowatch rules lint --help

Examples
  cosmowatch rules new keys_replaced --action cosmosdb.keys.regenerate
  cosmowatch rules lint rules/own
  cosmowatch rules test rules/own/keys.test.yml`,
};

/** Every subcommand; what the larger ones need is loaded when they are called. */
const SUBCOMMANDS: Readonly<Record<string, Verb>> = {
  list: async (words, streams) => runList(words, streams),
  lint: async (words, streams) => runLint(words, streams),
  test: async (words, streams) => runTest(words, streams),
  explain: async (...given) => (await import('./rulesExplain.ts')).runRulesExplain(...given),
  match: async (...given) => (await import('./rulesMatch.ts')).runRulesMatch(...given),
  new: async (words, streams, clock) => (await import('./rulesNew.ts')).runRulesNew(words, streams, clock),
};

/** `cosmowatch rules SUBCOMMAND` */
export const runRules: Verb = (...given) => runVerb(RULES, SUBCOMMANDS, ...given);

const LIST: CommandSpec = {
  name: 'rules list',
  summary: 'Name, level and title of each rule that raises alerts',
  usage: '[path...]',
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
};

function runList(words: readonly string[], streams: Streams): number {
  const parsed = startCommand(LIST, words, streams.out);
  if (parsed !== null) streams.out(listRules(pathsOf(parsed.args)));
  return 0;
}

const LINT: CommandSpec = {
  name: 'rules lint',
  summary: 'Every mistake in rules, with its place and the cure',
  usage: '[path...] [options]',
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--severity <S>', text: 'Only this and what is worse: info, warning, error (default info)' },
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `error      the rule cannot be used and is left out
warning    it works, and most likely not as it was meant
info       what the conventions of SigmaHQ ask for

Exit codes
  0  no error            2  errors, or called wrongly`,
};

function runLint(words: readonly string[], streams: Streams): number {
  const parsed = startCommand(LINT, words, streams.out);
  if (parsed === null) return 0;
  const severity = choice('--severity', parsed.text('severity'), SEVERITIES) ?? 'info';
  const { text, errors } = checkRules(pathsOf(parsed.args), severity);
  streams.out(text);
  return errors === 0 ? 0 : 2;
}

const TEST: CommandSpec = {
  name: 'rules test',
  summary: 'Run the timelines beside rules and compare the alerts',
  usage: '[path...]',
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
  after: `Exit codes
  0  all as expected     1  some not
  2  called wrongly, or a rule that is not valid`,
};

function runTest(words: readonly string[], streams: Streams): number {
  const parsed = startCommand(TEST, words, streams.out);
  if (parsed === null) return 0;
  const { text, failed } = checkTimelines(pathsOf(parsed.args), outLook(parsed, streams));
  streams.out(text);
  return failed === 0 ? 0 : 1;
}

function pathsOf(args: readonly string[]): readonly string[] {
  return args.length === 0 ? [BUILT_IN] : args;
}
