import { endTuning } from '../app/remoteTuning.ts';
import { parseDuration } from '../lib/duration.ts';
import { UserError } from '../lib/errors.ts';
import { visible } from '../report/text.ts';
import { COMMON_OPTIONS, type CommandSpec, type OptionRow, type Parsed, startCommand } from './command.ts';
import { answerText, REMOTE_EXITS, REMOTE_OPTIONS, refuseWords, remoteIn } from './remote.ts';
import { wrong } from './scanOptions.ts';
import type { Verb } from './verbs.ts';

/** What exceptions and silences share on the command line. */

export const WHY_OPTIONS: readonly OptionRow[] = [
  { flags: '--owner <WHO>', text: 'Who answers for it' },
  { flags: '-m, --reason <T>', text: 'Why, for whoever asks later' },
];

export function why({ text }: Parsed, command: string): { readonly owner: string; readonly reason: string } {
  return { owner: needed(text('owner'), '--owner', command), reason: needed(text('reason'), '--reason', command) };
}

export function needed(value: string | null, option: string, command: string): string {
  if (value !== null && value.trim() !== '') return value;
  throw new UserError('CW-1001', `${command} needs ${option}`, { cure: `cosmowatch ${command} --help` });
}

/** What was asked for several times, by the name that the service has for it. */
export function asked({ many }: Parsed, names: readonly string[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const given = many(name);
      return given.length === 0 ? [] : [[name, given] as const];
    }),
  );
}

export function labelsIn({ many }: Parsed): { readonly labels?: Readonly<Record<string, string>> } {
  const given = many('label').map((value): readonly [string, string] => {
    const found = /^([^=\s]+)=(.+)$/.exec(value);
    if (found === null) throw wrong('--label', value, 'a name and a value: customer=contoso');
    return [found[1]!, found[2]!];
  });
  return given.length === 0 ? {} : { labels: Object.fromEntries(given) };
}

/** `sat,sun 22:00-06:00 Europe/Berlin`: days, hours and zone, of which each may be left out. */
export function weeklyIn(option: string, values: readonly string[]) {
  return values.map((value) => {
    const found =
      /^(?:((?:sun|mon|tue|wed|thu|fri|sat)(?:,(?:sun|mon|tue|wed|thu|fri|sat))*)(?: |$))?(?:(\d\d:\d\d)-(\d\d:\d\d)(?: |$))?(\S+)?$/i.exec(
        value.trim(),
      );
    if (found === null || value.trim() === '') throw wrong(option, value, '"sat,sun 22:00-06:00 Europe/Berlin"');
    const [, days, from, to, zone] = found;
    return {
      ...(days === undefined ? {} : { days: days.toLowerCase().split(',') as Day[] }),
      ...(from === undefined ? {} : { from, to: to! }),
      ...(zone === undefined ? {} : { zone }),
    };
  });
}

type Day = 'sun' | 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat';

/** A day, a time, or how long from now. */
export function endIn(value: string, nowMs: number): string {
  const seconds = parseDuration(value);
  return seconds === null ? value : new Date(nowMs + seconds * 1000).toISOString();
}

export function endSpec(what: 'exceptions' | 'silences', one: string): CommandSpec {
  return {
    name: `${what} end`,
    summary: `End ${one}: what it kept back and is still open is told`,
    usage: '<name> [options]',
    sections: [{ title: 'Options', options: [...REMOTE_OPTIONS, ...COMMON_OPTIONS] }],
    after: `What stands in the configuration is ended there.

${REMOTE_EXITS}`,
  };
}

export function runEnd(what: 'exceptions' | 'silences', spec: CommandSpec): Verb {
  return async (words, streams, _clock, signal) => {
    const parsed = startCommand(spec, words, streams.out);
    if (parsed === null) return 0;
    refuseWords(parsed, 1, `${what} end takes one name`);
    const [name = ''] = parsed.args;
    const { raw } = await endTuning(remoteIn(parsed, streams), what, name, signal);
    if (parsed.isOn('json')) streams.out(answerText(raw));
    else if (!parsed.isOn('quiet')) streams.out(`${visible(name)} has ended.\n`);
    return 0;
  };
}
