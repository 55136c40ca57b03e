const FIRST = 2000;
const LONGEST = 300_000;

/** Milliseconds until the next try: at most 2 s after the first one, doubling to 5 min, up to half of it by chance. @param attempts made so far */
export function backOff(attempts: number, random: () => number): number {
  const full = Math.min(LONGEST, FIRST * 2 ** Math.min(attempts - 1, 20));
  return Math.round(full * (1 - random() / 2));
}
