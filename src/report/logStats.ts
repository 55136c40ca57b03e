import type { Micros } from '../events/event.ts';
import { commandLines } from './command.ts';
import type { Look, NextCommands, ScanContext } from './context.ts';
import { notes } from './leftOut.ts';
import { painter } from './style.ts';
import {
  cutMiddle,
  durationText,
  listText,
  numberText,
  padEnd,
  periodText,
  plural,
  visible,
  widthOf,
  wrapLine,
} from './text.ts';

/** What log files hold. Times in microseconds since 1970 unless a name says seconds. */
export interface LogStats extends Pick<ScanContext, 'leftOut' | 'skipped' | 'records' | 'events' | 'bytes' | 'period'> {
  readonly files: number;
  readonly families: readonly FamilyStats[];
  /** Those with most records first; of at most a thousand, see `otherAccounts`. */
  readonly accounts: readonly AccountStats[];
  /** Records of accounts beyond those. */
  readonly otherAccounts: number;
  /** The longest of each log of each account; the longest of these first. */
  readonly silences: readonly SilenceStats[];
  readonly rate: Rate | null;
  /** Null: no log here needs a caller to be found. */
  readonly callers: CallerStats | null;
  readonly rules: readonly RuleCoverage[];
}

export interface FamilyStats {
  readonly family: string;
  readonly variant: string;
  readonly records: number;
  readonly from: Micros;
  readonly to: Micros;
}

export interface AccountStats {
  readonly account: string;
  readonly name: string;
  readonly records: number;
  readonly from: Micros;
  readonly to: Micros;
  readonly families: readonly string[];
}

export interface SilenceStats {
  readonly account: string;
  readonly family: string;
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
  /** It lasts to the newest record of all. */
  readonly isOpen: boolean;
  /** False: because times jump back and forth in these files, a longer one may have been missed. */
  readonly isExact: boolean;
}

/** By event time. */
export interface Rate {
  /** Records a second, from the first record to the last. */
  readonly mean: number;
  readonly peak: { readonly minute: Micros; readonly records: number };
}

/** Records of the Activity Log, and how many of them carry the id that ties them to ControlPlaneRequests. */
export interface CallerStats {
  readonly activity: number;
  readonly withId: number;
}

export interface RuleCoverage {
  readonly rule: string;
  /** Logs that the rule can find something in: those that are here, and those that are not. */
  readonly present: readonly string[];
  readonly absent: readonly string[];
  /** Accounts with records of one of them. */
  readonly accounts: number;
}

const MOST_ACCOUNTS = 20;

/** The statistics for people. */
export function logStatsText(stats: LogStats, next: NextCommands | null, look: Look): string {
  const paint = painter(look.colour);
  const sections = [
    [headOf(stats)],
    families(stats),
    accounts(stats, look.width),
    silences(stats),
    [rate(stats), ...callers(stats)],
    coverage(stats),
    notes(stats),
  ];
  const lines = sections
    .map((section) => section.filter((line) => line !== ''))
    .filter((section) => section.length > 0)
    .map((section) => {
      const [head = '', ...rest] = section.flatMap((line) => wrapLine(line, look.width));
      return [rest.length > 0 && rest[0]!.startsWith(' ') ? paint(head, 'bold') : head, ...rest].join('\n');
    })
    .join('\n\n');
  const hint = next?.scan ? ['', ...commandLines(`Next: ${next.scan}`, look, 0)] : [];
  return `${[lines, ...hint].join('\n')}\n`;
}

function headOf({ records, files, bytes, period }: LogStats): string {
  const size = bytes < 1e6 ? `${numberText(Math.ceil(bytes / 1000))} kB` : `${numberText(Math.round(bytes / 1e6))} MB`;
  const time = period === null ? '' : `, ${periodText(period)}`;
  return `${plural(records, 'record')} in ${plural(files, 'file')} (${size})${time}.`;
}

function families({ families: list }: LogStats): string[] {
  if (list.length === 0) return [];
  const name = Math.max(...list.map(({ family }) => family.length));
  const rows = list.map(
    ({ family, variant, records }) =>
      `  ${family.padEnd(name)}  ${variant.padEnd(13)}  ${numberText(records).padStart(13)}`,
  );
  return ['Logs, variants and their records', ...rows];
}

function accounts({ accounts: list, otherAccounts }: LogStats, width: number): string[] {
  const shown = list.slice(0, MOST_ACCOUNTS);
  const room = width - 52;
  const rows = shown.flatMap(({ account, name, records, from, to, families: own }) => {
    const isShared = list.some((other) => other.name === name && other.account !== account);
    return [
      `  ${padEnd(cutMiddle(visible(name), room), room)}${numberText(records).padStart(12)}  ${minuteOf(from)}  ${minuteOf(to)}`,
      ...(isShared ? [`    ${visible(account)}`] : []),
      `    ${own.join(', ')}`,
    ];
  });
  const more = [
    list.length > shown.length ? `  and ${numberText(list.length - shown.length)} more: --format json names them` : '',
    otherAccounts > 0
      ? `  ${plural(otherAccounts, 'record')} more of accounts beyond the first ${numberText(list.length)} are only counted`
      : '',
  ];
  if (rows.length === 0) return ['No record names an account.'];
  return [`${plural(list.length, 'account')}: records, first and last (UTC)`, ...rows, ...more];
}

