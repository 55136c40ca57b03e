import { padEnd, visible, widthOf } from '../report/text.ts';

/** Rows with their cells below each other; what comes from elsewhere is made visible. */
export function columnsOf(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(visible));
  const widths = shown[0]!.map((_, at) => Math.max(...shown.map((row) => widthOf(row[at]!))));
  const lines = shown.map((row) => {
    const cells = row.map((cell, at) => padEnd(cell, widths[at]!));
    return cells.join('  ').trimEnd();
  });
  return `${lines.join('\n')}\n`;
}
