import { configAt } from '../app/configFile.ts';
import { type Tried, tryReceiver } from '../app/tryReceiver.ts';
import { visible } from '../report/text.ts';
import { COMMON_OPTIONS, type CommandSpec, startCommand } from './command.ts';
import { refuseWords } from './remote.ts';
import { runVerb, type Verb } from './verbs.ts';

const NOTIFY: CommandSpec = {
  name: 'notify',
  summary: 'Send a test to a receiver, and say what it answers',
  usage: '<subcommand> [options]',
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
  before: `Subcommands
  test <receiver>  Send a message that is marked as a test`,
  after: 'Help: cosmowatch notify test --help',
};

/** `cosmowatch notify SUBCOMMAND` */
export const runNotify: Verb = (...given) => runVerb(NOTIFY, { test: runTest }, ...given);

const TEST: CommandSpec = {
  name: 'notify test',
  summary: 'Send a message that is marked as a test, and say what was answered',
  usage: '<receiver> --config <FILE> [options]',
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--config <FILE>', text: 'The configuration (default cosmowatch.yml)' },
        { flags: '--by <NAME>', text: 'Who sends it (default: USER)' },
        { flags: '--json', text: 'Print it as JSON' },
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `It is sent from here, not by a running service, to all that stands under the
name in receivers. Secrets are read as the service would.

Exit codes
  0  delivered     1  not, or not all     2  called wrongly

Example
  cosmowatch notify test pager --config cosmowatch.yml`,
};

async function runTest(...[words, streams, clock, signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(TEST, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 1, 'notify test takes one receiver');
  const { text, isOn, args } = parsed;
  const { config } = configAt(text('config') ?? 'cosmowatch.yml', streams.env, streams.err);
  const by = text('by') ?? streams.env['USER'] ?? 'somebody';
  const tried = await tryReceiver(config, args[0]!, by, clock, signal);
  if (isOn('json')) streams.out(`${JSON.stringify(tried, null, 2)}\n`);
  else for (const one of tried) streams.out(lineOf(one));
  return tried.every(({ delivery }) => delivery.kind === 'delivered') ? 0 : 1;
}

function lineOf({ receiver, type, delivery }: Tried): string {
  const what = `${receiver} (${type})`;
  switch (delivery.kind) {
    case 'delivered':
      return `${what}: delivered\n`;
    case 'retry':
      return `${what}: not delivered, the service would try again: ${visible(delivery.reason)}\n`;
    case 'rejected':
      return `${what}: refused: ${visible(delivery.reason)}\n`;
  }
}
