import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outputOf, statsOf } from '../support/product.ts';
import { law, runs } from '../support/reading/runs.ts';
import { stream, textOf } from '../support/reading/streams/streams.ts';

/** A record goes ways that should not matter: skimmed or parsed, kept in memory or on disk. */
describe('whatever way a record goes', () => {
  it('in memory or through the disk', () => {
    law(
      fc.record({ stream }),
      ({ stream: one }) => {
        const input = { files: [textOf(one)], declared: one.declared };
        const [memory, disk] = [outputOf(input), outputOf({ ...input, budget: 1 })];
        return memory === disk ? null : `memory:\n${memory}\ndisk:\n${disk}`;
      },
      runs(30, 0.02),
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
    for (const skim of [true, false]) {
      expect(statsOf({ files: [JSON.stringify(record)], skim }).invalid).toEqual(invalid);
    }
  });
});
