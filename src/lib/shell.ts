import { visibleCharacters } from './visible.ts';

/** A word as a shell takes it back; null: it holds characters that cannot be shown, so nobody could paste it. */
export function shellWord(word: string): string | null {
  if (visibleCharacters(word) !== word) return null;
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
