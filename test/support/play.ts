import { scanTexts } from '../../src/app/scan.ts';
import type { Rule } from '../../src/ir/ir.ts';
import type { VARIANTS } from '../../src/simulate/forms.ts';
import { DEMO_DAY, simulate } from '../../src/simulate/simulate.ts';

/** A simulated day, read by rules: what they raised, and what happened. */
export function play(rules: readonly Rule[], scenario: string, variant: (typeof VARIANTS)[number]) {
  const simulation = simulate({ scenario, variant, seed: '1', days: 1, start: DEMO_DAY, recordsPerDay: 4000 });
  const text = [...simulation.records].map(({ line }) => line).join('\n');
  const outcome = scanTexts([{ name: scenario, chunks: [Buffer.from(text)] }], rules, {
    since: null,
    until: null,
    nowMs: DEMO_DAY + 30 * 86_400_000,
    expectAccounts: [],
    minLevel: 'informational',
    skim: true,
  });
  return { outcome, truth: simulation.truth() };
}
