import type { ToldAlert } from './context.ts';
import { nameOf, whoOf } from './phrases.ts';
import { storyOf } from './story.ts';
import { visible } from './text.ts';

/** Machine outputs: whole values, one alert at a time. */

const COLUMNS = ['ID', 'LEVEL', 'FIRST_SEEN', 'LAST_SEEN', 'COUNT', 'ACCOUNT', 'WHAT', 'WHO', 'FROM'];

/** Tab-separated, one header line. A value that could start a formula in a spreadsheet gets a quote in front. */
export function* tsvOf(told: Iterable<ToldAlert>): Generator<string> {
  yield row(COLUMNS);
  for (const { alert, raised } of told) {
    yield row([
      alert.id,
      alert.level,
      alert.firstSeen,
      alert.lastSeen,
      `${alert.count}`,
      nameOf(raised),
      storyOf(raised).what,
      whoOf(raised).name,
      alert.sourceIps.map(visible).join(', '),
    ]);
  }
}

function row(cells: readonly string[]): string {
  return `${cells.map(cell).join('\t')}\n`;
}

function cell(text: string): string {
  return /^[=+@-]/.test(text) ? `'${text}` : text;
}

export function* ndjsonOf(told: Iterable<ToldAlert>): Generator<string> {
  for (const { alert } of told) yield `${jsonText(alert)}\n`;
}

/** One array, an alert an element. */
export function* jsonOf(told: Iterable<ToldAlert>): Generator<string> {
  let before = '[';
  for (const { alert } of told) {
    yield `${before}\n${jsonText(alert, 2).replace(/^/gm, '  ')}`;
    before = ',';
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}

/** JSON keeps the true value, but what cannot be seen is written as an escape, so that a pipe to a terminal stays harmless. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu, escaped);
}

function escaped(character: string): string {
  let text = '';
  for (let at = 0; at < character.length; at++) text += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return text;
}
