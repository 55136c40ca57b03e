import { createToken, listTokens, revokeToken, SCOPES } from '../app/remoteService.ts';
import { parseDuration } from '../lib/duration.ts';
import { UserError } from '../lib/errors.ts';
import { visible } from '../report/text.ts';
import { COMMON_OPTIONS, type CommandSpec, type Parsed, startCommand } from './command.ts';
import { answerText, REMOTE_EXITS, REMOTE_OPTIONS, refuseWords, remoteIn } from './remote.ts';
import { choice, wrong } from './scanOptions.ts';
import { columns } from './table.ts';
import { runVerb, type Verb } from './verbs.ts';

const TOKENS: CommandSpec = {
  name: 'tokens',
  summary: 'List, make and end the tokens of a running service',
  usage: '<subcommand> [options]',
  before: `Subcommands
  list             Tokens, without their values
  create <name>    Make one; its value is printed this once
  revoke <id>      End one at once`,
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
  after: 'Help for one of them: cosmowatch tokens create --help',
};

const SUBCOMMANDS: Readonly<Record<string, Verb>> = { list: runList, create: runCreate, revoke: runRevoke };

/** `cosmowatch tokens SUBCOMMAND` */
export const runTokens: Verb = (...given) => runVerb(TOKENS, SUBCOMMANDS, ...given);

const LIST: CommandSpec = {
  name: 'tokens list',
  summary: 'Tokens, without their values',
  usage: '[options]',
  sections: [{ title: 'Options', options: [...REMOTE_OPTIONS, ...COMMON_OPTIONS] }],
  after: REMOTE_EXITS,
};

async function runList(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(LIST, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 0, 'tokens list takes no words');
  const { value, raw } = await listTokens(remoteIn(parsed, streams), signal);
  const rows = value.items.map(({ id, name, scopes, lastUsedAt, expiresAt }) => [
    id,
    name,
    scopes.join(','),
    day(lastUsedAt, 'never'),
    day(expiresAt, 'never'),
  ]);
  if (parsed.isOn('json')) streams.out(answerText(raw));
  else if (rows.length > 0) streams.out(columns([['ID', 'NAME', 'SCOPES', 'LAST USED', 'ENDS'], ...rows]));
  else if (!parsed.isOn('quiet'))
    streams.err('No tokens but that of the service. Make one: cosmowatch tokens create\n');
  return 0;
}

function day(iso: string | null, none: string): string {
  return iso === null ? none : iso.slice(0, 16).replace('T', ' ');
}

const CREATE: CommandSpec = {
  name: 'tokens create',
  summary: 'Make a token; its value is printed this once',
  usage: '<name> --scope <S> [options]',
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--scope <S>', text: 'What for: logs (send records), read, act (change alerts), admin', many: true },
        { flags: '--source <NAME>', text: 'The source that its records belong to' },
        { flags: '--subscription <ID>', text: 'It sees, and speaks for, these only', many: true },
        { flags: '--label <K=V>', text: 'It sees alerts with these labels only', many: true },
        { flags: '--for <T>', text: 'It ends after this time: 90d (default: never)' },
        ...REMOTE_OPTIONS,
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `${REMOTE_EXITS}

Example
  cosmowatch tokens create shop-collector --scope logs --for 365d`,
};

async function runCreate(...[words, streams, clock, signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(CREATE, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 1, 'tokens create takes one name');
  const { text, many, isOn, args } = parsed;
  const subscriptions = many('subscription').map((id) => id.toLowerCase());
  const request = {
    name: args[0]!,
    scopes: scopesIn(parsed),
    source: text('source'),
    subscriptions: subscriptions.length === 0 ? null : subscriptions,
    labels: Object.fromEntries(many('label').map(labelIn)),
    expiresAt: endIn(text('for'), clock.now()),
  };
  const { value, raw } = await createToken(remoteIn(parsed, streams), request, signal);
  streams.out(isOn('json') ? answerText(raw) : `${visible(value.token)}\n`);
  if (!isOn('json') && !isOn('quiet'))
    streams.err(
      `Token ${visible(value.name)} (id ${visible(value.id)}). It is shown this once: keep it where secrets are kept.\n`,
    );
  return 0;
}

function scopesIn({ many }: Parsed): (typeof SCOPES)[number][] {
  const given = many('scope').flatMap((words) => words.split(','));
  if (given.length > 0) return given.map((word) => choice('--scope', word, SCOPES)!);
  throw new UserError('CW-1001', 'tokens create needs --scope', { cure: `one or several of ${SCOPES.join(', ')}` });
}

function labelIn(value: string): [string, string] {
  const found = /^([^=\s]+)=(.+)$/.exec(value);
  if (found) return [found[1]!, found[2]!];
  throw wrong('--label', value, 'a name and a value: customer=contoso');
}

function endIn(value: string | null, nowMs: number): string | null {
  if (value === null) return null;
  const seconds = parseDuration(value);
  if (seconds === null) throw wrong('--for', value, 'a length of time: 90d');
  return new Date(nowMs + seconds * 1000).toISOString();
}

const REVOKE: CommandSpec = {
  name: 'tokens revoke',
  summary: 'End a token at once',
  usage: '<id> [options]',
  sections: [{ title: 'Options', options: [...REMOTE_OPTIONS, ...COMMON_OPTIONS] }],
  after: REMOTE_EXITS,
};

async function runRevoke(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(REVOKE, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 1, 'tokens revoke takes one id');
  const [id = ''] = parsed.args;
  const { raw } = await revokeToken(remoteIn(parsed, streams), id, signal);
  if (parsed.isOn('json')) streams.out(answerText(raw));
  else if (!parsed.isOn('quiet')) streams.out(`${visible(id)} has ended.\n`);
  return 0;
}
