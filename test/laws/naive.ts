import fc from 'fast-check';
import { expect } from 'vitest';
import { changeText, type NAlert, naiveAlerts } from '../support/naive/alerts.ts';
import { show, stream } from '../support/naive/streams.ts';
import { alertsOf } from '../support/product.ts';

/** How many random streams all the files of this law try together. */
const STREAMS = Number(process.env['COSMOWATCH_STREAMS'] ?? 2000);

function productAlerts(records: readonly object[]): NAlert[] {
  return alertsOf([show(records)]).map((alert) => ({
    rule: alert.rule,
    account: alert.account,
    firstSeen: Date.parse(alert.firstSeen) / 1000,
    lastSeen: Date.parse(alert.lastSeen) / 1000,
    count: alert.count,
    actors: alert.actors.map((actor) => actor.id).sort(),
    caller: alert.caller,
    changes: alert.changes.map(changeText),
    status: alert.status,
    level: alert.level,
  }));
}

function sorted(alerts: readonly NAlert[]): string[] {
  // Changes of one moment have no order of their own.
  return alerts.map((alert) => JSON.stringify({ ...alert, changes: [...alert.changes].sort() })).sort();
}

/** One share of the streams; several files run at a time. */
export function productEqualsNaive(share: number, of: number): void {
  fc.assert(
    fc.property(stream, (records) => {
      expect(sorted(productAlerts(records)), show(records)).toEqual(sorted(naiveAlerts(records)));
    }),
    {
      numRuns: Math.ceil(STREAMS / of),
      seed: 20_261_124 + share,
      endOnFailure: process.env['COSMOWATCH_SHRINK'] !== '1',
    },
  );
}
