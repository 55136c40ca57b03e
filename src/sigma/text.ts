import type { Piece } from '../ir/ir.ts';

const ANY: Piece = { wild: 'any' };
const ONE: Piece = { wild: 'one' };

/**
 * A Sigma text as pieces. `*` is any number of characters, `?` exactly one. A backslash escapes only `*`, `?` and itself; before
 * anything else, and at the end, it stands for itself: `\x` is two characters, `\*` a star, `\\*` a backslash and a wildcard,
 * `\\\*` a backslash and a star, `\\\\` two backslashes.
 */
export function parseText(text: string): Piece[] {
  const pieces: Piece[] = [];
  let literal = '';
  const wild = (piece: Piece): void => {
    if (literal !== '') pieces.push(literal);
    literal = '';
    if (piece !== ANY || pieces.at(-1) !== ANY) pieces.push(piece);
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    const next = text[i + 1];
    if (char === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      i += 1;
    } else if (char === '*') wild(ANY);
    else if (char === '?') wild(ONE);
    else literal += char;
  }
  if (literal !== '') pieces.push(literal);
  return pieces;
}

/** The text that `parseText` reads as these pieces. */
export function writeText(pieces: readonly Piece[]): string {
  let text = '';
  for (const piece of pieces) {
    if (typeof piece !== 'string') text += piece.wild === 'any' ? '*' : '?';
    else text += piece.replace(/[\\*?]/g, '\\$&');
  }
  return text;
}

export function isWild(pieces: readonly Piece[]): boolean {
  return pieces.some((piece) => typeof piece !== 'string');
}

/** Anything may stand before, after, or on both sides; a wildcard that is there already is not doubled. */
export function open(pieces: readonly Piece[], side: 'before' | 'after' | 'both'): Piece[] {
  const opened = [...pieces];
  const isAny = (piece: Piece | undefined): boolean => typeof piece === 'object' && piece.wild === 'any';
  if (side !== 'after' && !isAny(opened[0])) opened.unshift(ANY);
  if (side !== 'before' && !isAny(opened.at(-1))) opened.push(ANY);
  return opened;
}
