import { addSilence, listSilences, previewTuning, type SilenceBody } from '../app/remoteTuning.ts';
import { visible } from '../report/text.ts';
import { previewText, tuningTable } from '../report/tuning.ts';
import { COMMON_OPTIONS, type CommandSpec, type Parsed, startCommand } from './command.ts';
import { answerText, REMOTE_EXITS, REMOTE_OPTIONS, refuseWords, remoteIn } from './remote.ts';
import { choice, outLook } from './scanOptions.ts';
import { asked, endIn, endSpec, labelsIn, runEnd, WHY_OPTIONS, weeklyIn, why } from './tuning.ts';
import { runVerb, type Verb } from './verbs.ts';

const SILENCES: CommandSpec = {
  name: 'silences',
  summary: 'List, make and end silences in a running service',
  usage: '<subcommand> [options]',
  before: `Subcommands
  list             What there is, and what each has kept back
  add <name>       Make one: people are told when it ends
  end <name>       End one: what it kept back and is still open is told`,
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
  after: 'Help for one of them: cosmowatch silences add --help',
};

const END = endSpec('silences', 'a silence');

const SUBCOMMANDS: Readonly<Record<string, Verb>> = { list: runList, add: runAdd, end: runEnd('silences', END) };

/** `cosmowatch silences SUBCOMMAND` */
export const runSilences: Verb = (...given) => runVerb(SILENCES, SUBCOMMANDS, ...given);

const LIST: CommandSpec = {
  name: 'silences list',
  summary: 'What there is, of the configuration too, and what each has kept back',
  usage: '[options]',
  sections: [{ title: 'Options', options: [...REMOTE_OPTIONS, ...COMMON_OPTIONS] }],
  after: REMOTE_EXITS,
};

async function runList(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(LIST, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 0, 'silences list takes no words');
  const { value, raw } = await listSilences(remoteIn(parsed, streams), signal);
  if (parsed.isOn('json')) streams.out(answerText(raw));
  else if (value.items.length > 0) streams.out(tuningTable(value.items, outLook(parsed, streams)));
  else if (!parsed.isOn('quiet')) streams.err('No silences.\n');
  return 0;
}

const ADD: CommandSpec = {
  name: 'silences add',
  summary: 'Make a silence: people are told of what is still open when it ends',
  usage: '<name> --account <A> ... --until <T> [options]',
  sections: [
    {
      title: 'What it keeps back',
      options: [
        { flags: '--rule <R>', text: 'Alerts of this rule: name or id', many: true },
        { flags: '--account <A>', text: 'Of this account: name or resource id', many: true },
        { flags: '--subscription <ID>', text: 'Of this subscription', many: true },
        { flags: '--level <L>', text: 'Of this level', many: true },
        { flags: '--tag <T>', text: 'With this ATT&CK technique or tactic', many: true },
        { flags: '--label <K=V>', text: 'With this label', many: true },
        { flags: '--from <T>', text: 'A day or a time (default: at once)' },
        { flags: '--until <T>', text: 'A day or a time, or 2h from now' },
        { flags: '--weekly <T>', text: 'Only in these hours: "sun 22:00-06:00 Europe/Berlin"', many: true },
        ...WHY_OPTIONS,
      ],
    },
    {
      title: 'Options',
      options: [
        { flags: '--preview', text: 'Only say which stored alerts it would have kept back' },
        ...REMOTE_OPTIONS,
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `${REMOTE_EXITS}

Example
  cosmowatch silences add migration --account orders-prod --until 2h \\
    --owner ann@contoso.example -m "it is moved to another region"`,
};

const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;

function bodyIn(parsed: Parsed, nowMs: number): SilenceBody {
  const { text, many } = parsed;
  const weekly = weeklyIn('--weekly', many('weekly'));
  const levels = many('level').map((one) => choice('--level', one, LEVELS)!);
  const tags = many('tag');
  const [from, until] = [text('from'), text('until')];
  return {
    match: {
      ...asked(parsed, ['rule', 'account', 'subscription']),
      ...labelsIn(parsed),
      ...(levels.length === 0 ? {} : { level: levels }),
      ...(tags.length === 0 ? {} : { tags }),
    },
    ...(from === null ? {} : { from }),
    ...(until === null ? {} : { until: endIn(until, nowMs) }),
    ...(weekly.length === 0 ? {} : { weekly }),
    ...why(parsed, 'silences add'),
  };
}

async function runAdd(...[words, streams, clock, signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(ADD, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 1, 'silences add takes one name');
  const [name = ''] = parsed.args;
  const body = bodyIn(parsed, clock.now());
  const remote = remoteIn(parsed, streams);
  if (parsed.isOn('preview')) {
    const { value, raw } = await previewTuning(remote, 'silences', body, signal);
    streams.out(parsed.isOn('json') ? answerText(raw) : previewText(value, outLook(parsed, streams)));
    return 0;
  }
  const { value, raw } = await addSilence(remote, { name, ...body }, signal);
  if (parsed.isOn('json')) streams.out(answerText(raw));
  else if (!parsed.isOn('quiet'))
    streams.out(`${visible(value.name)} is ${value.isInForce ? 'in force' : 'kept for when it begins'}.\n`);
  return 0;
}
