import type { Alert } from '../../src/alerts/alert.ts';
import { rulesFor } from '../../src/app/rules.ts';
import { scanTexts } from '../../src/app/scan.ts';
import type { Rule } from '../../src/ir/ir.ts';
import { ndjsonOf } from '../../src/report/lines.ts';

/** The only place where the laws touch the product. */

export const RULES = rulesFor([], [], new Map());
const NOW = Date.UTC(2030, 0, 1);

export interface RunOptions {
  readonly skim?: boolean;
  readonly rules?: readonly Rule[];
  /** Bytes kept in memory: a small one makes everything go through the disk. */
  readonly budget?: number;
}

function outcomeOf(files: readonly string[], { skim = true, rules = RULES, budget }: RunOptions) {
  const inputs = files.map((text, index) => ({ name: `file-${index}`, chunks: [Buffer.from(text)] }));
  const request = {
    since: null,
    until: null,
    nowMs: NOW,
    expectAccounts: [],
    minLevel: 'informational' as const,
    skim,
  };
  return scanTexts(inputs, rules, request, [], budget);
}

export function alertsOf(files: readonly string[], options: RunOptions = {}): Alert[] {
  return [...outcomeOf(files, options).told].map(({ alert }) => alert);
}

export function statsOf(files: readonly string[], options: RunOptions = {}) {
  const { told, stats } = outcomeOf(files, options);
  told.close();
  return stats;
}

export function outputOf(files: readonly string[], options: RunOptions = {}): string {
  return [...ndjsonOf(outcomeOf(files, options).told)].join('');
}
