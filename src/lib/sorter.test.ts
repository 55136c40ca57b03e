import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sorter } from './sorter.ts';
import { diskSpill } from './spill.ts';

interface Item {
  readonly key: number;
  readonly text: string;
}
const compare = (a: Item, b: Item) => a.key - b.key || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);

function sorter(budget: number, fanIn: number) {
  return new Sorter<Item>({
    compare,
    encode: JSON.stringify,
    decode: JSON.parse,
    spill: diskSpill(),
    budget,
    fanIn,
  });
}

describe('Sorter', () => {
  it('gives what Array.sort gives, for any budget and any number of runs', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ key: fc.integer({ min: 0, max: 50 }), text: fc.string({ unit: 'binary' }) }), {
          maxLength: 300,
        }),
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 2, max: 5 }),
        (items, budget, fanIn) => {
          const all = sorter(budget, fanIn);
          for (const item of items) all.add(item, 10);
          // A lone surrogate has no UTF-8 form: JSON.stringify escapes it, so even those survive the disk.
          const expected = [...items].sort(compare);
          expect([...all.sorted()]).toEqual(expected);
          expect([...all.sorted()]).toEqual(expected);
          all.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('does not touch the disk while the budget holds', () => {
    const all = sorter(1000, 4);
    for (let key = 0; key < 100; key++) all.add({ key: 100 - key, text: '' }, 10);
    expect(all.spilledRuns).toBe(0);
    expect([...all.sorted()][0]?.key).toBe(1);
  });

  it('can be left in the middle', () => {
    const all = sorter(20, 4);
    for (let key = 0; key < 50; key++) all.add({ key: 50 - key, text: 'x' }, 10);
    const iterator = all.sorted();
    expect(iterator.next().value).toEqual({ key: 1, text: 'x' });
    iterator.return(undefined);
    all.close();
    expect([...all.sorted()]).toEqual([]);
  });
});
