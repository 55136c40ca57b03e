import { parseDuration } from '../lib/duration.ts';
import { Refusal } from './problem.ts';

/**
 * Milliseconds of `2026-11-24T03:00:00Z`, or of `24h` ago.
 * @param name of the parameter, for the refusal
 */
export function instantOf(name: string, text: string, now: number): number {
  const ago = parseDuration(text);
  if (ago !== null) return now - ago * 1000;
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  const message = `the query is not valid: ${name} is neither a time nor how long ago`;
  throw new Refusal('CW-6005', message, 'Write 2026-11-24T03:00:00Z, or 24h.');
}
