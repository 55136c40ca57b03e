import { list } from '../alerts/match.ts';
import { nearest } from '../lib/nearest.ts';
import { isEverywhere, isRange } from './addresses.ts';
import { isZone, type Weekly } from './calendar.ts';
import {
  type CalendarSpec,
  type ExceptionMatch,
  type ExceptionSpec,
  expand,
  type Lists,
  listName,
  type SilenceSpec,
  timeOf,
} from './spec.ts';

/** What is wrong with an exception, silence or calendar that has the right shape. */
export interface TuningProblem {
  readonly code: 'CW-8005' | 'CW-8011' | 'CW-8103' | 'CW-8104' | 'CW-8105' | 'CW-8106' | 'CW-8107';
  /** Where, below the exception: `['match', 'address', 1]`. */
  readonly path: readonly (string | number)[];
  /** Behind the name of the place: `is no address or range`. */
  readonly what: string;
  readonly cure: string;
  /** False: it works as written, but look at it. */
  readonly isError: boolean;
}

type Path = TuningProblem['path'];

export interface CheckContext {
  readonly lists: Lists;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export function checkException({ match, expires }: ExceptionSpec, context: CheckContext): readonly TuningProblem[] {
  const named = unknownLists(match, context.lists);
  const problems = [
    ...named,
    ...addressProblems(match, context.lists),
    ...weeklyProblems(match.time ?? [], ['match', 'time']),
    ...scopeProblems(match, context.lists),
    ...timeProblems({ expires }),
  ];
  if (problems.some(({ isError }) => isError)) return problems;
  const isOver = timeOf(expires)! <= context.now;
  return isOver ? [...problems, expired(expires)] : problems;
}

export function checkSilence(spec: SilenceSpec, { now }: CheckContext): readonly TuningProblem[] {
  const { match, from, until, weekly } = spec;
  const problems = [
    ...(narrowing(match as ExceptionMatch, {}).length > 0 ? [] : [everything('silence')]),
    ...timeProblems({ from, until }),
    ...weeklyProblems(weekly ?? [], ['weekly']),
  ];
  if (problems.length > 0) return problems;
  if (until === undefined)
    return weekly === undefined
      ? [wrong('CW-8005', [], 'has no end', 'add "until:", or "weekly:" for what comes again each week')]
      : [];
  if (timeOf(until)! <= now)
    return [wrong('CW-8105', ['until'], `is in the past: the silence ended at ${until}`, 'remove it, or give a later')];
  if (from !== undefined && timeOf(from)! >= timeOf(until)!)
    return [wrong('CW-8105', ['until'], 'is not later than from', 'give a later one')];
  return [];
}

export function checkCalendar({ account, weekly }: CalendarSpec): readonly TuningProblem[] {
  const isAll = list(account).some(isAnything);
  return [
    ...(isAll
      ? [wrong('CW-8103', ['account'], 'matches every account', 'name those that are quiet then: orders-*')]
      : []),
    ...weeklyProblems(weekly, ['weekly']),
  ];
}

function wrong(code: TuningProblem['code'], path: Path, what: string, cure: string): TuningProblem {
  return { code, path, what, cure, isError: true };
}

function everything(what: string): TuningProblem {
  const cure = 'name a rule, an account, or whom it is about; * alone does not count';
  return wrong('CW-8103', ['match'], `matches everything: no ${what} may hide all alerts`, cure);
}

function expired(expires: string): TuningProblem {
  return {
    code: 'CW-8107',
    path: ['expires'],
    what: `is over: since ${expires} only what ended before it is hidden`,
    cure: 'give a later one, or resolve what it hid and remove it',
    isError: false,
  };
}

/** The conditions that leave something out. A time alone does not count: it would hide everything then. */
function narrowing(match: ExceptionMatch, lists: Lists): readonly string[] {
  const { time: _, labels = {}, ...others } = match;
  const all = [...Object.entries(others), ...Object.entries(labels)];
  return all.flatMap(([name, asked]) => {
    if (asked === undefined) return [];
    return expand(asked, lists).some((one) => isAnything(one) || (name === 'address' && isEverywhere(one)))
      ? []
      : [name];
  });
}

function isAnything(pattern: string): boolean {
  return /^[*\s]*$/.test(pattern);
}

function scopeProblems(match: ExceptionMatch, lists: Lists): TuningProblem[] {
  const found = narrowing(match, lists);
  if (found.length === 0) return [everything('exception')];
  if (found.length > 1 || found[0] !== 'rule' || match.time !== undefined) return [];
  const cure = 'say of whom: actor, application, address, account; or switch the rule off under rules.disable';
  return [{ code: 'CW-8106', path: ['match'], what: 'hides every alert of a rule', cure, isError: false }];
}

function entriesOf({ time: _, labels = {}, ...others }: ExceptionMatch): readonly (readonly [Path, string])[] {
  const at = (path: Path, asked: string | readonly string[] | undefined): (readonly [Path, string])[] => {
    if (asked === undefined) return [];
    return typeof asked === 'string' ? [[path, asked]] : asked.map((one, index) => [[...path, index], one] as const);
  };
  return [
    ...Object.entries(others).flatMap(([name, asked]) => at(['match', name], asked)),
    ...Object.entries(labels).flatMap(([name, asked]) => at(['match', 'labels', name], asked)),
  ];
}

function unknownLists(match: ExceptionMatch, lists: Lists): TuningProblem[] {
  return entriesOf(match).flatMap(([path, word]) => {
    const name = listName(word);
    if (name === null || Object.hasOwn(lists, name)) return [];
    const near = nearest(name.slice(0, 100), Object.keys(lists));
    const known = Object.keys(lists).join(', ');
    const cure =
      near !== null ? `did you mean "%${near}%"?` : known === '' ? 'write it under lists' : `there are ${known}`;
    return [wrong('CW-8011', path, 'names a list that there is not', cure)];
  });
}

function addressProblems(match: ExceptionMatch, lists: Lists): TuningProblem[] {
  return entriesOf(match).flatMap(([path, word]) => {
    if (path[1] !== 'address') return [];
    const bad = expand(word, lists).find((one) => !isRange(one));
    if (bad === undefined) return [];
    const what = bad === word ? 'is no address or range' : 'names a list with an entry that is no address or range';
    return [
      wrong('CW-8104', path, `${what}: ${bad.slice(0, 60)}`, 'for example 192.0.2.7, 192.0.2.0/24, 2001:db8::/32'),
    ];
  });
}

function timeProblems(times: Readonly<Record<string, string | undefined>>): TuningProblem[] {
  return Object.entries(times).flatMap(([name, text]) =>
    text === undefined || timeOf(text) !== null
      ? []
      : [wrong('CW-8005', [name], 'is no time', 'a day as 2027-03-01, or a time as 2027-03-01T06:00:00Z')],
  );
}

function weeklyProblems(weekly: readonly Weekly[], base: Path): TuningProblem[] {
  return weekly.flatMap(({ zone }, at) =>
    zone === undefined || isZone(zone)
      ? []
      : [wrong('CW-8005', [...base, at, 'zone'], 'is no time zone', 'as Europe/Berlin, America/New_York or UTC')],
  );
}
