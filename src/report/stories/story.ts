import type { Raised } from '../../alerts/alert.ts';

/** An alert in words: what the headline says behind the account's name, how often what, and the sentence. */
export interface Story {
  /** `access keys viewed`; lower case, no full stop. */
  readonly what: string;
  /** `1 read`, `2 changes`, `1,204 items`. */
  readonly amount: string;
  readonly reason: string;
}

export type Tell = (raised: Raised) => Story;
