import { hash } from 'node:crypto';

/** U+001F, the unit separator: it stands in no Azure name, so joined texts cannot run into each other. */
const SEPARATOR = '\u001f';

/**
 * The identity of a list of texts: lower-cased, joined by U+001F, SHA-256, first 32 hex digits.
 * A missing text counts as the empty text.
 */
export function identity(...texts: readonly (string | number | null | undefined)[]): string {
  const joined = texts.map((text) => (text ?? '').toString().toLowerCase()).join(SEPARATOR);
  return hash('sha256', joined, 'hex').slice(0, 32);
}
