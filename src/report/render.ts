import type { Look, ScanContext, ToldAlert } from './context.ts';
import { htmlOf } from './html.ts';
import { jsonOf, ndjsonOf, tsvOf } from './lines.ts';
import { tableOf } from './table.ts';

export type Format = 'table' | 'tsv' | 'ndjson' | 'json' | 'html';

/** The alerts in one of the formats. */
export function render(format: Format, told: readonly ToldAlert[], context: ScanContext, look: Look): string {
  switch (format) {
    case 'table':
      return tableOf(told, look);
    case 'tsv':
      return tsvOf(told);
    case 'ndjson':
      return ndjsonOf(told);
    case 'json':
      return jsonOf(told);
    case 'html':
      return htmlOf(told, context);
  }
}
