import { API_PLANS } from './apiAttacks.ts';
import { type Attack, type Plan, STORY } from './story.ts';
import { VARIATIONS } from './variations.ts';

function together(plans: readonly Plan[]): Plan {
  return (day) => {
    const parts = plans.map((plan) => plan(day));
    return {
      acts: parts.flatMap(({ acts }) => acts),
      blackouts: parts.flatMap(({ blackouts }) => blackouts ?? []),
      deletions: parts.flatMap(({ deletions }) => deletions ?? []),
      accounts: parts.flatMap(({ accounts }) => accounts ?? []),
    } satisfies Attack;
  };
}

const SINGLE = Object.entries(STORY).map(
  ([name, plan]) => [name, together([plan, VARIATIONS[name as keyof typeof STORY]])] as const,
);

/**
 * By name: ordinary life, the intruder's night (all ten rules in one day), one a rule, named as it is without its prefix, and one an API.
 */
export const SCENARIOS: Readonly<Record<string, Plan>> = {
  benign: together([]),
  theft: together(Object.values(STORY)),
  ...Object.fromEntries(SINGLE),
  ...Object.fromEntries(Object.entries(API_PLANS).map(([api, plan]) => [`api_${api}`, plan])),
};
