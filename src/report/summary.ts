import { LEVELS, type Level } from '../ir/ir.ts';
import { commandLines } from './command.ts';
import type { Look, ScanContext, ToldAlerts } from './context.ts';
import { hasLeftOut, notes } from './leftOut.ts';
import { accountName } from './phrases.ts';
import { numberText, periodText, plural, wrapLine } from './text.ts';

/** The lines below the alerts: what was read, what was not, what to do next. They go to standard error. */
export function summaryOf(told: ToldAlerts, context: ScanContext, look: Look): string {
  const lines = [
    ...(told.length === 0 ? nothing(told, context) : counts(told, context)).split('\n'),
    ...hidden(told),
    ...notes(context),
    ...(isUntouched(context) ? ['note: there was no file to read.'] : []),
    ...(hasLeftOut(context) ? [strictText(context)] : []),
  ];
  return `${[...lines.flatMap((line) => wrapLine(line, look.width)), ...nextLines(told, context, look)].join('\n')}\n`;
}

/** Every file leaves a trace: a record, a note, or that it holds nothing. */
function isUntouched({ records, leftOut, skipped }: ScanContext): boolean {
  return records + leftOut.length + skipped.length === 0;
}

function strictText({ strict }: ScanContext): string {
  return strict
    ? 'Exit code 4: with --strict, what was left out is an error.'
    : 'Add --strict to make what was left out an error (exit code 4).';
}

/** `3 alerts: 1 high, 2 low`, the worst level first. */
export function levelsText({ length, counts }: Pick<ToldAlerts, 'length' | 'counts'>): string {
  return `${plural(length, 'alert')}: ${byLevel((level) => counts[level])}`;
}

function byLevel(countOf: (level: Level) => number): string {
  return [...LEVELS]
    .reverse()
    .filter((level) => countOf(level) > 0)
    .map((level) => `${numberText(countOf(level))} ${level}`)
    .join(', ');
}

/** What `--min-level` keeps back was found all the same, and counts for `--fail-on`. */
function hidden({ counts, found }: ToldAlerts): string[] {
  const levels = byLevel((level) => found[level] - counts[level]);
  return levels === '' ? [] : [`Found and not printed, because of --min-level: ${levels}.`];
}

function counts(told: ToldAlerts, context: ScanContext): string {
  return `${levelsText(told)}. ${plural(context.accounts.length, 'account')}, ${plural(context.records, 'record')}${inPeriod(context)}, read in ${context.seconds.toFixed(1)} s.`;
}

function nothing({ found: all }: ToldAlerts, context: ScanContext): string {
  const head = LEVELS.some((level) => all[level] > 0) ? 'No alerts of that level.' : 'No alerts.';
  const found = `${head} ${plural(context.rules, 'rule')} read ${plural(context.records, 'record')} of ${plural(context.accounts.length, 'account')}${inPeriod(context)}, in ${context.seconds.toFixed(1)} s.`;
  if (context.blindSpots.length === 0) return found;
  const width = Math.max(...context.blindSpots.map(({ account }) => accountName(account).length));
  const spots = context.blindSpots
    .slice(0, 10)
    .map(({ account, why }) => `  ${accountName(account).padEnd(width)}  ${why}`);
  const more = context.blindSpots.length > 10 ? [`  and ${context.blindSpots.length - 10} more`] : [];
  return [found, '', 'Not everything could be seen:', ...spots, ...more].join('\n');
}

function inPeriod({ period }: ScanContext): string {
  return period === null ? '' : `, ${periodText(period)}`;
}

function nextLines({ worst }: ToldAlerts, { next, blindSpots }: ScanContext, look: Look): string[] {
  if (next === null) return [];
  if (worst === null)
    return blindSpots.length === 0 || next.stats === null ? [] : commandLines(`Next: ${next.stats}`, look, 0);
  const explain = `--explain ${worst.slice(0, 8)}`;
  return next.scan === null
    ? [`Next: the same command with ${explain}`]
    : commandLines(`Next: ${next.scan} ${explain}`, look, 0);
}
