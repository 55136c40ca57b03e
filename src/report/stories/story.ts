import type { Raised } from '../../alerts/alert.ts';
import type { Change, Fact } from '../../events/fact.ts';

/** An alert in words: what the headline says behind the account's name, how often what, and the sentence. */
export interface Story {
  /** `access keys viewed`; lower case, no full stop. */
  readonly what: string;
  /** `1 read`, `2 changes`, `1,204 items`. */
  readonly amount: string;
  readonly reason: string;
}

/** What a change of unknown origin adds to a sentence. */
export function unknownBefore(change: Change | null | undefined): string[] {
  return change?.effect === 'unknown_before' ? ['what it was before is not known'] : [];
}

/** The fact that says the worst of an alert: the latest of those of the highest rank. */
export function worst(facts: readonly Fact[], rank: (fact: Fact) => number): Fact | undefined {
  let best: Fact | undefined;
  for (const fact of facts) if (best === undefined || rank(fact) >= rank(best)) best = fact;
  return best;
}

export type Tell = (raised: Raised) => Story;
