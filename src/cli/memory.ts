import { forgetMemory, listMemory } from '../app/remoteRoutines.ts';
import { UserError } from '../lib/errors.ts';
import { accountName } from '../report/phrases.ts';
import { plural } from '../report/text.ts';
import { COMMON_OPTIONS, type CommandSpec, type OptionRow, type Parsed, startCommand } from './command.ts';
import { answerText, REMOTE_EXITS, REMOTE_OPTIONS, refuseWords, remoteIn } from './remote.ts';
import { wrong } from './scanOptions.ts';
import { columns } from './table.ts';
import { runVerb, type Verb } from './verbs.ts';

const MEMORY: CommandSpec = {
  name: 'memory',
  summary: 'List and forget who and what was seen at accounts',
  usage: '<subcommand> [options]',
  before: `Subcommands
  list             Who and what was seen in the last 90 days, newest first
  forget           A caller, an address or another value will be new again`,
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
  after: 'Help for one of them: cosmowatch memory list --help',
};

const SUBCOMMANDS: Readonly<Record<string, Verb>> = { list: runList, forget: runForget };

/** `cosmowatch memory SUBCOMMAND` */
export const runMemory: Verb = (...given) => runVerb(MEMORY, SUBCOMMANDS, ...given);

const KINDS = ['actor', 'application', 'address', 'agent', 'asn'] as const;
type Kind = (typeof KINDS)[number];

const VALUES: readonly OptionRow[] = [
  { flags: '--actor <A>', text: 'Name or id of a caller' },
  { flags: '--application <A>', text: 'Name or id of an application' },
  { flags: '--address <IP>', text: 'An address' },
  { flags: '--agent <A>', text: 'Name of a client: azsdk-python' },
  { flags: '--asn <N>', text: 'A network: "AS64496 Contoso"' },
  { flags: '--account <ID>', text: 'Resource id of an account (default: all)' },
];

const LIST: CommandSpec = {
  name: 'memory list',
  summary: 'Who and what was seen at accounts in the last 90 days, newest first',
  usage: '[options]',
  sections: [
    {
      title: 'Options',
      options: [
        ...VALUES,
        { flags: '--limit <N>', text: 'At most so many (default 100, at most 1000)' },
        ...REMOTE_OPTIONS,
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `${REMOTE_EXITS}

Example
  cosmowatch memory list --address 203.0.113.7`,
};

async function runList(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(LIST, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 0, 'memory list takes no words');
  const { kind, value } = valueIn(parsed) ?? { kind: null, value: null };
  const query = { account: parsed.text('account'), kind, value, limit: limitIn(parsed.text('limit')) };
  const answer = await listMemory(remoteIn(parsed, streams), query, signal);
  if (parsed.isOn('json')) {
    streams.out(answerText(answer.raw));
    return 0;
  }
  const rows = answer.value.items.map((item) => [
    item.kind,
    minute(item.firstSeen),
    minute(item.lastSeen),
    `${item.count}`,
    accountName(item.account),
    item.name,
  ]);
  if (rows.length > 0)
    streams.out(columns([['KIND', 'FIRST (UTC)', 'LAST (UTC)', 'COUNT', 'ACCOUNT', 'WHAT'], ...rows]));
  else if (!parsed.isOn('quiet')) streams.err('Nothing of it was seen.\n');
  return 0;
}

function limitIn(value: string | null): string {
  if (value === null) return '100';
  if (/^[1-9][0-9]{0,3}$/.test(value) && Number(value) <= 1000) return value;
  throw wrong('--limit', value, 'a whole number from 1 to 1000');
}

/** The one value that is named; null: none. */
function valueIn({ text }: Parsed): { readonly kind: Kind; readonly value: string } | null {
  const given = KINDS.flatMap((kind) => {
    const value = text(kind);
    return value === null ? [] : [{ kind, value }];
  });
  if (given.length > 1)
    throw new UserError('CW-1001', `only one of ${given.map(({ kind }) => `--${kind}`).join(', ')} can be given`, {
      cure: 'call it once for each',
    });
  return given[0] ?? null;
}

function minute(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

const FORGET: CommandSpec = {
  name: 'memory forget',
  summary: 'A caller, an address or another value will be new again',
  usage: '--actor <A> | --address <IP> | ... [options]',
  before: 'What it taught of routine is forgotten with it.',
  sections: [{ title: 'Options', options: [...VALUES, ...REMOTE_OPTIONS, ...COMMON_OPTIONS] }],
  after: `${REMOTE_EXITS}

Example
  cosmowatch memory forget --address 203.0.113.7`,
};

async function runForget(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(FORGET, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 0, 'memory forget takes no words');
  const given = valueIn(parsed);
  if (given === null)
    throw new UserError('CW-1001', 'memory forget needs to be told what', {
      cure: `one of ${KINDS.map((kind) => `--${kind}`).join(', ')}`,
    });
  const body = { ...given, account: parsed.text('account') };
  const { value, raw } = await forgetMemory(remoteIn(parsed, streams), body, signal);
  if (parsed.isOn('json')) streams.out(answerText(raw));
  else if (!parsed.isOn('quiet'))
    streams.out(
      `${plural(value.values, 'value')} forgotten; ${plural(value.alerts, 'alert')} no longer ${value.alerts === 1 ? 'teaches' : 'teach'} routine.\n`,
    );
  return 0;
}
