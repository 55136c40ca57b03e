import { list, type Match } from '../alerts/match.ts';
import type { Weekly } from './calendar.ts';

/* What people write: in the configuration, or in a request. It is kept as it was written. */

type OneOrMore = string | readonly string[];

/** Each thing named must hold of the whole alert. `%name%` stands for the entries of `lists: {name: [...]}`. */
export interface ExceptionMatch {
  readonly rule?: OneOrMore | undefined;
  readonly account?: OneOrMore | undefined;
  readonly subscription?: OneOrMore | undefined;
  readonly labels?: Readonly<Record<string, OneOrMore>> | undefined;
  /** Id or name. */
  readonly actor?: OneOrMore | undefined;
  /** Id or name. */
  readonly application?: OneOrMore | undefined;
  /** Address or range. */
  readonly address?: OneOrMore | undefined;
  readonly time?: readonly Weekly[] | undefined;
}

export interface ExceptionSpec {
  readonly match: ExceptionMatch;
  readonly owner: string;
  readonly reason: string;
  /** ISO 8601; a day: its beginning in UTC. */
  readonly expires: string;
}

export interface SilenceSpec {
  readonly match: Match;
  /** ISO 8601; left out: at once. */
  readonly from?: string | undefined;
  /** ISO 8601; may be left out where it is weekly. */
  readonly until?: string | undefined;
  /** Left out: all the time from `from` to `until`. */
  readonly weekly?: readonly Weekly[] | undefined;
  readonly owner: string;
  readonly reason: string;
}

/** When no logs are expected of accounts. */
export interface CalendarSpec {
  readonly account: OneOrMore;
  readonly weekly: readonly Weekly[];
  readonly owner: string;
  readonly reason: string;
}

/** Entries by the names that `%name%` calls. */
export type Lists = Readonly<Record<string, readonly string[]>>;

/** Milliseconds of a time or day as it is written; null: it is none. */
export function timeOf(text: string): number | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(text);
  if (found === null) return null;
  const [year, month, day] = found.slice(1).map(Number);
  // Date.parse takes 30 February for 2 March.
  if (new Date(Date.UTC(year!, month! - 1, day)).getUTCDate() !== day) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

/** `%admins%` by what it stands for; a list that is not there stands for nothing. */
export function expand(asked: OneOrMore, lists: Lists): readonly string[] {
  return list(asked).flatMap((word) => {
    const name = listName(word);
    if (name === null) return [word];
    return Object.hasOwn(lists, name) ? lists[name]! : [];
  });
}

/** Null: it names no list. */
export function listName(word: string): string | null {
  return /^%([^%\s]+)%$/.exec(word)?.[1] ?? null;
}