function minuteOf(time: Micros): string {
  return new Date(time / 1000).toISOString().slice(0, 16).replace('T', ' ');
}

function silences({ silences: list }: LogStats): string[] {
  if (list.length === 0) return [];
  const lengths = list.map(({ seconds }) => durationText(seconds));
  const width = Math.max(...lengths.map(widthOf));
  const rows = list.map(({ account, family, from, to, isOpen }, at) => {
    const until = isOpen
      ? 'the end'
      : minuteOf(to * 1e6).slice(minuteOf(from * 1e6).slice(0, 10) === minuteOf(to * 1e6).slice(0, 10) ? 11 : 0);
    return `  ${padEnd(lengths[at]!, width)}  ${visible(account.split('/').at(-1)!)}, ${family}: ${minuteOf(from * 1e6)} to ${until}`;
  });
  const note = list.every(({ isExact }) => isExact)
    ? []
    : ['  Times jump back and forth in these files, so a longer one may have been missed.'];
  return ['Longest silences (UTC), of each log of each account', ...rows, ...note];
}

function rate({ rate: found }: LogStats): string {
  if (found === null) return '';
  const { mean, peak } = found;
  return `Rate: ${perSecond(mean)} a second on average, ${perSecond(peak.records / 60)} in the fullest minute (${minuteOf(peak.minute)} UTC).`;
}

function perSecond(value: number): string {
  const rounded = value >= 100 ? Math.round(value) : Number(value.toPrecision(2));
  return rounded === 1 ? '1 record' : `${rounded < 1000 ? rounded : numberText(rounded)} records`;
}

/** ControlPlaneRequests names nobody: who it was is found in the Activity Log, for certain only by an id that not every variant has. */
function callers({ callers: found }: LogStats): string[] {
  if (found === null) return [];
  const { activity, withId } = found;
  if (activity === 0)
    return ['Callers: ControlPlaneRequests names none, and without the Activity Log nobody can be named.'];
  if (withId === 0)
    return [
      'Callers: those of ControlPlaneRequests are likely at best. The id that ties them to the Activity Log is in its REST and Log Analytics variants, not in the export.',
    ];
  return [
    `Callers: those of ControlPlaneRequests can be exact; the id that ties both is in ${numberText(withId)} of ${plural(activity, 'Activity Log record')}.`,
  ];
}

function coverage({ rules, accounts: list }: LogStats): string[] {
  if (rules.length === 0) return [];
  const can = rules.filter(({ present }) => present.length > 0);
  const cannot = rules.filter(({ present }) => present.length === 0);
  return [
    `What could be detected: ${can.length} of ${plural(rules.length, 'rule')} can fire`,
    ...can.flatMap(({ rule, present, absent, accounts: own }) => [
      `  ${visible(rule)}`,
      `    in ${listText(present, 20)}${list.length > 1 ? `, of ${own} of ${plural(list.length, 'account')}` : ''}`,
      absent.length === 0 ? '' : `    not here, and could tell it too: ${absent.join(', ')}`,
    ]),
    ...(cannot.length === 0 ? [] : [`What could not: ${cannot.length} of ${plural(rules.length, 'rule')}`]),
    ...cannot.flatMap(({ rule, absent }) => [
      `  ${visible(rule)}`,
      absent.length === 0 ? '    asks for no log that is known' : `    needs ${listOr(absent)}`,
    ]),
  ];
}

function listOr(items: readonly string[]): string {
  return items.length === 1 ? items[0]! : `one of ${items.join(', ')}`;
}

/** The same for programs: one JSON document, times as ISO 8601. What a broken line holds is not repeated. */
export function logStatsJson(stats: LogStats): object {
  const iso = (time: Micros) => new Date(time / 1000).toISOString();
  const span = <T extends { readonly from: Micros; readonly to: Micros }>({ from, to, ...rest }: T) => ({
    ...rest,
    first: iso(from),
    last: iso(to),
  });
  const { period, rate: found } = stats;
  return {
    ...stats,
    period: period === null ? null : { from: iso(period.from), to: iso(period.to) },
    families: stats.families.map(span),
    accounts: stats.accounts.map(span),
    silences: stats.silences.map(({ from, to, ...rest }) => ({ ...rest, from: iso(from * 1e6), to: iso(to * 1e6) })),
    rate: found === null ? null : { mean: found.mean, peak: { ...found.peak, minute: iso(found.peak.minute) } },
    skipped: stats.skipped.map(({ path, why, records }) => ({ path, why, records })),
    leftOut: stats.leftOut.map(({ what, count, first, last }) => ({ what, count, first, last })),
  };
}
