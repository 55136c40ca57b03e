import { Command, CommanderError, Option } from 'commander';
import { UserError } from '../lib/errors.ts';
import { suggestion } from '../lib/nearest.ts';
import { wrap } from '../report/text.ts';

/** One option: what commander parses, and what `--help` prints. */
export interface OptionRow {
  /** As commander reads it: `-f, --format <F>`. */
  readonly flags: string;
  readonly text: string;
  /** May be given more than once. */
  readonly many?: true;
  readonly hidden?: true;
}

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** Behind the name: `<path...> [options]`. */
  readonly usage: string;
  readonly args?: string;
  readonly sections: readonly { readonly title: string; readonly options: readonly OptionRow[] }[];
  /** Printed as they are, before and after the options. */
  readonly before?: string;
  readonly after?: string;
}

export interface Parsed {
  readonly args: readonly string[];
  readonly text: (option: string) => string | null;
  /** Of an option that may be given more than once. */
  readonly many: (option: string) => readonly string[];
  readonly isOn: (option: string) => boolean;
  readonly help: boolean;
}

/** A command's words, parsed; null: help was asked for, and is printed. @throws UserError CW-1001 with the nearest option */
export function startCommand(spec: CommandSpec, words: readonly string[], out: (text: string) => void): Parsed | null {
  const parsed = parseCommand(spec, words);
  if (!parsed.help) return parsed;
  out(helpOf(spec));
  return null;
}

/** Parses a command's words. @throws UserError CW-1001 with the nearest option */
export function parseCommand(spec: CommandSpec, words: readonly string[]): Parsed {
  const command = new Command(spec.name)
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.allowExcessArguments(true).argument('[args...]');
  for (const row of optionsOf(spec)) {
    const option = new Option(row.flags);
    if (row.many)
      option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), asTyped(value)]);
    else if (option.required) option.argParser(asTyped);
    command.addOption(option);
  }
  command.option('-h, --help');
  try {
    command.parse(words.map(asWord), { from: 'user' });
  } catch (error) {
    throw usageError(spec, error);
  }
  const options = command.opts<Readonly<Record<string, unknown>>>();
  return {
    args: command.args.map(asTyped),
    text: (option) => (options[option] as string | undefined) ?? null,
    many: (option) => (options[option] as readonly string[] | undefined) ?? [],
    isOn: (option) => options[option] === true,
    help: options['help'] === true,
  };
}

/** `-:8` is no option but line 8 of standard input. No word that a system passes on holds a NUL. */
function asWord(word: string): string {
  return /^-:\d/.test(word) ? `\0${word}` : word;
}

function asTyped(word: string): string {
  return word.replace(/^\0/, '');
}

function optionsOf(spec: CommandSpec): OptionRow[] {
  return spec.sections.flatMap((section) => section.options);
}

function usageError(spec: CommandSpec, error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  const cure = `see: cosmowatch ${spec.name} --help`.replace('  ', ' ');
  const unknown = /unknown option '(-[^']*)'/.exec(error.message)?.[1];
  if (unknown !== undefined) {
    const names = optionsOf(spec).flatMap((row) => row.flags.match(/--[a-z-]+/g) ?? []);
    return new UserError('CW-1001', `unknown option ${unknown}`, { facts: suggestion(unknown, names), cure });
  }
  const message = error.message.replace(/^error: /, '').replace(/\.$/, '');
  return new UserError('CW-1001', message, { cure });
}

const INDENT = 23;

/** The help of a command: at most 80 columns, the same shape for every command. */
export function helpOf(spec: CommandSpec): string {
  const name = spec.name === '' ? '' : ` ${spec.name}`;
  const parts = [spec.summary, '', `Usage: cosmowatch${name} ${spec.usage}`, ''];
  if (spec.before) parts.push(spec.before, '');
  for (const { title, options } of spec.sections) {
    const rows = options.filter((row) => !row.hidden);
    if (rows.length === 0) continue;
    parts.push(title, ...rows.map(helpRow), '');
  }
  if (spec.after) parts.push(spec.after, '');
  return parts.join('\n');
}

function helpRow({ flags, text }: OptionRow): string {
  const shown = flags.replace(/<([^>]+)>/, '$1');
  const label = `  ${shown.startsWith('--') ? `    ${shown}` : shown}`;
  const lines = wrap(text, 80 - INDENT);
  const first = label.length >= INDENT ? `${label}  ${lines[0]}` : label.padEnd(INDENT) + lines[0];
  return [first, ...lines.slice(1).map((line) => ' '.repeat(INDENT) + line)].join('\n');
}

/** Options that every command takes. */
export const COMMON_OPTIONS: readonly OptionRow[] = [
  { flags: '--color <W>', text: 'When to use colour: auto, always, never (default auto)' },
  { flags: '-q, --quiet', text: 'No progress and no notes (errors are still shown)' },
];

/** How every command that asks about one record names it. */
export const RECORD_HELP = `Records
  FILE                 Its first record; - is standard input
  FILE:LINE            The record in that line, or the one that covers it; of
                       several there the first
  FILE:LINE:N          The Nth of several in one line`;
