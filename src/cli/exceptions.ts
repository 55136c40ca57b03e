import { addException, type ExceptionBody, listExceptions, previewTuning } from '../app/remoteTuning.ts';
import { visible } from '../report/text.ts';
import { previewText, tuningTable } from '../report/tuning.ts';
import { COMMON_OPTIONS, type CommandSpec, type OptionRow, type Parsed, startCommand } from './command.ts';
import { answerText, REMOTE_EXITS, REMOTE_OPTIONS, refuseWords, remoteIn } from './remote.ts';
import { outLook } from './scanOptions.ts';
import type { Streams } from './streams.ts';
import { asked, endIn, endSpec, labelsIn, needed, runEnd, WHY_OPTIONS, weeklyIn, why } from './tuning.ts';
import { runVerb, type Verb } from './verbs.ts';

const EXCEPTIONS: CommandSpec = {
  name: 'exceptions',
  summary: 'List, try, make and end exceptions in a running service',
  usage: '<subcommand> [options]',
  before: `Subcommands
  list             What there is, and what each has kept back
  preview          Which stored alerts one would hide; changes nothing
  add <name>       Make one
  end <name>       End one: what it hid and is still open is told`,
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
  after: 'Help for one of them: cosmowatch exceptions add --help',
};

const END = endSpec('exceptions', 'an exception');

const SUBCOMMANDS: Readonly<Record<string, Verb>> = {
  list: runList,
  preview: runPreview,
  add: runAdd,
  end: runEnd('exceptions', END),
};

/** `cosmowatch exceptions SUBCOMMAND` */
export const runExceptions: Verb = (...given) => runVerb(EXCEPTIONS, SUBCOMMANDS, ...given);

const LIST: CommandSpec = {
  name: 'exceptions list',
  summary: 'What there is, of the configuration too, and what each has kept back',
  usage: '[options]',
  sections: [{ title: 'Options', options: [...REMOTE_OPTIONS, ...COMMON_OPTIONS] }],
  after: REMOTE_EXITS,
};

async function runList(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(LIST, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 0, 'exceptions list takes no words');
  const { value, raw } = await listExceptions(remoteIn(parsed, streams), signal);
  if (parsed.isOn('json')) streams.out(answerText(raw));
  else if (value.items.length > 0) streams.out(tuningTable(value.items, outLook(parsed, streams)));
  else if (!parsed.isOn('quiet')) streams.err('No exceptions.\n');
  return 0;
}

const MATCH_OPTIONS: readonly OptionRow[] = [
  { flags: '--rule <R>', text: 'Alerts of this rule: name or id', many: true },
  { flags: '--actor <A>', text: 'If each actor is one of these: id or name', many: true },
  { flags: '--application <A>', text: 'The same of applications', many: true },
  { flags: '--address <A>', text: 'The same of addresses: 192.0.2.0/24, or %offices%', many: true },
  { flags: '--account <A>', text: 'Only this account: name or resource id', many: true },
  { flags: '--label <K=V>', text: 'Only alerts with this label', many: true },
  { flags: '--time <T>', text: 'Only in these hours: "sat,sun 22:00-06:00 Europe/Berlin"', many: true },
  { flags: '--expires <T>', text: 'When it ends: 2027-03-01, or 90d from now' },
  ...WHY_OPTIONS,
];

function bodyIn(parsed: Parsed, command: string, nowMs: number): ExceptionBody {
  const times = weeklyIn('--time', parsed.many('time'));
  return {
    match: {
      ...asked(parsed, ['rule', 'actor', 'application', 'address', 'account']),
      ...labelsIn(parsed),
      ...(times.length === 0 ? {} : { time: times }),
    },
    ...why(parsed, command),
    expires: endIn(needed(parsed.text('expires'), '--expires', command), nowMs),
  };
}

const PREVIEW: CommandSpec = {
  name: 'exceptions preview',
  summary: 'Which stored alerts an exception would hide; changes nothing',
  usage: '--rule <R> --actor <A> ... [options]',
  sections: [
    { title: 'What it would hide', options: MATCH_OPTIONS },
    { title: 'Options', options: [...REMOTE_OPTIONS, ...COMMON_OPTIONS] },
  ],
  after: REMOTE_EXITS,
};

async function runPreview(...[words, streams, clock, signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(PREVIEW, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 0, 'exceptions preview takes no words');
  return preview(parsed, streams, bodyIn(parsed, 'exceptions preview', clock.now()), signal);
}

async function preview(parsed: Parsed, streams: Streams, body: ExceptionBody, signal: AbortSignal): Promise<number> {
  const { value, raw } = await previewTuning(remoteIn(parsed, streams), 'exceptions', body, signal);
  streams.out(parsed.isOn('json') ? answerText(raw) : previewText(value, outLook(parsed, streams)));
  return 0;
}

const ADD: CommandSpec = {
  name: 'exceptions add',
  summary: 'Make an exception: alerts that it covers wholly are told to nobody',
  usage: '<name> --rule <R> --actor <A> ... [options]',
  sections: [
    { title: 'What it hides', options: MATCH_OPTIONS },
    {
      title: 'Options',
      options: [{ flags: '--preview', text: 'Only say what it would hide' }, ...REMOTE_OPTIONS, ...COMMON_OPTIONS],
    },
  ],
  after: `${REMOTE_EXITS}

Example
  cosmowatch exceptions add nightly-keys --rule cosmosdb_access_keys_viewed \\
    --actor release@contoso.example --address 192.0.2.0/24 --expires 90d \\
    --owner ann@contoso.example -m "the release reads them"`,
};

async function runAdd(...[words, streams, clock, signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(ADD, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 1, 'exceptions add takes one name');
  const [name = ''] = parsed.args;
  const body = bodyIn(parsed, 'exceptions add', clock.now());
  if (parsed.isOn('preview')) return preview(parsed, streams, body, signal);
  const { value, raw } = await addException(remoteIn(parsed, streams), { name, ...body }, signal);
  if (parsed.isOn('json')) streams.out(answerText(raw));
  else if (!parsed.isOn('quiet'))
    streams.out(`${visible(value.name)} is in force; of the stored alerts it hides ${value.kept}.\n`);
  return 0;
}
