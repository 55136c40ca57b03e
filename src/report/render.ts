import type { Look, ScanContext, ToldAlerts } from './context.ts';
import { htmlOf } from './html.ts';
import { jsonOf, ndjsonOf, tsvOf } from './lines.ts';
import { tableOf } from './table.ts';

export type Format = 'table' | 'tsv' | 'ndjson' | 'json' | 'html';

/** The alerts in one of the formats, piece by piece. */
export function render(format: Format, told: ToldAlerts, context: ScanContext, look: Look): Iterable<string> {
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
      return [htmlOf(told, context)];
  }
}
