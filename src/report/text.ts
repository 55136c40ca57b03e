import { visibleCharacters } from '../lib/visible.ts';

/** How values and numbers are written for people. */

const LONGEST = 300;

/** A value from a log as people may see it: with its hidden characters shown, cut if it is long, never empty. */
export function visible(value: string): string {
  const shown = visibleCharacters(value);
  return shown.trim() === '' ? '(empty)' : bounded(shown, LONGEST);
}

/** Cut at a whole character, and says how much is missing. */
export function bounded(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  return `${characters.slice(0, most).join('')}... (${numberText(characters.length - most)} more)`;
}

/** Where bytes came from: a path, or `-`. */
export function sourceText(path: string): string {
  return path === '-' ? 'standard input' : visible(path);
}

/** `12,345.67`: at most three decimals. The first call of `toLocaleString` costs 26 ms of every command, so it is not used. */
export function numberText(value: number): string {
  const [whole, decimals] = String(Math.round(value * 1000) / 1000).split('.');
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ',');
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}

/** Of bytes. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

/** `9.4 GB`, `820 MB`: as vendors count, a thousand to the next. */
export function sizeText(bytes: number): string {
  const [unit, size] = bytes >= 1e9 ? ['GB', bytes / 1e9] : ['MB', bytes / 1e6];
  return `${size >= 100 ? numberText(Math.round(size)) : size.toFixed(1)} ${unit}`;
}

export function capital(text: string): string {
  return text[0] === undefined ? text : text[0].toUpperCase() + text.slice(1);
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listText(items: readonly string[], most: number): string {
  if (items.length <= 1) return items.join('');
  const more = items.length - most;
  if (more > 0) return `${items.slice(0, most).join(', ')} and ${numberText(more)} more`;
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** At most two units: `31 min 11 s`. */
export function durationText(seconds: number): string {
  const parts: string[] = [];
  let rest = Math.round(seconds);
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count === 0) {
      if (parts.length > 0) break;
      continue;
    }
    parts.push(`${count} ${unit}`);
    rest -= count * size;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

/** `2026-11-24T03:12:07Z` as `03:12:07 UTC`, with the day in front if it is not that of `day`. */
export function timeText(iso: string, day: string | null): string {
  const [date, time] = [iso.slice(0, 10), iso.slice(11, 19)];
  return day !== null && date === day.slice(0, 10) ? `${time} UTC` : `${date} ${time} UTC`;
}

/** `2026-11-24 00:00 to 2026-11-25 00:00 UTC`. @param period microseconds */
export function periodText({ from, to }: { readonly from: number; readonly to: number }): string {
  const minute = (micros: number) => new Date(micros / 1000).toISOString().slice(0, 16).replace('T', ' ');
  return `${minute(from)} to ${minute(to)} UTC`;
}

/** A long name loses its middle, never an end: names of one tenant differ at either. */
export function cutMiddle(name: string, width: number): string {
  const characters = [...name];
  if (characters.length <= width) return name;
  const kept = width - 2;
  return `${characters.slice(0, Math.ceil(kept / 2)).join('')}..${characters.slice(-Math.floor(kept / 2)).join('')}`;
}

/** Columns that a text takes on a terminal: East Asian wide characters take two, combining ones none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    width += isWide(character.codePointAt(0)!) ? 2 : 1;
  }
  return width;
}

const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

function isWide(code: number): boolean {
  return WIDE.some(([from, to]) => code >= from && code <= to);
}

/** Lines of at most `width` columns, broken at spaces; a word that is longer is broken where it must be. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((one) => pieces(one, width))) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

/** A line of at most `width` columns; what does not fit goes on below it, as far from the edge. A cure may be a command: it stays whole. */
export function wrapLine(line: string, width: number): string[] {
  if (/^ +cure: /.test(line)) return [line];
  const indent = /^ */.exec(line)![0];
  return wrap(line.trimStart(), width - indent.length).map((one) => indent + one);
}

function pieces(word: string, width: number): string[] {
  if (widthOf(word) <= width) return [word];
  const found: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece !== '' && widthOf(piece + character) > width) {
      found.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...found, piece];
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

export function indented(text: string, width: number, indent = 2): string[] {
  return wrap(text, width - indent).map((line) => ' '.repeat(indent) + line);
}
