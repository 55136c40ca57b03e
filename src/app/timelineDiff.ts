import type { Alert } from '../alerts/alert.ts';
import { printDuration } from '../lib/duration.ts';
import type { AlertDifference, DifferentField } from '../report/timelineDiff.ts';
import { type Expected, TIMELINE_START } from './timeline.ts';

export type { AlertDifference };

/** A field of an alert that a timeline can expect, as it is compared. */
interface Compared {
  readonly name: string;
  /** undefined: nothing is expected of it. */
  readonly wanted: unknown;
  readonly got: unknown;
}

const MISSING = 3;

/**
 * What is not as expected; empty if all is. Alerts are in order of time, and so are expectations: they are set beside each other so
 * that as little as possible differs, and one that is missing does not make all after it wrong.
 */
export function differences(expected: readonly Expected[], alerts: readonly Alert[]): AlertDifference[] {
  const cost = costs(expected, alerts);
  const found: AlertDifference[] = [];
  let [at, of] = [0, 0];
  while (at < expected.length || of < alerts.length) {
    const [want, got] = [expected[at], alerts[of]];
    const here = cost[at]![of]!;
    if (want !== undefined && got !== undefined && here === cost[at + 1]![of + 1]! + distance(want, got)) {
      const fields = differing(want, got);
      if (fields.length > 0) found.push({ kind: 'different', nth: at + 1, at: offsetText(want.at), fields });
      at += 1;
      of += 1;
    } else if (want !== undefined && here === cost[at + 1]![of]! + MISSING) {
      found.push({ kind: 'missing', nth: at + 1, fields: wantedFields(want) });
      at += 1;
    } else {
      found.push({ kind: 'unexpected', fields: gotFields(got!) });
      of += 1;
    }
  }
  return found;
}

/** The least that the rests of both lists differ, from each place on. */
function costs(expected: readonly Expected[], alerts: readonly Alert[]): number[][] {
  const table = Array.from({ length: expected.length + 1 }, () => new Array<number>(alerts.length + 1).fill(0));
  for (let at = expected.length; at >= 0; at--) {
    for (let of = alerts.length; of >= 0; of--) {
      const [want, got] = [expected[at], alerts[of]];
      const ways: number[] = [];
      if (want && got) ways.push(table[at + 1]![of + 1]! + distance(want, got));
      if (want) ways.push(table[at + 1]![of]! + MISSING);
      if (got) ways.push(table[at]![of + 1]! + MISSING);
      table[at]![of] = ways.length === 0 ? 0 : Math.min(...ways);
    }
  }
  return table;
}

function distance(want: Expected, got: Alert): number {
  return differing(want, got).reduce((sum, { name }) => sum + (name === 'at' ? 3 : 2), 0);
}

function compared(want: Partial<Expected>, got: Alert): Compared[] {
  const offset = (seconds: number | undefined) => (seconds === undefined ? undefined : offsetText(seconds));
  return [
    { name: 'at', wanted: offset(want.at), got: offsetOf(got.firstSeen) },
    { name: 'until', wanted: offset(want.until), got: offsetOf(got.lastSeen) },
    { name: 'account', wanted: want.account, got: got.account?.split('/').at(-1) ?? null },
    { name: 'level', wanted: want.level, got: got.level },
    { name: 'count', wanted: want.count, got: got.count },
    { name: 'status', wanted: want.status, got: got.status },
    { name: 'caller', wanted: want.caller, got: got.caller },
    { name: 'actors', wanted: want.actors, got: got.actors.map((actor) => actor.name ?? actor.id) },
    {
      name: 'changes',
      wanted: want.changes,
      got: got.changes.map((change) => `${change.property} ${change.effect} ${change.exposure}`),
    },
  ];
}

function differing(want: Expected, got: Alert): DifferentField[] {
  return compared(want, got)
    .filter(({ wanted, got: is }) => wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(is))
    .map(({ name, wanted, got: is }) => ({ name, expected: valueText(wanted), got: valueText(is) }));
}

function wantedFields(want: Expected): { name: string; value: string }[] {
  return Object.entries(want)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({
      name,
      value: name === 'at' || name === 'until' ? offsetText(value as number) : valueText(value),
    }));
}

function gotFields(got: Alert): { name: string; value: string }[] {
  return compared({}, got)
    .filter(({ got: is }) => is !== null && !(Array.isArray(is) && is.length === 0))
    .map(({ name, got: is }) => ({ name, value: valueText(is) }));
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function offsetOf(iso: string): string {
  return offsetText(Math.round(Date.parse(iso) / 1000) - TIMELINE_START);
}

/** As a timeline writes it. */
function offsetText(seconds: number): string {
  return seconds === 0 ? '0' : printDuration(seconds);
}
