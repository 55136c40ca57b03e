import { parseDuration } from '../lib/duration.ts';
import type { Problems } from './diagnostic.ts';
import type { Tree } from './tree.ts';

const WEEK = 7 * 86_400;

/** Seconds of `90s`, `15m`, `4h`, `2d`, `1w`. Months and years have no fixed length and are refused; so is anything not above zero. */
export function readDuration(tree: Tree, what: string, problems: Problems): number | null {
  const text = tree.kind === 'scalar' ? tree.text : '';
  const weeks = /^([1-9]\d{0,3})w$/.exec(text);
  const seconds = weeks ? Number(weeks[1]) * WEEK : parseDuration(text);
  if (seconds !== null) return seconds;
  return problems.error('CW-3015', tree.span, `${what} is a length of time`, cure(text));
}

function cure(text: string): string {
  const found = /^\s*(\d+)\s*([smhdwMySMHDWY])\s*$/.exec(text);
  if (!found) return 'a whole number and s, m, h, d or w: 15m';
  const [, count = '1', unit = 'm'] = found;
  if (unit === 'M') return `"${count}m" for minutes, "${Number(count) * 30}d" for months`;
  if (unit === 'y' || unit === 'Y') return `write "${Number(count) * 365}d"`;
  return Number(count) === 0 ? 'it must be above zero' : `write "${Number(count)}${unit.toLowerCase()}"`;
}
