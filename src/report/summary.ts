import { LEVELS } from '../ir/ir.ts';
import type { Look, ScanContext, ToldAlerts } from './context.ts';
import { accountName } from './phrases.ts';
import { listText, numberText, periodText, plural, visible, wrap } from './text.ts';

/** The lines below the alerts: what was read, what was not, what to do next. They go to standard error. */
export function summaryOf(told: ToldAlerts, context: ScanContext, look: Look): string {
  const leftOut = notes(context);
  if (leftOut.length > 0) leftOut.push('Add --strict to make what was left out an error (exit code 4).');
  const lines = [...(told.length === 0 ? nothing(context) : counts(told, context)).split('\n'), ...leftOut];
  return `${lines.flatMap((line) => wrapLine(line, look.width)).join('\n')}\n${nextOf(told, context)}`;
}

/** A line of at most `width` columns; what does not fit goes on below it, as far from the edge. */
export function wrapLine(line: string, width: number): string[] {
  const indent = /^ */.exec(line)![0];
  return wrap(line.trimStart(), width - indent.length).map((one) => indent + one);
}

/** `3 alerts: 1 high, 2 low`, the worst level first. */
export function levelsText(told: ToldAlerts): string {
  const levels = [...LEVELS].reverse().flatMap((level) => {
    const count = told.counts[level];
    return count === 0 ? [] : [`${count} ${level}`];
  });
  return `${plural(told.length, 'alert')}: ${levels.join(', ')}`;
}

function counts(told: ToldAlerts, context: ScanContext): string {
  return `${levelsText(told)}. ${plural(context.accounts.length, 'account')}, ${plural(context.records, 'record')}${inPeriod(context)}, read in ${context.seconds.toFixed(1)} s.`;
}

function nothing(context: ScanContext): string {
  const found = `No alerts. ${plural(context.rules, 'rule')} read ${plural(context.records, 'record')} of ${plural(context.accounts.length, 'account')}${inPeriod(context)}, in ${context.seconds.toFixed(1)} s.`;
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

/** What says nothing without its detail, which also says what to do. */
const WITH_DETAIL = /^(?:unknown|binary|bad_row|query_error)$|_time$/;

/** Why a record was left out. */
export const LEFT_OUT_WORDS: Readonly<Record<string, string>> = {
  unknown: 'other Azure services',
  not_json: 'not JSON',
  truncated: 'not JSON (cut off)',
  too_long: 'longer than a record may be',
  too_deep: 'nested too deeply',
  binary: 'binary data',
  not_an_object: 'not an object',
  no_time: 'without a time',
  bad_time: 'with a time that cannot be read',
  future_time: 'more than a day ahead',
  past_time: 'from before 2010',
  bad_row: 'rows that do not fit their columns',
  query_error: 'errors in the answer of a query',
};

/** Which records and files were not read, and why; none: nothing to say. */
export function notes({ leftOut, skipped }: Pick<ScanContext, 'leftOut' | 'skipped'>): string[] {
  const lines = leftOutLines(leftOut);
  if (skipped.length > 0) {
    lines.push(
      `note: ${plural(skipped.length, 'file was', 'files were')} skipped: ${listText(
        skipped.map(({ path, why }) => (why.includes(path) ? visible(why) : `${visible(path)} (${visible(why)})`)),
        3,
      )}`,
    );
  }
  return lines;
}

/** What was not read: how often, why, where. Empty if nothing was left out. */
export function leftOutLines(leftOut: ScanContext['leftOut']): string[] {
  const total = leftOut.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return [];
  const width = numberText(Math.max(...leftOut.map(({ count }) => count))).length + 2;
  const lines = [`note: ${plural(total, 'record was', 'records were')} left out; the rest was read.`];
  for (const { what, count, first, last, detail } of leftOut) {
    const place = `${visible(first.source)}, line ${first.line}${last.source === first.source && last.line > first.line ? ` to ${last.line}` : ''}`;
    const more = WITH_DETAIL.test(what) && detail !== LEFT_OUT_WORDS[what] ? `: ${visible(detail)}` : '';
    lines.push(`${numberText(count).padStart(width)}  ${LEFT_OUT_WORDS[what] ?? what}     ${place}${more}`);
  }
  return lines;
}

function nextOf({ worst }: ToldAlerts, { paths, blindSpots }: ScanContext): string {
  const files = paths.map(visible).join(' ');
  if (worst !== null) return `Next: cosmowatch scan ${files} --explain ${worst.slice(0, 8)}\n`;
  return blindSpots.length === 0 || paths.length === 0 ? '' : `Next: cosmowatch logs stats ${files}\n`;
}
