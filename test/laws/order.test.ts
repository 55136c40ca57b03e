import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadRules } from '../../src/sigma/load.ts';
import { show, stream } from '../support/naive/streams.ts';
import { outputOf, RULES, statsOf } from '../support/product.ts';

const RUNS = { numRuns: 150 };

function shuffled<T>(items: readonly T[], dice: Iterator<number>): T[] {
  return items
    .map((item) => ({ item, order: dice.next().value as number }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

/** Where a record stood is told by `--explain` only; the alerts themselves must not depend on it. */
describe('the same records give the same bytes', () => {
  it('in any order, up to five times, split into any files', () => {
    fc.assert(
      fc.property(stream, fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 4 }), (records, dice, files) => {
        const copies = records.flatMap(
          (record) => Array(1 + ((dice.next().value as number) % 5)).fill(record) as object[],
        );
        const parts: object[][] = Array.from({ length: files }, () => []);
        for (const record of shuffled(copies, dice)) parts[(dice.next().value as number) % files]!.push(record);
        expect(outputOf(parts.map(show))).toBe(outputOf([show(records)]));
      }),
      RUNS,
    );
  });

  it('skimmed or parsed', () => {
    fc.assert(
      fc.property(stream, (records) => {
        expect(outputOf([show(records)], { skim: false })).toBe(outputOf([show(records)]));
      }),
      RUNS,
    );
  });

  it.each([
    ['2009-12-31T23:59:59Z', { past_time: 1 }],
    ['1969-12-31T23:59:59Z', { past_time: 1 }],
    ['2010-01-01T00:00:00Z', {}],
    ['2030-01-02T00:00:01Z', { future_time: 1 }],
    ['yesterday', { bad_time: 1 }],
  ])('a record of %s counts as much skimmed as parsed', (time, invalid) => {
    const record = {
      time,
      category: 'DataPlaneRequests',
      operationName: 'Read',
      resourceId:
        '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourcegroups/rg/providers/microsoft.documentdb/databaseaccounts/alpha',
      properties: { statusCode: '200', requestResourceType: 'Document' },
    };
    for (const skim of [true, false]) expect(statsOf([JSON.stringify(record)], { skim }).invalid).toEqual(invalid);
  });

  it('in memory or through the disk', () => {
    fc.assert(
      fc.property(stream, (records) => {
        expect(outputOf([show(records)], { budget: 1 })).toBe(outputOf([show(records)]));
      }),
      { numRuns: 40 },
    );
  });

  it('beside a rule that has nothing to do with them', () => {
    const text =
      'title: Unrelated\nid: 7d5c6b7e-0000-4000-8000-000000000001\nlogsource:\n  product: azure\ndetection:\n  a:\n    operationName|contains: nothing-like-this\n  condition: a\nlevel: low\n';
    const { rules } = loadRules([{ file: 'unrelated.yml', text }]);
    expect(rules).toHaveLength(1);
    fc.assert(
      fc.property(stream, (records) => {
        expect(outputOf([show(records)], { rules: [...rules, ...RULES] })).toBe(outputOf([show(records)]));
      }),
      RUNS,
    );
  });
});
