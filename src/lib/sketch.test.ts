import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addTo, mergeInto, percentile, readSketch, SKETCH_ERROR, type Sketch, sketchText } from './sketch.ts';

function sketchOf(values: readonly number[]): Sketch {
  const sketch: Sketch = new Map();
  for (const value of values) addTo(sketch, value);
  return sketch;
}

const value = fc.double({ min: 0.002, max: 1e6, noNaN: true });
const values = fc.array(value, { minLength: 1, maxLength: 200 });

describe('a sketch', () => {
  it('is within 5 %', () => expect(SKETCH_ERROR).toBeLessThan(0.05));

  it('gives every percentile within its error', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(0, 0.5, 0.9, 0.95, 0.99, 1), (all, share) => {
        const exact = [...all].sort((a, b) => a - b)[Math.max(0, Math.ceil(share * all.length) - 1)]!;
        const found = percentile(sketchOf(all), share)!;
        expect(Math.abs(found - exact) / exact).toBeLessThanOrEqual(SKETCH_ERROR + 1e-6);
      }),
    );
  });

  it('merges to what all of it would have given, and outlives being written', () => {
    fc.assert(
      fc.property(values, values, (one, two) => {
        const merged = readSketch(sketchText(sketchOf(two)));
        mergeInto(merged, sketchOf(one));
        expect(sketchText(merged)).toBe(sketchText(sketchOf([...one, ...two])));
      }),
    );
  });

  it.each([
    ['nothing', 0],
    ['a negative number', -5],
    ['next to nothing', 1e-9],
    ['endless', Number.POSITIVE_INFINITY],
  ])('%s counts at an end', (_name, one) => {
    const sketch = sketchOf([one]);
    expect([...sketch.values()]).toEqual([1]);
    expect([-73, 169]).toContain([...sketch.keys()][0]);
  });

  it('of none says nothing', () => {
    expect([percentile(new Map(), 0.5), sketchText(new Map()), readSketch('').size]).toEqual([null, '', 0]);
  });
});
