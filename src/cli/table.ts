import { padEnd, visible, widthOf } from '../report/text.ts';

/** Rows of words under each other, the first of them the heads. */
export function columns(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(visible));
  const widths = shown[0]!.map((_, at) => Math.max(...shown.map((row) => widthOf(row[at]!))));
  return `${shown
    .map((row) =>
      row
        .map((cell, at) => padEnd(cell, widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`;
}
