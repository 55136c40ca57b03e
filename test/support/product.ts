import type { Alert } from '../../src/alerts/alert.ts';
import { rulesFor } from '../../src/app/rules.ts';
import { scanTexts, type TextInput } from '../../src/app/scan.ts';
import type { Rule } from '../../src/ir/ir.ts';
import { ndjsonOf } from '../../src/report/lines.ts';
import { shownChange } from './reading/shown.ts';
import type { NaiveAlert } from './reading/types.ts';

/** The one place where the laws meet the product. */

/** So few deletions of items are many that a short stream has them. */
export const MANY_DELETIONS = 4;

export const NOW = Date.parse('2027-01-01T00:00:00Z');

/** The built-in rules as laws try them: few deletions are many. */
export const RULES: readonly Rule[] = rulesFor([], [], new Map([['cosmosdb_item_deleted.many', MANY_DELETIONS]]));

export interface ProductInput {
  /** Texts of the files, in the order in which they are read. */
  readonly files: readonly string[];
  readonly declared?: readonly string[];
  readonly skim?: boolean;
  readonly rules?: readonly Rule[];
  /** Bytes per chunk; 0: a file is one chunk. */
  readonly chunk?: number;
  /** Bytes kept in memory: a small number sends everything through the disk. */
  readonly budget?: number;
}

export function productAlerts(input: ProductInput): Alert[] {
  return toldBy(input, ({ told }) => [...told].map(({ alert }) => alert));
}

/** As `--format ndjson` prints it. */
export function outputOf(input: ProductInput): string {
  return toldBy(input, ({ told }) => [...ndjsonOf(told)].join(''));
}

export function statsOf(input: ProductInput): ScanStats {
  return toldBy(input, ({ stats }) => stats);
}

type Outcome = ReturnType<typeof scanTexts>;
type ScanStats = Outcome['stats'];

function toldBy<T>(input: ProductInput, read: (outcome: Outcome) => T): T {
  const { files, declared = [], skim = true, rules = RULES, chunk = 0, budget } = input;
  const texts = files.map((text, index): TextInput => ({ name: `file${index}`, chunks: chunksOf(text, chunk) }));
  const request = {
    since: null,
    until: null,
    nowMs: NOW,
    expectAccounts: declared,
    minLevel: 'informational' as const,
    skim,
  };
  const outcome = scanTexts(texts, rules, request, [], budget);
  try {
    return read(outcome);
  } finally {
    outcome.told.close();
  }
}

function* chunksOf(text: string, size: number): Generator<Uint8Array> {
  const bytes = Buffer.from(text);
  if (size === 0) yield bytes;
  else for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** An alert of the product in the words of the naive one, for what the contract calls equality, and level, status and caller. */
export function comparable(alert: Alert): NaiveAlert {
  return {
    rule: alert.rule,
    account: alert.account,
    key: alert.key as NaiveAlert['key'],
    firstSeen: alert.firstSeen,
    lastSeen: alert.lastSeen,
    count: alert.count,
    level: alert.level,
    status: alert.status === 'resolved' ? 'resolved' : 'open',
    actors: alert.actors.flatMap(({ id }) => (id === null ? [] : [id])).sort(),
    caller: alert.caller,
    changes: [...new Set(alert.changes.map(shownChange))].sort(),
  };
}
