import fc from 'fast-check';
import { type Stream, shown } from './streams/streams.ts';

/** How many random streams a law is tried on; the same ones every time, unless COSMOWATCH_SEED says otherwise. */
const STREAMS = Number(process.env['COSMOWATCH_STREAMS'] ?? 1400);
const SEED = Number(process.env['COSMOWATCH_SEED'] ?? 1);

/** Runs of one part of a law; `share`: this part's share of all streams. */
export function runs(part: number, share: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: Math.max(1, Math.ceil(STREAMS * share)), seed: SEED * 1000 + part };
}

/**
 * Tries a law: `broken` says what is wrong, or null. Fails with the smallest stream found, one line a record.
 * @throws Error
 */
export function law<T extends { readonly stream: Stream }>(
  given: fc.Arbitrary<T>,
  broken: (given: T) => string | null,
  parameters: { readonly numRuns: number; readonly seed: number },
): void {
  const outcome = fc.check(
    fc.property(given, (one) => broken(one) === null),
    parameters,
  );
  if (!outcome.failed) return;
  const one = outcome.counterexample?.[0];
  const what = one === undefined ? '' : `${shown(one.stream)}\n${broken(one) ?? ''}`;
  throw new Error(`seed ${outcome.seed}, path ${outcome.counterexamplePath}:\n${what}`, {
    cause: outcome.errorInstance,
  });
}
