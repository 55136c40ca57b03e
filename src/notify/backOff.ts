import { waitAfter } from '../lib/backoff.ts';

const FIRST = 2000;
const LONGEST = 300_000;

/** Milliseconds until the next try: at most 2 s after the first one, doubling to 5 min, up to half of it by chance. @param attempts made so far */
export function backOff(attempts: number, random: () => number): number {
  return Math.round(waitAfter(attempts - 1, { first: FIRST, most: LONGEST, random }));
}
