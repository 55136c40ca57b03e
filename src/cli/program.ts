import { type Clock, systemClock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { suggestion } from '../lib/nearest.ts';
import { VERSION } from '../lib/version.ts';
import { COMMON_OPTIONS, type CommandSpec, helpOf } from './command.ts';
import { formatError, lookOf, type Streams } from './streams.ts';

type Run = (words: readonly string[], streams: Streams, clock: Clock, signal: AbortSignal) => Promise<number>;

/** Every command; its file is loaded when it is called. */
const COMMANDS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Run> }>> = {
  demo: {
    summary: 'Play one day in a made-up tenant and watch the alerts',
    load: async () => (await import('./demo.ts')).runDemo,
  },
  scan: {
    summary: 'Read log files and print the alerts in them',
    load: async () => (await import('./scan.ts')).runScan,
  },
  rules: {
    summary: 'List, lint and test detection rules',
    load: async () => (await import('./rules.ts')).runRules,
  },
  logs: {
    summary: 'Say how a record is understood, and what logs can show',
    load: async () => (await import('./logs.ts')).runLogs,
  },
  simulate: {
    summary: 'Write the logs of a made-up tenant, with the truth beside',
    load: async () => (await import('./simulate.ts')).runSimulate,
  },
  serve: {
    summary: 'Read live sources, raise alerts as records arrive',
    load: async () => (await import('./serve.ts')).runServe,
  },
  init: {
    summary: 'Write a configuration, and what Azure needs for it',
    load: async () => (await import('./init.ts')).runInit,
  },
  status: {
    summary: 'Say how a running service is',
    load: async () => (await import('./status.ts')).runStatus,
  },
  alerts: {
    summary: 'List, show and change the alerts of a running service',
    load: async () => (await import('./alerts.ts')).runAlerts,
  },
  routine: {
    summary: 'List and forget what is done again and again',
    load: async () => (await import('./routine.ts')).runRoutine,
  },
  memory: {
    summary: 'List and forget who and what was seen at accounts',
    load: async () => (await import('./memory.ts')).runMemory,
  },
  exceptions: {
    summary: 'List, try, make and end exceptions in a running service',
    load: async () => (await import('./exceptions.ts')).runExceptions,
  },
  silences: {
    summary: 'List, make and end silences in a running service',
    load: async () => (await import('./silences.ts')).runSilences,
  },
  drill: {
    summary: 'Make a rule fire in a running service, to see it work',
    load: async () => (await import('./drill.ts')).runDrill,
  },
  tokens: {
    summary: 'List, make and end the tokens of a running service',
    load: async () => (await import('./tokens.ts')).runTokens,
  },
  users: {
    summary: 'List, add and remove who may sign in to the console',
    load: async () => (await import('./users.ts')).runUsers,
  },
  audit: {
    summary: 'Read and verify the audit log of a running service',
    load: async () => (await import('./audit.ts')).runAudit,
  },
  config: {
    summary: 'Check a configuration, or print its schema',
    load: async () => (await import('./config.ts')).runConfig,
  },
  routes: {
    summary: 'Say where an alert would go, and why',
    load: async () => (await import('./routes.ts')).runRoutes,
  },
  notify: {
    summary: 'Send a test to a receiver, and say what it answers',
    load: async () => (await import('./notify.ts')).runNotify,
  },
  backup: {
    summary: 'Copy the database of a running service, or of one at rest',
    load: async () => (await import('./backup.ts')).runBackup,
  },
  restore: {
    summary: 'Put a backup in the place of a database',
    load: async () => (await import('./backup.ts')).runRestore,
  },
  explain: {
    summary: 'Say what an error code means',
    load: async () => (await import('./explain.ts')).runExplain,
  },
};

const MAIN: CommandSpec = {
  name: '',
  summary: 'cosmowatch: security detection for Azure Cosmos DB',
  usage: '<command> [options]',
  before: `Start here
  demo             ${COMMANDS['demo']!.summary}
  scan <path...>   ${COMMANDS['scan']!.summary}

A running service
  init             ${COMMANDS['init']!.summary}
  serve            ${COMMANDS['serve']!.summary}
  status           ${COMMANDS['status']!.summary}
  alerts           ${COMMANDS['alerts']!.summary}
  exceptions       ${COMMANDS['exceptions']!.summary}
  silences         ${COMMANDS['silences']!.summary}
  routine          ${COMMANDS['routine']!.summary}
  memory           ${COMMANDS['memory']!.summary}
  drill            ${COMMANDS['drill']!.summary}
  tokens           ${COMMANDS['tokens']!.summary}
  users            ${COMMANDS['users']!.summary}
  audit            ${COMMANDS['audit']!.summary}
  config           ${COMMANDS['config']!.summary}
  routes           ${COMMANDS['routes']!.summary}
  notify           ${COMMANDS['notify']!.summary}
  backup           ${COMMANDS['backup']!.summary}
  restore          ${COMMANDS['restore']!.summary}

More
  rules            ${COMMANDS['rules']!.summary}
  logs             ${COMMANDS['logs']!.summary}
  simulate         ${COMMANDS['simulate']!.summary}
  explain <code>   ${COMMANDS['explain']!.summary}`,
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '-h, --help', text: 'Show help for cosmowatch or for a command' },
        { flags: '-V, --version', text: 'Show the version' },
        ...COMMON_OPTIONS,
      ],
    },
  ],
  after: `Examples
  cosmowatch demo
  cosmowatch scan logs/ --fail-on high
  az monitor activity-log list -o json | cosmowatch scan -

Help for one command: cosmowatch scan --help
What an error code means: cosmowatch explain CW-2001`,
};

/** Runs one command line; the number is the exit code. Errors that a user can cure are printed, not thrown. */
export async function runProgram(
  words: readonly string[],
  streams: Streams,
  clock: Clock = systemClock,
  signal: AbortSignal = new AbortController().signal,
): Promise<number> {
  try {
    const [name, ...rest] = words;
    if (name === undefined || name === '-h' || name === '--help' || name === 'help') {
      streams.out(helpOf(MAIN));
      return name === undefined ? 2 : 0;
    }
    if (name === '-V' || name === '--version') {
      streams.out(`${VERSION}\n`);
      return 0;
    }
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined) throw unknownCommand(name);
    const run = await command.load();
    return await run(rest, streams, clock, signal);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    streams.err(formatError(error, lookOf(streams, 'auto', streams.isErrTerminal).colour));
    return error.exit;
  }
}

function unknownCommand(name: string): UserError {
  const what = name.startsWith('-') ? 'option' : 'command';
  return new UserError('CW-1001', `unknown ${what} ${name}`, {
    facts: suggestion(name, Object.keys(COMMANDS)),
    cure: 'see: cosmowatch --help',
  });
}
