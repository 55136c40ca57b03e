import { addUser, listUsers, ROLES, removeUser, resetUser } from '../app/remoteUsers.ts';
import { visible } from '../report/text.ts';
import { COMMON_OPTIONS, type CommandSpec, startCommand } from './command.ts';
import { answerText, REMOTE_EXITS, REMOTE_OPTIONS, refuseWords, remoteIn } from './remote.ts';
import { choice } from './scanOptions.ts';
import { columns } from './table.ts';
import { runVerb, type Verb } from './verbs.ts';

const USERS: CommandSpec = {
  name: 'users',
  summary: 'List, add and remove who may sign in to the console',
  usage: '<subcommand> [options]',
  before: `Subcommands
  list             Who may sign in
  add <name>       A new user; a one-time link is printed
  reset <name>     End the password; a one-time link is printed
  remove <name>    Remove a user, and end their sessions`,
  sections: [{ title: 'Options', options: COMMON_OPTIONS }],
  after: 'Help for one of them: cosmowatch users add --help',
};

const SUBCOMMANDS: Readonly<Record<string, Verb>> = { list: runList, add: runAdd, reset: runReset, remove: runRemove };

/** `cosmowatch users SUBCOMMAND` */
export const runUsers: Verb = (...given) => runVerb(USERS, SUBCOMMANDS, ...given);

const LIST: CommandSpec = {
  name: 'users list',
  summary: 'Who may sign in to the console',
  usage: '[options]',
  sections: [{ title: 'Options', options: [...REMOTE_OPTIONS, ...COMMON_OPTIONS] }],
  after: REMOTE_EXITS,
};

async function runList(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(LIST, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 0, 'users list takes no words');
  const { value, raw } = await listUsers(remoteIn(parsed, streams), signal);
  const rows = value.items.map(({ name, role, method, isDisabled, lastSignInAt, sessions }) => [
    name,
    role,
    isDisabled ? 'disabled' : method,
    lastSignInAt === null ? 'never' : lastSignInAt.slice(0, 16).replace('T', ' '),
    `${sessions}`,
  ]);
  streams.out(
    parsed.isOn('json') ? answerText(raw) : columns([['NAME', 'ROLE', 'SIGNS IN BY', 'LAST', 'SESSIONS'], ...rows]),
  );
  return 0;
}

const ADD: CommandSpec = {
  name: 'users add',
  summary: 'A new user; the one-time link with which they choose a password is printed',
  usage: '<name> [options]',
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--role <R>', text: 'viewer (see), analyst (change alerts too), admin (default viewer)' },
        { flags: '--email <E>', text: 'Their e-mail address' },
        { flags: '--subscription <ID>', text: 'They see these only', many: true },
        ...REMOTE_OPTIONS,
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `${REMOTE_EXITS}

Example
  cosmowatch users add ann@contoso.example --role analyst`,
};

async function runAdd(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(ADD, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 1, 'users add takes one name');
  const { text, many, isOn, args } = parsed;
  const subscriptions = many('subscription').map((id) => id.toLowerCase());
  const request = {
    name: args[0]!,
    email: text('email'),
    role: choice('--role', text('role') ?? 'viewer', ROLES)!,
    subscriptions: subscriptions.length === 0 ? null : subscriptions,
    labels: {},
  };
  const { value, raw } = await addUser(remoteIn(parsed, streams), request, signal);
  streams.out(isOn('json') ? answerText(raw) : `${visible(value.link)}\n`);
  if (!isOn('json') && !isOn('quiet')) streams.err(linkNote(value));
  return 0;
}

function linkNote({ name, linkExpiresAt }: { readonly name: string; readonly linkExpiresAt: string }): string {
  const until = linkExpiresAt.slice(0, 16).replace('T', ' ');
  return `With it ${visible(name)} chooses a password, once, until ${until} UTC. It is shown this once.\n`;
}

const RESET: CommandSpec = {
  name: 'users reset',
  summary: 'End the password and the sessions of a user; a one-time link is printed',
  usage: '<name> [options]',
  sections: [{ title: 'Options', options: [...REMOTE_OPTIONS, ...COMMON_OPTIONS] }],
  after: REMOTE_EXITS,
};

async function runReset(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(RESET, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 1, 'users reset takes one name');
  const { value, raw } = await resetUser(remoteIn(parsed, streams), parsed.args[0]!, signal);
  streams.out(parsed.isOn('json') ? answerText(raw) : `${visible(value.link)}\n`);
  if (!parsed.isOn('json') && !parsed.isOn('quiet')) streams.err(linkNote(value));
  return 0;
}

const REMOVE: CommandSpec = {
  name: 'users remove',
  summary: 'Remove a user, and end their sessions',
  usage: '<name> [options]',
  sections: [{ title: 'Options', options: [...REMOTE_OPTIONS, ...COMMON_OPTIONS] }],
  after: REMOTE_EXITS,
};

async function runRemove(...[words, streams, , signal]: Parameters<Verb>): Promise<number> {
  const parsed = startCommand(REMOVE, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 1, 'users remove takes one name');
  const [name = ''] = parsed.args;
  const { raw } = await removeUser(remoteIn(parsed, streams), name, signal);
  if (parsed.isOn('json')) streams.out(answerText(raw));
  else if (!parsed.isOn('quiet')) streams.out(`${visible(name)} is removed.\n`);
  return 0;
}
