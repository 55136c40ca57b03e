import { expect, it } from 'vitest';
import { NAMES, printed } from '../support/hostile.ts';

/** `test/long` does it with every name. */
const SOME = ['caller', 'name'];

it.each<string | null>([null, ...SOME])(
  'nothing harmful is printed, whatever stands in %s (null: every text)',
  (name) => {
    if (name !== null) expect(NAMES).toContain(name);
    const { alerts, harmful } = printed(name);
    expect(alerts).toBeGreaterThan(5);
    expect(harmful).toEqual([]);
  },
);
