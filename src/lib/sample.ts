/** How many different things are looked at: below it sums are exact, above it they are off by a tenth or so. */
export const SAMPLE = 128;

/** Things, as hashes, with a number each: the smallest hashes, in order. */
export type Sample = readonly (readonly [hash: number, value: number])[];

const HASHES = 2 ** 52;

/** As good as random, and the same for the same numbers. */
export function hashOfNumbers(...numbers: readonly number[]): number {
  let [a, b] = [0x9e3779b9, 0x85ebca6b];
  for (const number of numbers) {
    a = mixed(a ^ number);
    b = mixed(b ^ Math.floor(number / 2 ** 32) ^ a);
    a = mixed(a ^ b);
  }
  return (a >>> 0) * 2 ** 20 + (b >>> 12);
}

function mixed(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
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
