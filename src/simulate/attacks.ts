import { type Attack, type Plan, STORY } from './story.ts';
import { VARIATIONS } from './variations.ts';

function together(plans: readonly Plan[]): Plan {
  return (day) => {
    const parts = plans.map((plan) => plan(day));
    return {
      acts: parts.flatMap(({ acts }) => acts),
      blackouts: parts.flatMap(({ blackouts }) => blackouts ?? []),
      deletions: parts.flatMap(({ deletions }) => deletions ?? []),
    } satisfies Attack;
  };
}

const SINGLE = Object.entries(STORY).map(
  ([name, plan]) => [name, together([plan, VARIATIONS[name as keyof typeof STORY]])] as const,
);

/** By name: ordinary life, the intruder's night (all ten rules in one day), and one a rule, named as it is without its prefix. */
export const SCENARIOS: Readonly<Record<string, Plan>> = {
  benign: together([]),
  theft: together(Object.values(STORY)),
  ...Object.fromEntries(SINGLE),
};
