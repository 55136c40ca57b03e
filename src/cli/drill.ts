import { playDrill } from '../app/remoteService.ts';
import { UserError } from '../lib/errors.ts';
import { shellWord } from '../lib/shell.ts';
import { plural, visible, wrap } from '../report/text.ts';
import { COMMON_OPTIONS, type CommandSpec, type Parsed, startCommand } from './command.ts';
import { answerText, REMOTE_OPTIONS, refuseWords, remoteIn } from './remote.ts';
import type { Verb } from './verbs.ts';

const DRILL: CommandSpec = {
  name: 'drill',
  summary: 'Make a rule fire in a running service, to see it work',
  usage: '--rule <NAME> [options]',
  before: `The records of the rule's own test go through the service as if they had just
been written, for an account that does not exist (cosmowatch-drill-...). The
alert has the label synthetic=drill; whoever is told of real ones is told of it.`,
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--rule <NAME>', text: 'The rule: cosmowatch rules list' },
        ...REMOTE_OPTIONS,
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `Exit codes
  0  the rule fired      1  it did not, or the service cannot be reached
  2  called wrongly

Example
  cosmowatch drill --rule access_keys_viewed --data cosmowatch-data`,
};

/** `cosmowatch drill` */
export const runDrill: Verb = async (words, streams, _clock, signal) => {
  const parsed = startCommand(DRILL, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 0, 'drill takes no words');
  const rule = parsed.text('rule');
  if (rule === null)
    throw new UserError('CW-1001', 'drill needs --rule', { cure: 'cosmowatch rules list shows their names' });
  const { value, raw } = await playDrill(remoteIn(parsed, streams), rule, signal);
  const { alerts, account, name, records } = value;
  if (parsed.isOn('json')) streams.out(answerText(raw));
  else if (alerts.length === 0) streams.out(`${plural(records, 'record')} went in, and nothing was raised.\n`);
  else {
    const lines = alerts.map(
      ({ id, level, reason }) =>
        `${wrap(`${level}  ${visible(reason)}`, 78)
          .map((line) => `  ${line}\n`)
          .join('')}  ${id}\n`,
    );
    const [first] = alerts;
    const where = whereOf(parsed);
    streams.out(`${visible(value.rule)} fired: ${visible(name)}.
${plural(records, 'record')} of the made-up account ${visible(account)} went in.

${lines.join('')}
Who was told: cosmowatch alerts show ${first!.id}${where}
When you have seen it: cosmowatch alerts resolve ${first!.id}${where}
`);
  }
  return alerts.length === 0 ? 1 : 0;
};

/** The options by which the same service is asked again. */
function whereOf({ text }: Parsed): string {
  return ['url', 'data']
    .map((name) => {
      const value = text(name);
      return value === null ? '' : ` --${name} ${shellWord(value) ?? visible(value)}`;
    })
    .join('');
}
