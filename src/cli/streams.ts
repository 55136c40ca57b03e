import type { UserError } from '../lib/errors.ts';
import { visibleCharacters } from '../lib/visible.ts';

/** Asks a person a question; null: there will be no answer. */
export type Ask = (question: string) => Promise<string | null>;

/** Where a command reads and writes; a test gives its own. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly isOutTerminal: boolean;
  readonly isErrTerminal: boolean;
  readonly columns: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Null or left out: nobody is there to be asked. */
  readonly ask?: Ask | null;
}

export interface Look {
  readonly width: number;
  readonly colour: boolean;
  readonly unicode: boolean;
}

/** How standard output may look: colour and Unicode only on a terminal, unless `--color` says otherwise; 60 to 120 columns. */
export function lookOf(streams: Streams, color: string, isTerminal: boolean): Look {
  const { env } = streams;
  const noColour = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb' || !isTerminal;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return {
    width: Math.min(120, Math.max(60, streams.columns ?? 80)),
    colour: color === 'always' || (color !== 'never' && !noColour),
    unicode: isTerminal && /utf-?8/i.test(locale),
  };
}

/** `error CW-nnnn: what`, the facts, the cure; never a stack. File names and messages may hold anything, so none is sent as it is. */
export function formatError(error: UserError, colour: boolean): string {
  const word = colour ? '\u001b[31merror\u001b[39m' : 'error';
  const lines = [
    `${word} ${error.code}: ${visibleCharacters(error.message)}`,
    ...error.facts.map((fact) => `  ${visibleCharacters(fact)}`),
  ];
  if (error.cure !== null) lines.push(`  cure: ${visibleCharacters(error.cure)}`);
  return `${lines.join('\n')}\n`;
}
