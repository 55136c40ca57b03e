import { describe, expect, it } from 'vitest';
import { THEFT_KINDS, type TheftKind, tenancyOf } from '../../src/simulate/tenancy.ts';
import { alertsOf, isLouder, judgeTenancy } from '../support/quality.ts';
import { expectQuiet } from './bars.ts';

/* The bars that docs/quality.md tells of, for a few seeds; quality.long.test.ts asks 200. */

describe.each(['a', 'b', 'c', 'd', 'e'])('months of seed %s', (seed) => {
  it.each<TheftKind>(['known user', 'stolen key'])(
    'are quiet, and a theft is louder than every routine: %s',
    (kind) => {
      const outcome = judgeTenancy(seed, 60, kind);
      expectQuiet(outcome);
      expect(isLouder(outcome)).toBe(true);
      expect(outcome.theft?.level).toBe(kind === 'known user' ? 'high' : 'medium');
      expect(outcome.routine.lowered / outcome.routine.all).toBeGreaterThan(0.75);
    },
  );
});

describe('a tenancy', () => {
  it('is the same for the same seed, and a theft changes nothing else in it', () => {
    const of = (theft: TheftKind | null) => tenancyOf({ seed: 'x', start: 0, days: 60, theft });
    expect(of('stolen secret')).toEqual(of('stolen secret'));
    const quiet = new Set(of(null).acts.map((act) => JSON.stringify(act)));
    for (const kind of THEFT_KINDS) {
      const { acts, theft } = of(kind);
      const added = acts.map((act) => JSON.stringify(act)).filter((act) => !quiet.has(act));
      expect(acts.length - added.length).toBe(of(null).acts.length);
      expect(added.length).toBeGreaterThan(0);
      expect(theft!.kind).toBe(kind);
    }
  });

  it('what is lowered says why', () => {
    const alerts = alertsOf(tenancyOf({ seed: 'y', start: Date.UTC(2026, 0, 5), days: 20, theft: null }), 'y');
    const lowered = alerts.filter(({ routine }) => routine !== null);
    expect(lowered.length).toBeGreaterThan(50);
    for (const { level, levelReason } of lowered) {
      expect(level).toBe('low');
      expect(levelReason).toMatch(/^routine: \d+ times since \d+ Jan, (?:about|between|at any hour)/);
    }
  });
});
