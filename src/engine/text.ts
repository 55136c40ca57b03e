import type { Piece } from '../ir/ir.ts';

/** Case is folded beyond ASCII, as `toLowerCase` does it. */
export function foldCase(text: string): string {
  return text.toLowerCase();
}

/** A pattern ready to be asked. The common shapes need no search of their own; none can run longer than pattern times text. */
export function compilePattern(pattern: readonly Piece[], cased: boolean): (text: string) => boolean {
  const pieces = cased ? pattern : pattern.map((piece) => (typeof piece === 'string' ? foldCase(piece) : piece));
  const test = shapeOf(pieces);
  return cased ? test : (text) => test(foldCase(text));
}

function shapeOf(pieces: readonly Piece[]): (text: string) => boolean {
  if (pieces.length === 0) return (text) => text === '';
  if (pieces.every((piece) => typeof piece === 'string')) {
    const whole = pieces.join('');
    return (text) => text === whole;
  }
  const shape = pieces.map((piece) => (typeof piece === 'string' ? 's' : piece.wild === 'any' ? '*' : '?')).join('');
  const only = pieces.find((piece) => typeof piece === 'string') as string;
  if (shape === '*') return () => true;
  if (shape === '*s*') return (text) => text.includes(only);
  if (shape === 's*') return (text) => text.startsWith(only);
  if (shape === '*s') return (text) => text.endsWith(only);
  return (text) => matchesPieces(pieces, text);
}

const ANY = -1;
const ONE = -2;

/** Wildcards by the two-pointer way: on a mismatch only the last `*` moves on. `?` is one character, not one UTF-16 unit. */
function matchesPieces(pieces: readonly Piece[], text: string): boolean {
  const pattern: number[] = pieces.flatMap((piece) =>
    typeof piece === 'string'
      ? [...piece].map((character) => character.codePointAt(0)!)
      : [piece.wild === 'any' ? ANY : ONE],
  );
  const subject = [...text].map((character) => character.codePointAt(0)!);
  let [at, next] = [0, 0];
  let [star, resume] = [-1, 0];
  while (next < subject.length) {
    if (at < pattern.length && pattern[at] === ANY) {
      star = at++;
      resume = next;
    } else if (at < pattern.length && (pattern[at] === ONE || pattern[at] === subject[next])) {
      at++;
      next++;
    } else if (star >= 0) {
      at = star + 1;
      next = ++resume;
    } else return false;
  }
  while (pattern[at] === ANY) at++;
  return at === pattern.length;
}
