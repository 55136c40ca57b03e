import type { Piece } from '../ir/ir.ts';

/** Case is folded beyond ASCII. A sigma is one letter, whether it ends a word or not. */
export function foldCase(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ');
}

/** A pattern ready to be asked. Nothing is tried twice from the same place, so none runs longer than pattern times text. */
export function compilePattern(pattern: readonly Piece[], cased: boolean): (text: string) => boolean {
  const pieces = cased ? pattern : pattern.map((piece) => (typeof piece === 'string' ? foldCase(piece) : piece));
  const test = pieces.some(isOne) ? byCharacter(pieces) : byPart(pieces);
  return cased ? test : (text) => test(foldCase(text));
}

function isOne(piece: Piece): boolean {
  return typeof piece !== 'string' && piece.wild === 'one';
}

/** Without `?`: literal parts between the `*`, the first and the last of which are bound to the ends. */
function byPart(pieces: readonly Piece[]): (text: string) => boolean {
  const parts = partsOf(pieces);
  const head = parts[0]!;
  if (parts.length === 1) return (text) => text === head;
  const tail = parts.at(-1)!;
  const middle = parts.slice(1, -1).filter((part) => part !== '');
  if (head === '' && tail === '' && middle.length === 1) return (text) => text.includes(middle[0]!);
  return (text) => {
    const end = text.length - tail.length;
    if (end < head.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
    let from = head.length;
    for (const part of middle) {
      const at = text.indexOf(part, from);
      if (at < 0) return false;
      from = at + part.length;
    }
    return from <= end;
  };
}

function partsOf(pieces: readonly Piece[]): readonly string[] {
  const parts = [''];
  for (const piece of pieces) {
    if (typeof piece === 'string') parts.push(parts.pop()! + piece);
    else parts.push('');
  }
  return parts;
}

const ANY = -1;
const ONE = -2;

/** By the two-pointer way: on a mismatch only the last `*` moves on. `?` is one character, not one UTF-16 unit. */
function byCharacter(pieces: readonly Piece[]): (text: string) => boolean {
  const pattern = pieces.flatMap((piece) =>
    typeof piece === 'string' ? charactersOf(piece) : [piece.wild === 'any' ? ANY : ONE],
  );
  return (text) => matchesCharacters(pattern, charactersOf(text));
}

function charactersOf(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0)!);
}

function matchesCharacters(pattern: readonly number[], subject: readonly number[]): boolean {
  let [at, next] = [0, 0];
  let [star, resume] = [-1, 0];
  while (next < subject.length) {
    if (pattern[at] === ANY) {
      star = at++;
      resume = next;
    } else if (pattern[at] === ONE || pattern[at] === subject[next]) {
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
