/** How many different things are looked at: below it sums are exact, above it they are off by a tenth or so. */
export const SAMPLE = 128;

/** Ids, as hashes, with a number each: the smallest hashes, in order. */
export type Sample = readonly (readonly [hash: number, value: number])[];

const HASHES = 2 ** 52;

/** @param id hexadecimal digits that are as good as random */
export function hashOfId(id: string): number {
  return Number.parseInt(id.slice(0, 13), 16);
}

/**
 * Adds up numbers of different things without keeping all: of the things with the smallest hashes it says how many there are, and what they
 * have. The same thing again changes nothing, and samples merge in any order.
 */
export function addToSample(sample: Sample, hash: number, value: number): Sample {
  const at = placeOf(sample, hash);
  const known = sample[at];
  if (known?.[0] === hash) return known[1] >= value ? sample : sample.with(at, [hash, value]);
  if (at >= SAMPLE) return sample;
  return [...sample.slice(0, at), [hash, value] as const, ...sample.slice(at, SAMPLE - 1)];
}

/** The sum of all that were added, exact while they are fewer than `SAMPLE`. */
export function sumOfSample(sample: Sample): number {
  const values = sample.map(([, value]) => value);
  if (sample.length < SAMPLE) return sum(values);
  return Math.round(sum(values.slice(0, -1)) / ((sample.at(-1)![0] + 1) / HASHES));
}

function placeOf(sample: Sample, hash: number): number {
  let [low, high] = [0, sample.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sample[middle]![0] < hash) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
