import { readInventory } from '../accounts/inventory.ts';
import type { Alert } from '../alerts/alert.ts';
import { foldId } from '../events/resource.ts';
import type { Rule } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import { scanTexts } from './scan.ts';
import { type Case, recordsOf, TIMELINE_START, type Timeline } from './timeline.ts';
import { type AlertDifference, differences } from './timelineDiff.ts';

const DAY = 86_400;

/** Runs one case through the real pipeline. Empty: as expected. */
export function runCase(timeline: Timeline, one: Case, rules: readonly Rule[]): AlertDifference[] {
  return differences(one.alerts, alertsOf(timeline, one, rules));
}

/** The alerts of the timeline's rule over the case's records. */
export function alertsOf(timeline: Timeline, one: Case, rules: readonly Rule[]): Alert[] {
  const text = recordsOf(timeline, one).join('\n');
  const outcome = scanTexts(
    [{ name: 'timeline', chunks: [Buffer.from(text)] }],
    rules,
    {
      since: null,
      until: one.until === undefined ? null : (TIMELINE_START + one.until) * 1e6,
      nowMs: (TIMELINE_START + 3650 * DAY) * 1000,
      expectAccounts: (one.declared ?? []).map(foldId),
      minLevel: 'informational',
      skim: true,
    },
    one.inventory === undefined
      ? []
      : [{ inventory: readInventory(one.inventory as Json[]), at: TIMELINE_START * 1e6 }],
  );
  return [...outcome.told]
    .map(({ alert }) => alert)
    .filter(({ rule, ruleId }) => rule === timeline.rule || ruleId === timeline.rule);
}
