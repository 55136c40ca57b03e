import { actOnAlert, getAlert, getAround, getCare, getRecords, listAlerts } from '../app/remoteAlerts.ts';
import { UserError } from '../lib/errors.ts';
import { aroundText, recordsText } from '../report/investigation.ts';
import { livedTable, livedText } from '../report/lived.ts';
import { plural } from '../report/text.ts';
import { COMMON_OPTIONS, type CommandSpec, type OptionRow, type Parsed, startCommand } from './command.ts';
import { answerText, REMOTE_EXITS, REMOTE_OPTIONS, refuseWords, remoteIn } from './remote.ts';
import { choice, outLook, wrong } from './scanOptions.ts';
import type { Streams } from './streams.ts';
import { runVerb, type Verb } from './verbs.ts';

const ALERTS: CommandSpec = {
  name: 'alerts',
  summary: 'List, show and change the alerts of a running service',
  usage: '<subcommand> [options]',
  before: `Subcommands
  list             The newest alerts
  show <id>        One alert whole, and its history
  around <id>      What its actors and addresses did around it
  ack <id>         Somebody looks at it
  resolve <id>     It is done with
  reopen <id>      It is not, after all
  comment <id> <text>`,
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
  after: `An id may be cut to its beginning, as the list shows it.
Help for one of them: cosmowatch alerts list --help`,
};

const SUBCOMMANDS: Readonly<Record<string, Verb>> = {
  list: runList,
  show: runShow,
  around: runAround,
  ack: (...given) => runAct(ACTS.ack, ...given),
  resolve: (...given) => runAct(ACTS.resolve, ...given),
  reopen: (...given) => runAct(ACTS.reopen, ...given),
  comment: (...given) => runAct(ACTS.comment, ...given),
};

/** `cosmowatch alerts SUBCOMMAND` */
export const runAlerts: Verb = (...given) => runVerb(ALERTS, SUBCOMMANDS, ...given);

const STATUSES = ['open', 'acknowledged', 'resolved'] as const;

