import type { Match } from '../src/ir/ir.ts';
import { printMatch } from '../src/ir/print.ts';

const WIDTH = 96;

/** A match as people read it: in one line if it fits, else one part a line, indented under `all of` or `any of`. */
export function outline(match: Match): string {
  return lines(match, WIDTH).join('\n');
}

function lines(match: Match, width: number): string[] {
  const choice = valuesOfOneField(match);
  if (choice !== null) return wrap(choice, width);
  const whole = printMatch(match);
  if (whole.length <= width && !hasChoice(match)) return [whole];
  switch (match.kind) {
    case 'all':
    case 'any':
      return [`${match.kind} of`, ...match.of.flatMap((part) => indented(lines(part, width - 2)))];
    case 'not':
      return ['not', ...indented(lines(match.of, width - 2))];
    default:
      return [whole];
  }
}

function indented(all: readonly string[]): string[] {
  return all.map((line) => `  ${line}`);
}

/** Is there a part that reads better as a choice of values than as tests joined by "or"? */
function hasChoice(match: Match): boolean {
  if (valuesOfOneField(match) !== null) return true;
  return (match.kind === 'all' || match.kind === 'any') && match.of.some(hasChoice);
}

/** `a = "x" or a = "y"` as its words: `a =`, `"x"`, `or "y"`; null if it is not of that kind. */
function valuesOfOneField(match: Match): string[] | null {
  if (match.kind !== 'any' || match.of.length < 2) return null;
  const heads = new Set<string>();
  const values: string[] = [];
  for (const part of match.of) {
    if (part.kind !== 'field' || part.test.kind !== 'text') return null;
    const [head, value] = cut(printMatch(part));
    heads.add(head);
    values.push(value);
  }
  if (heads.size !== 1) return null;
  return [...heads, ...values.map((value, at) => (at === 0 ? value : `or ${value}`))];
}

function cut(test: string): readonly [string, string] {
  const at = test.indexOf('"');
  return [test.slice(0, at).trimEnd(), test.slice(at)];
}

function wrap(words: readonly string[], width: number): string[] {
  const all: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + 1 + word.length > width) {
      all.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...all, line];
}
