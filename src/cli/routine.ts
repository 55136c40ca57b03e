import { forgetRoutine, getRoutine, listRoutines, ROUTINE_STATES } from '../app/remoteRoutines.ts';
import { routineTable, routineText } from '../report/routines.ts';
import { plural, visible } from '../report/text.ts';
import { COMMON_OPTIONS, type CommandSpec, startCommand } from './command.ts';
import { answerText, REMOTE_EXITS, REMOTE_OPTIONS, refuseWords, remoteIn } from './remote.ts';
import { choice, outLook } from './scanOptions.ts';
import { runVerb, type Verb } from './verbs.ts';

const ROUTINE: CommandSpec = {
  name: 'routine',
  summary: 'List and forget what is done again and again',
  usage: '<subcommand> [options]',
  before: `Subcommands
  list             What callers do again and again, by rule and account
  show <id>        One routine, and its alerts
  forget <id>      It has to be learnt anew; until then it is told as the rule has it`,
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
  after: `An id may be cut to its beginning, as the list shows it.
Help for one of them: cosmowatch routine list --help`,
};

const SUBCOMMANDS: Readonly<Record<string, Verb>> = { list: runList, show: runShow, forget: runForget };

/** `cosmowatch routine SUBCOMMAND` */
export const runRoutine: Verb = (...given) => runVerb(ROUTINE, SUBCOMMANDS, ...given);

const LIST: CommandSpec = {
  name: 'routine list',
  summary: 'What callers do again and again, by rule and account',
  usage: '[options]',
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--state <S>', text: 'learning (not often enough yet), open (told low), closed' },
        { flags: '--account <ID>', text: 'Resource id of an account' },
        ...REMOTE_OPTIONS,
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `${REMOTE_EXITS}

Example
  cosmowatch routine list --state open`,
};

async function runList(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(LIST, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 0, 'routine list takes no words');
  const state = choice('--state', parsed.text('state'), ROUTINE_STATES);
  const query = { account: parsed.text('account'), state };
  const { value, raw } = await listRoutines(remoteIn(parsed, streams), query, signal);
  if (parsed.isOn('json')) streams.out(answerText(raw));
  else if (value.items.length > 0) streams.out(routineTable(value.items, outLook(parsed, streams)));
  if (!parsed.isOn('json') && !parsed.isOn('quiet'))
    streams.err(value.items.length === 0 ? 'No such routines.\n' : `${plural(value.items.length, 'routine')}.\n`);
  return 0;
}

const SHOW: CommandSpec = {
  name: 'routine show',
  summary: 'One routine, and its alerts',
  usage: '<id> [options]',
  sections: [{ title: 'Options', options: [...REMOTE_OPTIONS, ...COMMON_OPTIONS] }],
  after: REMOTE_EXITS,
};

async function runShow(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(SHOW, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 1, 'routine show takes one id');
  const { value, raw } = await getRoutine(remoteIn(parsed, streams), parsed.args[0]!, signal);
  streams.out(parsed.isOn('json') ? answerText(raw) : routineText(value, outLook(parsed, streams)));
  return 0;
}

const FORGET: CommandSpec = {
  name: 'routine forget',
  summary: 'A routine has to be learnt anew',
  usage: '<id> [options]',
  sections: [{ title: 'Options', options: [...REMOTE_OPTIONS, ...COMMON_OPTIONS] }],
  after: REMOTE_EXITS,
};

async function runForget(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(FORGET, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 1, 'routine forget takes one id');
  const [id = ''] = parsed.args;
  const { raw } = await forgetRoutine(remoteIn(parsed, streams), id, signal);
  if (parsed.isOn('json')) streams.out(answerText(raw));
  else if (!parsed.isOn('quiet')) streams.out(`${visible(id)} is forgotten.\n`);
  return 0;
}
