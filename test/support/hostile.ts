import { scanTexts } from '../../src/app/scan.ts';
import { explainAlert, renderScan } from '../../src/cli/output.ts';
import type { Format } from '../../src/cli/scanOptions.ts';
import type { Json } from '../../src/lib/json.ts';
import { DEMO_DAY, simulate } from '../../src/simulate/simulate.ts';
import { RULES } from './product.ts';

/** Colours, moves the cursor, rings, reverses what follows, ends lines, opens a link and a script. */
const HOSTILE = '\u001b[31m\u009b2J\u0007\u202e\u2028\r\n\t\u0000</td><script>alert(1)</script>"\'`';
const LOOK = { width: 80, colour: false, unicode: false };
const FORMATS: readonly Format[] = ['table', 'tsv', 'ndjson', 'json', 'html'];

const options = { scenario: 'theft', seed: '1', days: 1, start: DEMO_DAY, recordsPerDay: 40 } as const;
const LINES = (['export', 'rest'] as const).flatMap((variant) =>
  [...simulate({ ...options, variant }).records].map(({ line }) => JSON.parse(line) as Json),
);

/** What decides which record it is, what it does, to what and when: with another text there it would be no alert at all. */
const SKELETON =
  /^(?:time|eventTimestamp|category|operationName|value|resultType|resultSignature|statusCode|errorCode)$/;

/** Every text below a name, with the hostile one behind it; JSON in texts stays JSON. */
function poisoned(value: Json, name: string, wanted: string | null): Json {
  if (typeof value === 'string') {
    if (SKELETON.test(name)) return value;
    if (/^\s*[[{]/.test(value)) return JSON.stringify(poisoned(JSON.parse(value) as Json, name, wanted));
    return wanted === null || wanted === name ? value + HOSTILE : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => poisoned(item as Json, name, wanted));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, poisoned(inner, key, wanted)]));
}

function namesOf(value: Json, found = new Set<string>()): Set<string> {
  if (typeof value === 'string' && /^\s*[[{]/.test(value)) namesOf(JSON.parse(value) as Json, found);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === 'string' && !SKELETON.test(name)) found.add(name);
      namesOf(inner, found);
    }
  }
  return found;
}

function scanned(name: string, records: readonly Json[]) {
  const text = records.map((record) => JSON.stringify(record)).join('\n');
  const request = {
    since: null,
    until: null,
    nowMs: Date.UTC(2027, 0, 1),
    expectAccounts: [],
    minLevel: 'informational',
    skim: true,
  } as const;
  return scanTexts([{ name, chunks: [Buffer.from(text)] }], RULES, request);
}

/** What a terminal or a browser would not show as it is. */
const HIDDEN = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u;

/** All that `scan` prints, by format, that is not harmless. */
function harmfulIn(outcome: ReturnType<typeof scanned>): string[] {
  const render = { local: false, strict: false, elapsedMs: 1, next: { scan: null, stats: null } };
  const found: string[] = [];
  const look = (format: string, text: string) => {
    const bad = (format === 'tsv' ? text.replaceAll('\t', ' ') : text).split('\n').find((line) => HIDDEN.test(line));
    if (bad !== undefined) found.push(`${format}: ${JSON.stringify(bad.slice(0, 300))}`);
    if (format === 'html' && /<script>alert|<\/td><script/i.test(text)) found.push('html: a script');
  };
  for (const format of FORMATS) {
    const { data, notes } = renderScan(format, outcome, LOOK, render);
    look(format, [...data].join(''));
    if (format === 'table') look('notes', notes);
  }
  for (const { alert } of outcome.told) look('explain', explainAlert(outcome, alert.id, LOOK, false));
  return found;
}

/** Names of texts in the records, one of which may be made hostile. */
export const NAMES: readonly string[] = [...new Set(LINES.flatMap((line) => [...namesOf(line)]))].sort();

/** Scans a night of attacks in whose records every text, or those of one name, is hostile. @param name null: every text */
export function printed(name: string | null): { readonly alerts: number; readonly harmful: readonly string[] } {
  const outcome = scanned(
    `file${HOSTILE}`,
    LINES.map((line) => poisoned(line, '', name)),
  );
  const harmful = harmfulIn(outcome);
  outcome.told.close();
  return { alerts: outcome.told.length, harmful };
}
