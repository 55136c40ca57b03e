import { expect } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { rulesFor } from '../../src/app/rules.ts';
import { scanTexts } from '../../src/app/scan.ts';
import type { Rule } from '../../src/ir/ir.ts';
import { DEMO_DAY } from '../../src/simulate/simulate.ts';

/** The built-in rules. */
export const RULES = rulesFor([], [], new Map());

type Inventories = NonNullable<Parameters<typeof scanTexts>[3]>;

interface Reading {
  readonly untilMs?: number | null;
  readonly inventories?: Inventories;
  readonly rules?: readonly Rule[];
}

/** Alerts of some records. Every record must be read. */
export function alertsOf(
  lines: readonly string[],
  { untilMs = null, inventories = [], rules = RULES }: Reading = {},
): Alert[] {
  const outcome = scanTexts(
    [{ name: 'records', chunks: [Buffer.from(lines.join('\n'))] }],
    rules,
    {
      since: null,
      until: untilMs === null ? null : untilMs * 1000,
      nowMs: DEMO_DAY + 30 * 86_400_000,
      expectAccounts: [],
      minLevel: 'informational',
      skim: true,
    },
    inventories,
  );
  expect(outcome.leftOut).toEqual([]);
  return [...outcome.told].map(({ alert }) => alert);
}

/**
 * What no form may tell otherwise: rule, account, key, who, how many, and what changed. When depends on what a form tells first; changes
 * of one moment come in no order that means something.
 * @param bodies false: without what only a body tells: changes, how many of an alert's actions were one, who wrote a setting to no effect
 */
export function essenceOf(alerts: readonly Alert[], bodies = true): string[] {
  return alerts
    .map(({ rule, account, key, actors, count, changes }) => {
      const ids = bodies || rule !== 'cosmosdb_no_logs' ? actors.map(({ id }) => id) : [];
      return JSON.stringify({
        rule,
        account,
        key,
        actors: ids,
        ...(bodies ? { count, changes: sorted(changes) } : {}),
      });
    })
    .sort();
}

function sorted(items: readonly object[]): string[] {
  return items.map((item) => JSON.stringify(item)).sort();
}
