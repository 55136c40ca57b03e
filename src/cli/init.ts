import { join } from 'node:path';
import { categoriesOf } from '../app/init/categories.ts';
import type { Plan } from '../app/init/plan.ts';
import { filesOf, writeFiles } from '../app/init/write.ts';
import { shellWord } from '../lib/shell.ts';
import { visible, wrap } from '../report/text.ts';
import { COMMON_OPTIONS, type CommandSpec, startCommand } from './command.ts';
import { planOf } from './initPlan.ts';
import { refuseWords } from './remote.ts';
import type { Verb } from './verbs.ts';

const INIT: CommandSpec = {
  name: 'init',
  summary: 'Write a configuration, and what Azure needs for it',
  usage: '[options]',
  sections: [
    {
      title: 'What to watch',
      options: [
        { flags: '--subscription <ID>', text: 'Whose Activity Log is read', many: true },
        { flags: '--account <ID>', text: 'Resource id of an account, or all', many: true },
        {
          flags: '--api <A>',
          text: 'What the accounts speak: nosql, mongodb, cassandra, gremlin, table (default nosql)',
          many: true,
        },
        { flags: '--requests <R>', text: 'Requests to log: all (the most expensive), aggregates, none (default all)' },
      ],
    },
    {
      title: 'How logs come',
      options: [
        { flags: '--transport <T>', text: 'event_hubs, blob, log_analytics, or activity_log alone' },
        {
          flags: '--auth <A>',
          text: 'entra (an identity with a role), secret (of the hub or storage) (default entra)',
        },
        { flags: '--location <L>', text: 'Region of what is made (default westeurope)' },
        { flags: '--resource-group <G>', text: 'Group of what is made (default rg-cosmowatch)' },
        { flags: '--name <N>', text: 'Names of what is made begin with it (default cosmowatch)' },
      ],
    },
    {
      title: 'What to write',
      options: [
        { flags: '--dir <DIR>', text: 'Where (default: this folder)' },
        { flags: '--force', text: 'Overwrite what is there' },
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `What is missing is asked on a terminal. Written are cosmowatch.yml and a folder
azure with the same for Bicep, Terraform and the Azure CLI. Nothing is done in
Azure, and no secret is asked for or written.

Exit codes
  0  written             1  could not be written
  2  called wrongly, or a file is there already

Example
  cosmowatch init --subscription ID --account all --transport event_hubs`,
};

/** `cosmowatch init` */
export const runInit: Verb = async (words, streams) => {
  const parsed = startCommand(INIT, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 0, 'init takes options only');
  const plan = await planOf(parsed, streams.ask ?? null);
  const paths = writeFiles(filesOf(plan), parsed.text('dir') ?? '.', parsed.isOn('force'));
  streams.out(paths.map((path) => `${visible(path)}\n`).join(''));
  if (!parsed.isOn('quiet')) streams.err(nextSteps(plan, parsed.text('dir') ?? ''));
  return 0;
};

/** @param dir where it was written; empty: here */
function nextSteps(plan: Plan, dir: string): string {
  const named = (path: string): string => shellWord(join(dir, path)) ?? visible(join(dir, path));
  const logged =
    plan.transport === 'activity_log'
      ? []
      : ['', 'Each account will log:', ...categoriesOf(plan).flatMap(({ name, why }) => told(name, why))];
  return `${[
    ...logged,
    '',
    'Next',
    `  1. Read ${named('azure/')}`,
    '     and run one of them: main.bicep, main.tf or setup.sh.',
    '     They were written without a compiler for Bicep and without Azure at hand.',
    `  2. cosmowatch config check ${named('cosmowatch.yml')}`,
    `  3. cosmowatch serve --config ${named('cosmowatch.yml')}`,
    '',
  ].join('\n')}`;
}

function told(name: string, why: string): string[] {
  const [first = '', ...more] = wrap(`${why}.`, 80 - 25);
  return [`  ${name.padEnd(23)}${first}`, ...more.map((line) => ' '.repeat(25) + line)];
}
