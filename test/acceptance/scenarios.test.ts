import { describe, expect, it } from 'vitest';
import { rulesFor } from '../../src/app/rules.ts';
import { SCENARIOS } from '../../src/simulate/attacks.ts';
import { VARIANTS } from '../../src/simulate/forms.ts';
import { DEMO_DAY, simulate } from '../../src/simulate/simulate.ts';
import { play } from '../support/play.ts';

const rules = rulesFor([], [], new Map());

describe.each(VARIANTS)('%s', (variant) => {
  it.each(Object.keys(SCENARIOS))('%s: what is raised is what happened', (scenario) => {
    const { outcome, truth } = play(rules, scenario, variant);
    const raised = [...outcome.told].map(({ alert }) => ({
      rule: alert.rule,
      account: alert.account,
      firstSeen: alert.firstSeen,
      count: alert.count,
      actors: alert.rule === 'cosmosdb_no_logs' ? [] : alert.actors.map((actor) => actor.id),
    }));
    const text = (item: object) => JSON.stringify(item);
    expect(raised.map(text).sort()).toEqual(truth.map((one) => text(one)).sort());
    expect(outcome.leftOut).toEqual([]);
  });
});

it('the intruder fires all ten rules', () => {
  const { outcome } = play(rules, 'theft', 'export');
  const fired = new Set([...outcome.told].map(({ alert }) => alert.rule));
  expect([...fired].sort()).toEqual(
    rules
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
