import { checkConfig, KINDS } from '../app/configFile.ts';
import { configSchema } from '../config/jsonSchema.ts';
import { UserError } from '../lib/errors.ts';
import { listText, plural, visible } from '../report/text.ts';
import { COMMON_OPTIONS, type CommandSpec, type Parsed, startCommand } from './command.ts';
import type { Streams } from './streams.ts';
import { runVerb, type Verb } from './verbs.ts';

const CONFIG: CommandSpec = {
  name: 'config',
  summary: 'Check a configuration, or print its schema',
  usage: '<subcommand> [options]',
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
  before: `Subcommands
  check <file>     Every mistake in a configuration, with its place and cure
  schema           The schema of configurations, for editors`,
  after: 'Help for one of them: cosmowatch config check --help',
};

const SUBCOMMANDS: Readonly<Record<string, Verb>> = { check: runCheck, schema: runSchema };

/** `cosmowatch config SUBCOMMAND` */
export const runConfig: Verb = (...given) => runVerb(CONFIG, SUBCOMMANDS, ...given);

const CHECK: CommandSpec = {
  name: 'config check',
  summary: 'Every mistake in a configuration, with its place and cure',
  usage: '<file> [options]',
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--rules <DIR>', text: 'Rules beside those that it names, as serve --rules', many: true },
        { flags: '--json', text: 'Print it as JSON' },
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `Everything is looked up as the service would: variables, files with secrets,
rules. Nothing is connected to, and no secret is printed.

Exit codes
  0  it can be used      2  mistakes, or called wrongly

Example
  cosmowatch config check cosmowatch.yml`,
};

async function runCheck(words: readonly string[], streams: Streams): Promise<number> {
  const parsed = startCommand(CHECK, words, streams.out);
  if (parsed === null) return 0;
  const [path, ...others] = parsed.args;
  if (path === undefined || others.length > 0)
    throw new UserError('CW-1001', 'config check takes one file', { cure: 'cosmowatch config check cosmowatch.yml' });
  const checked = checkConfig(path, streams.env, parsed.many('rules'));
  streams.out(parsed.isOn('json') ? asJson(checked) : asText(path, checked, parsed));
  return checked.errors === 0 ? 0 : 2;
}

type Checked = ReturnType<typeof checkConfig>;

function asJson({ config, diagnostics, printed, errors }: Checked): string {
  return `${JSON.stringify({ valid: config !== null && errors === 0, errors, diagnostics, printed }, null, 2)}\n`;
}

function asText(path: string, { config, rules, printed, errors }: Checked, { isOn }: Parsed): string {
  const told = printed.map((one) => `${one}\n`).join('');
  if (config === null || rules === null) return `${told}\n${plural(errors, 'mistake')}: nothing of it would be used.\n`;
  const receivers = [...config.receivers.values()].reduce((sum, { length }) => sum + length, 0);
  const active = rules.rules.filter(({ alerts }) => alerts).length;
  const parts = [
    plural(config.sources.length, 'source'),
    plural(receivers, 'receiver'),
    plural(active, 'rule'),
    ...(rules.disabled.length === 0 ? [] : [`${rules.disabled.length} switched off`]),
  ];
  if (errors > 0)
    return `${told}\n${plural(errors, 'mistake')}: ${refusedText(config.tuning.refused)}; the rest would be used.\n`;
  return isOn('quiet') ? told : `${told}${visible(path)} can be used: ${parts.join(', ')}.\n`;
}

function refusedText(refused: readonly { readonly path: string }[]): string {
  return `${listText(
    refused.map(({ path }) => visible(path)),
    5,
  )} would be left out`;
}

const SCHEMA: CommandSpec = {
  name: 'config schema',
  summary: 'The schema of configurations, for editors',
  usage: '[options]',
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
  after: `JSON Schema, draft 7. A configuration names it in its first line:
  # yaml-language-server: $schema=config.schema.json

Example
  cosmowatch config schema > config.schema.json`,
};

async function runSchema(words: readonly string[], streams: Streams): Promise<number> {
  if (startCommand(SCHEMA, words, streams.out) !== null)
    streams.out(`${JSON.stringify(configSchema(KINDS), null, 2)}\n`);
  return 0;
}
