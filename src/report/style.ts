import type { Level } from '../ir/ir.ts';

const CODES: Readonly<Record<string, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

export type Paint = (text: string, ...styles: readonly (keyof typeof CODES)[]) => string;

/** Colours a word, or not. */
export function painter(colour: boolean): Paint {
  if (!colour) return (text) => text;
  return (text, ...styles) =>
    styles.reduce((inner, style) => `\u001b[${CODES[style]![0]}m${inner}\u001b[${CODES[style]![1]}m`, text);
}

const LEVEL_STYLES: Readonly<Record<Level, readonly string[]>> = {
  critical: ['bold', 'red'],
  high: ['red'],
  medium: ['yellow'],
  low: ['cyan'],
  informational: [],
};

/** Only the word of the level is coloured, never a line. */
export function levelText(level: Level, paint: Paint): string {
  return paint(level, ...LEVEL_STYLES[level]);
}

/** Columns of a level in a list. */
export const LEVEL_WIDTH = 10;

/** The word, filled up to its column; the longest stands out by what it is longer. */
export function levelCell(level: Level, paint: Paint): string {
  return levelText(level, paint) + ' '.repeat(Math.max(1, LEVEL_WIDTH - level.length));
}
