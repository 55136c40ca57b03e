import type { ScanOutcome } from '../app/contract.ts';
import { UserError } from '../lib/errors.ts';
import { VERSION } from '../lib/version.ts';
import type { NextCommands, Look as ReportLook, ScanContext, ToldAlert } from '../report/context.ts';
import { explainOf } from '../report/explain.ts';
import { render } from '../report/render.ts';
import { summaryOf } from '../report/summary.ts';
import type { Format } from './scanOptions.ts';
import type { Look } from './streams.ts';

export interface Rendered {
  /** For standard output, or the file. */
  readonly data: Iterable<string>;
  /** For standard error. */
  readonly notes: string;
}

/** A scan in one of the formats. */
export function renderScan(
  format: Format,
  outcome: ScanOutcome,
  look: Look,
  options: {
    readonly local: boolean;
    readonly strict: boolean;
    readonly elapsedMs: number;
    readonly next: NextCommands | null;
  },
): Rendered {
  const context = { ...contextOf(outcome, options.elapsedMs / 1000), strict: options.strict, next: options.next };
  const reportLook = lookFor(look, options.local);
  return {
    data: render(format, outcome.told, context, reportLook),
    notes: summaryOf(outcome.told, context, reportLook),
  };
}

/** For who cannot be strict and gets no hints, as the demo. */
export function contextOf(outcome: ScanOutcome, seconds: number): ScanContext {
  const { stats, period, accounts, rules, leftOut, skipped, blindSpots } = outcome;
  return {
    records: stats.records,
    events: stats.events,
    bytes: stats.bytes,
    seconds,
    rules,
    period,
    accounts,
    leftOut,
    skipped,
    blindSpots,
    strict: false,
    next: null,
    version: VERSION,
  };
}

function lookFor(look: Look, local: boolean): ReportLook {
  return { ...look, localOffset: local ? (iso) => -new Date(iso).getTimezoneOffset() : null };
}

/** One alert whole, found by the beginning of its id. @throws UserError CW-1002 */
export function explainAlert(outcome: ScanOutcome, id: string, look: Look, local: boolean): string {
  const found = matching(outcome, id.toLowerCase());
  if (found.length === 1) return explainOf(found[0]!, lookFor(look, local));
  const what =
    found.length === 0
      ? `no alert has an id that begins with ${id}`
      : `${found.length} alerts have an id that begins with ${id}`;
  const { length, found: all } = outcome.told;
  const isHidden = Object.values(all).reduce((sum, count) => sum + count, 0) > length;
  throw new UserError('CW-1002', what, {
    facts: isHidden ? ['--min-level keeps some back, and they are not looked at'] : [],
    cure: 'give the id as the table shows it',
  });
}

function matching({ told }: ScanOutcome, start: string): ToldAlert[] {
  const found: ToldAlert[] = [];
  for (const one of told) if (one.alert.id.startsWith(start)) found.push(one);
  return found;
}
