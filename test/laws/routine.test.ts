import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanTexts, type TextInput } from '../../src/app/scan.ts';
import { tenancyOf } from '../../src/simulate/tenancy.ts';
import { RULES } from '../support/product.ts';
import { recordsIn } from '../support/quality.ts';

/* What a scan learns of its earlier part does not depend on how its input is cut into files, nor on how much fits into memory. */

const START = Date.UTC(2026, 0, 5);
const RECORDS = recordsIn(tenancyOf({ seed: 'law', start: START, days: 12, theft: null }), 'law');

function told(texts: readonly TextInput[], budget?: number, since: number | null = null): string[] {
  const request = { since, until: null, nowMs: START + 1e10, expectAccounts: [], minLevel: 'informational' } as const;
  const outcome = scanTexts(texts, RULES, { ...request, skim: true }, [], budget);
  const levels = JSON.stringify(outcome.told.found);
  // Where a record stood is told with it, and files differ.
  return [levels, ...[...outcome.told].map(({ alert, raised }) => JSON.stringify([alert, raised.detail.firsts]))];
}

const textOf = (name: string, records: typeof RECORDS): TextInput => ({
  name,
  chunks: [Buffer.from(records.map(({ line }) => line).join('\n'))],
});

const whole = told([textOf('all', RECORDS)]);

describe('laws of tuning in a scan', () => {
  it('there is something to learn', () => {
    const routines = whole.filter((line) => line.includes('"routine":"'));
    expect(routines.length).toBeGreaterThan(20);
  });

  it('law: the order of files and of records in them changes nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), fc.infiniteStream(fc.nat({ max: 1_000_000 })), (count, dice) => {
        const files: (typeof RECORDS)[] = Array.from({ length: count }, () => []);
        const shuffled = RECORDS.map((record) => [dice.next().value!, record] as const).sort(([a], [b]) => a - b);
        for (const [number, record] of shuffled) files[number % count]!.push(record);
        expect(told(files.map((records, at) => textOf(`${at}`, records)))).toEqual(whole);
      }),
      { numRuns: 8 },
    );
  });

  it('law: what goes to disk is learnt as what stays in memory', () => {
    expect(told([textOf('all', RECORDS)], 20_000)).toEqual(whole);
  });

  it('law: what is not shown has taught: a later part is told as with the whole', () => {
    const since = (START + 9 * 86_400_000) * 1000;
    const part = told([textOf('all', RECORDS)], undefined, since).slice(1);
    expect(part.length).toBeGreaterThan(10);
    expect(whole.slice(-part.length)).toEqual(part);
  });
});
