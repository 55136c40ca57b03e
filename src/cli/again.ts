import { shellWord } from '../lib/shell.ts';
import type { NextCommands } from '../report/context.ts';
import type { Parsed } from './command.ts';
import type { Streams } from './streams.ts';

/** Options that decide what is read and how it is judged, of the commands that read logs. */
const LOGS = ['now', 'rules'] as const;
const AZURE = ['subscription', 'days', 'workspace'] as const;
const SCAN = [...AZURE, ...LOGS, 'since', 'until', 'inventory', 'expect-account', 'only', 'set', 'min-level'] as const;

/** Those that may be given more than once. */
const MANY: ReadonlySet<string> = new Set([
  'rules',
  'inventory',
  'expect-account',
  'only',
  'set',
  'subscription',
  'workspace',
]);

/**
 * Commands that read the same logs again, to be pasted into a shell. Only people read hints, so in a pipe there are none. Standard input
 * cannot be read again, and a word with hidden characters cannot be pasted.
 */
export function nextCommands(
  parsed: Parsed,
  paths: readonly string[],
  streams: Pick<Streams, 'isOutTerminal' | 'isErrTerminal'>,
): NextCommands | null {
  if (!streams.isOutTerminal || !streams.isErrTerminal) return null;
  if (paths.includes('-')) return { scan: null, stats: null };
  const stats = parsed.isOn('azure') ? null : commandOf('logs stats', paths, LOGS, parsed);
  return { scan: commandOf('scan', paths, SCAN, parsed), stats };
}

function commandOf(
  name: string,
  paths: readonly string[],
  names: readonly string[],
  { text, many, isOn }: Parsed,
): string | null {
  const given = names.flatMap((option) => {
    const key = option.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    const values = MANY.has(option) ? many(key) : [text(key)].filter((value) => value !== null);
    return values.flatMap((one) => [`--${option}`, one]);
  });
  // After `--` a path may look like an option.
  const flags = isOn('azure') ? ['--azure'] : [];
  const words = [...paths.map((path) => (path.startsWith('-') ? `./${path}` : path)), ...flags, ...given].map(
    shellWord,
  );
  return words.includes(null) ? null : ['cosmowatch', name, ...words].join(' ');
}
