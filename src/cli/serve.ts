import { unwatchFile, watchFile } from 'node:fs';
import { dirname } from 'node:path';
import { configAt } from '../app/configFile.ts';
import { Service, type Setup } from '../app/service/service.ts';
import { type Address, readAddress } from '../config/words.ts';
import { type Clock, chance, systemBytes, untilAborted } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { Secret } from '../lib/secret.ts';
import { shellWord } from '../lib/shell.ts';
import { visibleCharacters } from '../lib/visible.ts';
import { pinoLog } from '../telemetry/pino.ts';
import { COMMON_OPTIONS, type CommandSpec, type Parsed, startCommand } from './command.ts';
import { refuseWords } from './remote.ts';
import { formatError, lookOf, type Streams } from './streams.ts';

const SERVE: CommandSpec = {
  name: 'serve',
  summary: 'Read live sources, raise alerts as records arrive',
  usage: '[options]',
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--config <F>', text: 'The configuration (cosmowatch init writes one); without it, pushed logs only' },
        { flags: '--data <DIR>', text: 'Folder of the database and the token (default cosmowatch-data)' },
        { flags: '--listen <A:P>', text: 'Address and port (default 127.0.0.1:7070)' },
        { flags: '--rules <DIR>', text: 'Rules of your own, beside those of the configuration', many: true },
        { flags: '--demo', text: 'One click signs in as admin; only at an address of this machine' },
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `While it runs
  SIGHUP, or a change of the configuration: it is read again; a bad one is told
  and not used. SIGTERM and Ctrl-C: it finishes what it began, within 10 s; a
  second one ends it at once.

Exit codes
  0  stopped             1  could not start, or an error of cosmowatch
  2  called wrongly, or a mistake in the configuration

Example
  cosmowatch serve --config cosmowatch.yml`,
};

/** How often a configuration is looked at, in milliseconds. */
const LOOK = 2000;

/** `cosmowatch serve` */
export async function runServe(
  words: readonly string[],
  streams: Streams,
  clock: Clock,
  signal: AbortSignal,
): Promise<number> {
  const parsed = startCommand(SERVE, words, streams.out);
  if (parsed === null) return 0;
  refuseWords(parsed, 0, 'serve takes no words');
  const file = parsed.text('config');
  let setup = setupOf(parsed, streams);
  const log = pinoLog({ write: streams.err }, clock, () => secretsIn(setup.config));
  const service = await Service.start(setup, {
    clock,
    log,
    random: chance,
    entropy: systemBytes,
    env: streams.env,
  });
  streams.out(`listening on ${service.url}\n`);
  if (!parsed.isOn('quiet')) streams.out(greeting(service, file, streams) + firstSteps(service, streams));
  const reload = (): void => {
    try {
      const next = setupOf(parsed, streams);
      setup = next;
      void service.reload(next).catch((error: unknown) => log.error({ error: String(error) }, 'could not be reloaded'));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      streams.err(formatError(error, lookOf(streams, 'auto', streams.isErrTerminal).colour));
      log.warn({ code: error.code }, 'the configuration has mistakes; the one before stays');
    }
  };
  process.on('SIGHUP', reload);
  if (file !== null) watchFile(file, { interval: LOOK }, (now, before) => now.mtimeMs !== before.mtimeMs && reload());
  await untilAborted(signal);
  process.off('SIGHUP', reload);
  if (file !== null) unwatchFile(file);
  log.info({}, 'stopping');
  await service.stop();
  return 0;
}

/** @throws UserError CW-8001, CW-8002, CW-1002 */
function setupOf(parsed: Parsed, { env, err }: Streams): Setup {
  const { config, rules } = configAt(parsed.text('config'), env, (text) => err(`${text}\n`), parsed.many('rules'));
  const data = parsed.text('data');
  const listen = parsed.text('listen');
  return {
    rules,
    isDemo: parsed.isOn('demo'),
    config: {
      ...config,
      ...(data === null ? {} : { data }),
      ...(listen === null ? {} : { listen: addressIn(listen) }),
    },
  };
}

function addressIn(text: string): Address {
  const read = readAddress(text);
  if ('value' in read) return read.value;
  throw new UserError('CW-1002', `--listen ${text} is no address and port`, { cure: 'for example 127.0.0.1:7070' });
}

/** How to send the first record: five lines. The token is only shown to somebody who looks. */
function greeting({ url, token }: Service, file: string | null, { isOutTerminal }: Streams): string {
  const path = token.path === null ? null : (shellWord(token.path) ?? visibleCharacters(token.path));
  const where =
    path === null ? '$COSMOWATCH_TOKEN' : isOutTerminal && token.isNew ? token.token.reveal() : `$(cat ${path})`;
  const about = path === null ? 'the token of COSMOWATCH_TOKEN' : `the token in ${path}`;
  const folder = token.path === null ? null : shellWord(dirname(token.path));
  const here = ` --url ${url}${folder === null ? '' : ` --data ${folder}`}`;
  if (file !== null) return `${about} may do everything; how it goes: cosmowatch status${here}\n`;
  return `no configuration: logs are taken that are pushed, with ${about}
  curl ${url}/api/v1/logs -H "Authorization: Bearer ${where}" \\
    --data-binary @PT1H.json
what was found: cosmowatch alerts list${here}; does it work: drill --rule NAME, with the same
`;
}

/** Where the first admin is made. Whoever has the link is that admin, so it is only shown to somebody who looks. */
function firstSteps({ setup }: Service, { isOutTerminal }: Streams): string {
  if (setup === null) return '';
  return isOutTerminal
    ? `the console, for its first admin: ${setup.link.reveal()}\n`
    : `the console: its first admin is made with the link in ${shellWord(setup.path) ?? visibleCharacters(setup.path)}\n`;
}

/** Every secret of a configuration, however deep. */
function secretsIn(value: unknown, found: Secret[] = []): readonly Secret[] {
  if (value instanceof Secret) found.push(value);
  else if (value instanceof Map || Array.isArray(value)) for (const one of value.values()) secretsIn(one, found);
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) secretsIn(one, found);
  return found;
}
