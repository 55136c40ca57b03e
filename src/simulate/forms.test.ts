import { expect, it } from 'vitest';
import { FORM_NAMES, FORMS, STREAMS } from './forms.ts';
import { DEMO_DAY, simulate } from './simulate.ts';

/** The form of a record, by what only that form has. */
function formOf(line: string): string {
  const record = JSON.parse(line) as Record<string, string>;
  if (record['Type'] !== undefined) return `${record['Type']} row`;
  if (record['eventTimestamp'] !== undefined) return 'REST event';
  if (record['RoleLocation'] !== undefined) return 'Event Hubs and Storage export';
  return record['category'] === 'AuditEvent' ? 'AuditEvent export' : 'export record';
}

it.each(FORM_NAMES)('%s: each stream has the form that the table says', (variant) => {
  const options = { scenario: 'theft', seed: '1', days: 1, start: DEMO_DAY, recordsPerDay: 200, variant } as const;
  const written: Record<string, Set<string>> = {};
  for (const { stream, line } of simulate(options).records) {
    written[stream] ??= new Set();
    written[stream].add(formOf(line));
  }
  for (const stream of STREAMS) expect([...(written[stream] ?? [])]).toEqual([FORMS[stream][variant].form]);
});
