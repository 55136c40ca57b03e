import type { Look } from './context.ts';
import { widthOf } from './text.ts';

/** A command, ready to paste: a long one goes on behind a backslash; a word that is longer than the line stays whole. */
export function commandLines(command: string, look: Pick<Look, 'width'>, indent: number): string[] {
  const width = look.width - indent - 4;
  const start = ' '.repeat(indent);
  if (widthOf(command) <= width + 4) return [start + command];
  const lines: string[] = [];
  let line = '';
  for (const word of command.match(/(?:'[^']*'|\\.|[^\s'])+/g) ?? []) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((one, at) => `${start}${at === 0 ? '' : '  '}${one}${at < lines.length - 1 ? ' \\' : ''}`);
}
