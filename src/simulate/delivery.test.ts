import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Disorder, delivered, ORDERLY } from './delivery.ts';

const items = (count: number) => Array.from({ length: count }, (_, index) => index);

const disorders: fc.Arbitrary<Disorder> = fc.record({
  seed: fc.string(),
  duplicates: fc.double({ min: 0, max: 1, noNaN: true }),
  reach: fc.integer({ min: 0, max: 40 }),
  late: fc.double({ min: 0, max: 1, noNaN: true }),
  heldBack: fc.integer({ min: 0, max: 40 }),
});

describe('delivery', () => {
  it('in order is as it was', () => {
    expect([...delivered(items(100), ORDERLY)]).toEqual(items(100));
  });

  it('law: nothing is lost, nothing is added, nothing comes more than five times', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), disorders, (count, disorder) => {
        const arrived = [...delivered(items(count), disorder)];
        const times = new Map<number, number>();
        for (const item of arrived) times.set(item, (times.get(item) ?? 0) + 1);
        expect([...times.keys()].sort((a, b) => a - b)).toEqual(items(count));
        expect(Math.max(0, ...times.values())).toBeLessThanOrEqual(5);
        if (disorder.duplicates === 0) expect(arrived).toHaveLength(count);
      }),
    );
  });

  it('law: the same seed disturbs in the same way', () => {
    fc.assert(
      fc.property(disorders, (disorder) => {
        expect([...delivered(items(50), disorder)]).toEqual([...delivered(items(50), disorder)]);
      }),
    );
  });

  it('law: nothing comes earlier than its place by more than the reach', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), fc.string(), (reach, seed) => {
        const arrived = [...delivered(items(150), { ...ORDERLY, seed, reach })];
        expect(arrived.filter((item, place) => item - place > reach)).toEqual([]);
      }),
    );
  });

  it('takes no more from its source than it has to', () => {
    let taken = 0;
    const source = function* () {
      for (;;) yield taken++;
    };
    delivered(source(), { ...ORDERLY, reach: 10, late: 0.5, heldBack: 10 }).next();
    expect(taken).toBeLessThan(100);
  });
});
