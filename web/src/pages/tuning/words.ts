import type { ExceptionBody, SilenceBody } from '../../../../src/api/contract.ts';
import { nameOf, some } from '../../words.ts';

type Match = SilenceBody['match'] & ExceptionBody['match'];

/** What it names, in a line: `rule cosmosdb_keys_viewed, account orders-prod`. */
export function matchWords(match: Partial<Match>): string {
  const { time, labels, ...plain } = match;
  const parts = Object.entries(plain).flatMap(([name, asked]) =>
    asked === undefined ? [] : [`${name} ${some(listOf(asked).map(nameOf), 3)}`],
  );
  for (const [name, asked] of Object.entries(labels ?? {})) parts.push(`label ${name} ${some(listOf(asked), 3)}`);
  if (time !== undefined) parts.push(time.map(hoursWords).join(' and '));
  return parts.length === 0 ? 'every alert' : parts.join(', ');
}

function listOf(asked: string | readonly string[]): readonly string[] {
  return typeof asked === 'string' ? [asked] : asked;
}

type Hours = NonNullable<SilenceBody['weekly']>[number];

/** `mon to fri, 03:00 to 05:00` */
export function hoursWords({ days, from, to, zone }: Hours): string {
  const when = days === undefined ? 'every day' : days.join(', ');
  return `${when}, ${from ?? '00:00'} to ${to ?? '24:00'}${zone === undefined ? ' UTC' : ` ${zone}`}`;
}

/** A name that the API takes, made of what was written. */
export function slug(text: string): string {
  const plain = text
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return /^[a-z]/.test(plain) ? plain.slice(0, 60) : `x-${plain}`.slice(0, 60);
}
