import type { ToldAlert } from './context.ts';
import { accountName, whoOf } from './phrases.ts';
import { storyOf } from './story.ts';
import { visible } from './text.ts';

/** Machine outputs: whole values, one alert a line. */

const COLUMNS = ['ID', 'LEVEL', 'FIRST_SEEN', 'LAST_SEEN', 'COUNT', 'ACCOUNT', 'WHAT', 'WHO', 'FROM'];

/** Tab-separated, one header line. A value that could start a formula in a spreadsheet gets a quote in front. */
export function tsvOf(told: readonly ToldAlert[]): string {
  const rows = told.map(({ alert, raised }) => [
    alert.id,
    alert.level,
    alert.firstSeen,
    alert.lastSeen,
    `${alert.count}`,
    accountName(alert.account),
    storyOf(raised).what,
    whoOf(raised).name,
    alert.sourceIps.map(visible).join(', '),
  ]);
  return `${[COLUMNS, ...rows].map((row) => row.map(cell).join('\t')).join('\n')}\n`;
}

function cell(text: string): string {
  return /^[=+@-]/.test(text) ? `'${text}` : text;
}

export function ndjsonOf(told: readonly ToldAlert[]): string {
  return told.map(({ alert }) => `${jsonText(alert)}\n`).join('');
}

export function jsonOf(told: readonly ToldAlert[]): string {
  return `${jsonText(
    told.map(({ alert }) => alert),
    2,
  )}\n`;
}

/** JSON keeps the true value, but what cannot be seen is written as an escape, so that a pipe to a terminal stays harmless. */
function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu, escaped);
}

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}
