import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { withoutClientRules } from '../../src/app/clientRules.ts';
import { SCENARIOS } from '../../src/simulate/attacks.ts';
import { hasGap, VARIANTS } from '../../src/simulate/forms.ts';
import { DEMO_DAY, simulate } from '../../src/simulate/simulate.ts';
import { DETAILS } from '../../src/simulate/telling.ts';
import { essenceOf, RULES } from './essence.ts';
import { anyPlay, expectTruth, play } from './play.ts';

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
    fc.property(anyPlay, (options) => expectTruth(play(options))),
    { numRuns: 6, seed: 1 },
  );
});

/** In one day nobody is new. */
it('the intruder fires all ten rules', () => {
  const fired = new Set(play({ scenario: 'theft' }).alerts.map(({ rule }) => rule));
  expect([...fired].sort()).toEqual(
    withoutClientRules(RULES)
      .filter((rule) => rule.alerts)
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
