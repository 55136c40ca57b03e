import { nearest } from '../lib/nearest.ts';

/** `did you mean "selection"?`, or null. */
export function didYouMean(name: string, known: Iterable<string>): string | null {
  const found = nearest(name.slice(0, 100), known);
  return found === null ? null : `did you mean "${found}"?`;
}