const LIST: CommandSpec = {
  name: 'alerts list',
  summary: 'The newest alerts of a running service',
  usage: '[options]',
  sections: [
    {
      title: 'Options',
      options: [
        {
          flags: '--status <S>',
          text: 'open, acknowledged, resolved; several with commas (default open,acknowledged)',
        },
        { flags: '--rule <R>', text: 'Name or id of a rule' },
        { flags: '--account <A>', text: 'Name or resource id of an account' },
        { flags: '--since <T>', text: 'Seen since: 24h, or 2026-11-24T00:00:00Z' },
        { flags: '--excepted <W>', text: 'Those that an exception hides: yes, no, only (default no)' },
        { flags: '--limit <N>', text: 'At most so many (default 50)' },
        ...REMOTE_OPTIONS,
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `${REMOTE_EXITS}

Example
  cosmowatch alerts list --status open --since 24h`,
};

async function runList(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(LIST, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 0, 'alerts list takes no words');
  const { text, isOn } = parsed;
  const status = statusesIn(text('status'));
  const most = countIn(text('limit'));
  const excepted = choice('--excepted', text('excepted'), ['yes', 'no', 'only']) ?? 'no';
  const query = { rule: text('rule'), status, account: text('account'), since: text('since'), excepted };
  const { items, raw, more } = await listAlerts(remoteIn(parsed, streams), query, most, signal);
  if (isOn('json')) {
    streams.out(answerText({ items: raw, more }));
    return 0;
  }
  if (items.length > 0) streams.out(livedTable(items, outLook(parsed, streams)));
  if (!isOn('quiet')) streams.err(noteOf(items.length, more));
  return 0;
}

function noteOf(count: number, more: boolean): string {
  if (count === 0) return 'No such alerts.\n';
  return `${plural(count, 'alert')}${more ? '; there are more: --limit' : ''}. One whole: cosmowatch alerts show ID\n`;
}

/** Null: all. */
function statusesIn(value: string | null): string {
  const words = (value ?? 'open,acknowledged').split(',');
  return words.map((word) => choice('--status', word, STATUSES)!).join(',');
}

function countIn(value: string | null): number {
  if (value === null) return 50;
  if (/^[1-9][0-9]{0,4}$/.test(value)) return Number(value);
  throw wrong('--limit', value, 'a whole number from 1 on');
}

const SHOW: CommandSpec = {
  name: 'alerts show',
  summary: 'One alert whole, and its history',
  usage: '<id> [options]',
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--records', text: 'Its records instead, and what of them its rule matched' },
        ...REMOTE_OPTIONS,
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `${REMOTE_EXITS}

Examples
  cosmowatch alerts show 3f9a12cc
  cosmowatch alerts show 3f9a12cc --records`,
};

async function runShow(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(SHOW, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 1, 'alerts show takes one id');
  const remote = remoteIn(parsed, streams);
  const { value, raw } = await getAlert(remote, parsed.args[0]!, signal);
  if (parsed.isOn('records')) {
    const records = await getRecords(remote, value.id, signal);
    streams.out(
      parsed.isOn('json') ? answerText(records.raw) : recordsText(records.value.items, outLook(parsed, streams)),
    );
  } else if (parsed.isOn('json')) streams.out(answerText(raw));
  else streams.out(livedText(value, await getCare(remote, value.id, signal), outLook(parsed, streams)));
  return 0;
}

const AROUND: CommandSpec = {
  name: 'alerts around',
  summary: 'What the actors and addresses of an alert did around it, and what else happened on its account',
  usage: '<id> [options]',
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--minutes <N>', text: 'So many before and after it, up to 240 (default 30)' },
        ...REMOTE_OPTIONS,
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `${REMOTE_EXITS}

Example
  cosmowatch alerts around 3f9a12cc --minutes 60`,
};

async function runAround(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(AROUND, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 1, 'alerts around takes one id');
  const minutes = parsed.text('minutes');
  if (minutes !== null && (!/^[1-9][0-9]{0,2}$/.test(minutes) || Number(minutes) > 240))
    throw wrong('--minutes', minutes, 'a whole number from 1 to 240');
  const { value, raw } = await getAround(remoteIn(parsed, streams), parsed.args[0]!, minutes, signal);
  streams.out(parsed.isOn('json') ? answerText(raw) : aroundText(value, outLook(parsed, streams)));
  return 0;
}

interface Act {
  readonly spec: CommandSpec;
  readonly action: 'acknowledge' | 'resolve' | 'reopen' | 'comment';
  /** What is said when it is done. */
  readonly done: string;
}

const COMMENT: OptionRow = { flags: '-m, --comment <T>', text: 'Say why: kept with the alert' };
const VERDICTS = ['true', 'benign', 'false'] as const;

const ACTS = {
  ack: act('ack', 'acknowledge', 'Somebody looks at an alert', 'acknowledged', [COMMENT]),
  resolve: act('resolve', 'resolve', 'An alert is done with', 'resolved', [
    { flags: '--verdict <V>', text: 'What it was: true (an attack), benign (meant), false (wrong)' },
    COMMENT,
  ]),
  reopen: act('reopen', 'reopen', 'An alert is not done with, after all', 'open again', [COMMENT]),
  comment: act('comment', 'comment', 'Keep a text with an alert', 'commented', []),
} as const;

function act(verb: string, action: Act['action'], summary: string, done: string, options: readonly OptionRow[]): Act {
  const isComment = action === 'comment';
  return {
    action,
    done,
    spec: {
      name: `alerts ${verb}`,
      summary,
      usage: `<id>${isComment ? ' <text>' : ''} [options]`,
      sections: [{ title: 'Options', options: [...options, ...REMOTE_OPTIONS, ...COMMON_OPTIONS] }],
      after: `${REMOTE_EXITS}\n\nExample\n  cosmowatch alerts ${verb} 3f9a12cc ${isComment ? '"asked the team"' : '-m "asked the team"'}`,
    },
  };
}

async function runAct({ spec, action, done }: Act, ...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(spec, words, streams.out);
  if (parsed === null) return 0;
  const isComment = action === 'comment';
  refuseWords(parsed, isComment ? 2 : 1, `${spec.name} takes ${isComment ? 'an id and a text' : 'one id'}`);
  const [id = '', text = ''] = parsed.args;
  const body = isComment ? { text: said(text) } : bodyOf(parsed);
  const { value, raw } = await actOnAlert(remoteIn(parsed, streams), id, action, body, signal);
  tell(parsed, streams, raw, `${value.id.slice(0, 8)} is ${done}.\n`);
  return 0;
}

function bodyOf({ text }: Parsed): Readonly<Record<string, unknown>> {
  const comment = text('comment');
  const verdict = choice('--verdict', text('verdict'), VERDICTS);
  return { ...(comment === null ? {} : { comment: said(comment) }), ...(verdict === null ? {} : { verdict }) };
}

function said(text: string): string {
  if (text.trim() !== '') return text;
  throw new UserError('CW-1002', 'the comment is empty', { cure: 'say something, or leave it out' });
}

function tell({ isOn }: Parsed, streams: Streams, raw: unknown, sentence: string): void {
  if (isOn('json')) streams.out(answerText(raw));
  else if (!isOn('quiet')) streams.out(sentence);
}
