import fc from 'fast-check';
import { expect } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { SCENARIOS } from '../../src/simulate/attacks.ts';
import { VARIANTS, type Variant } from '../../src/simulate/forms.ts';
import { DEMO_DAY, simulate } from '../../src/simulate/simulate.ts';
import { DETAILS, type Detail } from '../../src/simulate/telling.ts';
import type { Truth } from '../../src/simulate/truth.ts';
import { alertsOf } from './essence.ts';

/** A simulated day and what is raised of it. */

interface Play {
  readonly scenario: string;
  readonly variant?: Variant;
  readonly detail?: Detail;
  readonly seed?: string;
}

export function play({ scenario, variant = 'export', detail = 'requests', seed = '1' }: Play): {
  readonly alerts: Alert[];
  readonly truth: readonly Truth[];
} {
  const simulation = simulate({ scenario, variant, detail, seed, days: 1, start: DEMO_DAY, recordsPerDay: 300 });
  const alerts = alertsOf([...simulation.records].map(({ line }) => line));
  return { alerts, truth: simulation.truth() };
}

const text = (item: object): string => JSON.stringify(item);

/** Who touched the logs of a silent account is no actor of the truth. */
function toldBy(alerts: readonly Alert[]): string[] {
  return alerts
    .map(({ rule, account, firstSeen, count, actors }) => {
      const ids = rule === 'cosmosdb_no_logs' ? [] : actors.map(({ id }) => id);
      return text({ rule, account, firstSeen, count, actors: ids });
    })
    .sort();
}

export function expectTruth({ alerts, truth }: ReturnType<typeof play>): void {
  expect(toldBy(alerts)).toEqual(truth.map(text).sort());
}

/** Any day that can be simulated. */
export const anyPlay: fc.Arbitrary<Play> = fc.record({
  scenario: fc.constantFrom(...Object.keys(SCENARIOS)),
  variant: fc.constantFrom(...VARIANTS),
  detail: fc.constantFrom(...DETAILS),
  seed: fc.nat({ max: 1_000_000 }).map(String),
});
