import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { SCENARIOS } from '../../src/simulate/attacks.ts';
import { hasGap, VARIANTS, type Variant } from '../../src/simulate/forms.ts';
import { DEMO_DAY, simulate } from '../../src/simulate/simulate.ts';
import { DETAILS, type Detail } from '../../src/simulate/telling.ts';
import type { Truth } from '../../src/simulate/truth.ts';
import { RULES } from '../support/product.ts';
import { alertsOf, essenceOf } from './essence.ts';

interface Play {
  readonly scenario: string;
  readonly variant?: Variant;
  readonly detail?: Detail;
  readonly seed?: string;
}

function play({ scenario, variant = 'export', detail = 'requests', seed = '1' }: Play): {
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

function expectTruth({ alerts, truth }: ReturnType<typeof play>): void {
  expect(toldBy(alerts)).toEqual(truth.map(text).sort());
}

const exported = new Map<string, readonly Alert[]>();

function alertsOfExport(scenario: string): readonly Alert[] {
  const known = exported.get(scenario) ?? play({ scenario }).alerts;
  exported.set(scenario, known);
  return known;
}

describe.each(VARIANTS)('%s', (variant) => {
  const bodies = variant === 'mixed' || !hasGap('ActivityLog', variant, 'body');

  it.each(Object.keys(SCENARIOS))('%s: what is raised is what happened, and what the export tells', (scenario) => {
    const played = play({ scenario, variant });
    expectTruth(played);
    const [told, wanted] = [essenceOf(played.alerts, bodies), essenceOf(alertsOfExport(scenario), bodies)];
    if (bodies) expect(told).toEqual(wanted);
    // What a form cannot tell is missing, and nothing is told otherwise.
    else expect(told.filter((one) => !wanted.includes(one))).toEqual([]);
  });
});

describe.each(DETAILS)('requests of NoSQL as %s', (detail) => {
  it.each(['theft', 'api_nosql'])('%s', (scenario) => {
    const played = play({ scenario, detail });
    expectTruth(played);
    // The same told twice counts once.
    if (detail.startsWith('requests')) expect(essenceOf(played.alerts)).toEqual(essenceOf(alertsOfExport(scenario)));
  });
});

it('law: any tenant, in any form: what is raised is what happened', () => {
  fc.assert(
    fc.property(
      fc.record({
        scenario: fc.constantFrom(...Object.keys(SCENARIOS)),
        variant: fc.constantFrom(...VARIANTS),
        detail: fc.constantFrom(...DETAILS),
        seed: fc.nat({ max: 1e6 }).map(String),
      }),
      (options) => expectTruth(play(options)),
    ),
    { numRuns: 12, ...(process.env['COSMOWATCH_LONG'] ? { numRuns: 300 } : { seed: 1 }) },
  );
});

it('the intruder fires all ten rules', () => {
  const fired = new Set(play({ scenario: 'theft' }).alerts.map(({ rule }) => rule));
  expect([...fired].sort()).toEqual(
    RULES.filter((rule) => rule.alerts)
      .map((rule) => rule.meta.name)
      .sort(),
  );
});

it('the same seed gives the same bytes, another seed others', () => {
  const lines = (seed: string) =>
    [...simulate({ scenario: 'theft', variant: 'mixed', seed, days: 1, start: DEMO_DAY, recordsPerDay: 500 }).records]
      .map(({ line }) => line)
      .join('\n');
  expect(lines('1')).toBe(lines('1'));
  expect(lines('1')).not.toBe(lines('2'));
});
