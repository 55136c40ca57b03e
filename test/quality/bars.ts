import { expect } from 'vitest';
import type { Outcome } from '../support/quality.ts';

/** A benign month of one account has at most one alert of level high or above, and at most 20 of medium; the first, which teaches all, 22. */
export function expectQuiet({ seed, months }: Outcome): void {
  for (const [month, { medium, high, critical }] of months.entries()) {
    expect({
      seed,
      month,
      isLoud: high + critical > 1 || medium > (month === 0 ? 22 : 20),
      medium,
      high: high + critical,
    }).toMatchObject({
      isLoud: false,
    });
  }
}
