import { describe, expect, test } from 'vitest';
import { skimModule } from '../app/skimModule.ts';
import { Rng } from '../simulate/rng.ts';
import { callersIn, chunksOf, compareMany, difference, Fast, fileOf, plainly } from './bulk.test-support.ts';
import type { Relevant } from './skim.ts';
import { WasmWalk } from './wasm.ts';

/** Item deletes matter, and nothing else does. */
const relevant: Relevant = (_, operation) => operation.toLowerCase() === 'delete';

describe('the fast way tells what parsing tells', () => {
  test('of 50,000 records, whole and damaged, in all framings and chunks', () => {
    const { told, counted, wrong } = compareMany(new Rng('fast'), 50_000, relevant);
    expect(wrong).toBeNull();
    // A way that leaves everything to the parser is never wrong either.
    expect(counted).toBeGreaterThan(told / 4);
  });

  test('wherever a file is cut', () => {
    const rng = new Rng('cut here');
    const bytes = Buffer.concat([fileOf(rng, 6), Buffer.from('\n'), fileOf(rng, 6), Buffer.from(`\n${PLAIN}`)]);
    const plain = plainly(bytes);
    const fast = new Fast(relevant);
    for (let cut = 1; cut < bytes.length; cut++) {
      const wrong = difference(
        plain,
        fast.read([bytes.subarray(0, cut), bytes.subarray(cut)], cut % 2 === 0),
        relevant,
      );
      if (wrong !== null) expect.fail(`cut at ${cut}: ${wrong}`);
    }
    for (let size = 1; size < 200; size++) {
      expect(difference(plain, fast.read(chunksOf(bytes, size), false), relevant)).toBeNull();
    }
    expect(fast.counted).toBeGreaterThan(bytes.length);
  });

  test('of more kinds than are kept', () => {
    const line = (n: number) =>
      `{"time":"2026-01-05T00:00:00Z","resourceId":"/x${n}","category":"DataPlaneRequests","operationName":"Read","properties":{"statusCode":"200"}}\n`;
    const bytes = Buffer.from(
      Array.from({ length: 20_000 }, (_, n) => line(n))
        .join('')
        .repeat(2),
    );
    const fast = new Fast(relevant);
    expect(difference(plainly(bytes), fast.read(chunksOf(bytes, 1 << 20), true), relevant)).toBeNull();
    expect(fast.counted).toBe(2 * 16_384);
  });

  test('of who called and at what cost, whether a record is counted or parsed', () => {
    const rng = new Rng('callers');
    const fast = new Fast(relevant, true);
    let counted = 0;
    for (let file = 0; file < 300; file++) {
      const bytes = fileOf(rng, 40);
      const told = fast.read(chunksOf(bytes, 1 + rng.int(4000)), rng.chance(0.5));
      expect([...fast.called, ...callersIn(told)].sort()).toEqual(callersIn(plainly(bytes)).sort());
      counted += fast.called.length;
    }
    expect(counted).toBeGreaterThan(1500);
  });

  test('of more callers than are kept', () => {
    const line = (n: number) =>
      `{"time":"2026-01-05T00:00:00Z","resourceId":"/x","category":"DataPlaneRequests","operationName":"Read","properties":{"clientIpAddress":"10.0.${n >> 8}.${n & 255}"}}\n`;
    const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, n) => line(n)).join(''));
    const fast = new Fast(relevant, true);
    const told = fast.read(chunksOf(bytes, 1 << 20), true);
    expect(fast.called).toHaveLength(16_384);
    expect([...fast.called, ...callersIn(told)].sort()).toEqual(callersIn(plainly(bytes)).sort());
  });

  test('of more names than are kept, and of long ones', () => {
    const line = (n: number) =>
      `{"k${n}":1,"${'x'.repeat(70)}${n}":2,"time" : "2026-01-05T00:00:00Z","resourceId":"/x","category":"DataPlaneRequests","operationName":"Read","properties":{"p${n}":[],"statusCode" :"200"}}\n`;
    const bytes = Buffer.from(
      Array.from({ length: 1500 }, (_, n) => line(n))
        .join('')
        .repeat(2),
    );
    const fast = new Fast(relevant);
    expect(difference(plainly(bytes), fast.read(chunksOf(bytes, 1 << 20), true), relevant)).toBeNull();
    expect(fast.counted).toBe(3000);
  });

  test('of lines longer than its memory, alone and between others', () => {
    const one = fileOf(new Rng('long'), 20);
    const many = `{"records":[${Array.from({ length: 8000 }, () => PLAIN).join(',')}]}`;
    expect(many.length).toBeLessThan(2 << 20);
    const long = `{"records":[${Array.from({ length: 40_000 }, () => PLAIN).join(',')}]}`;
    expect(long.length).toBeGreaterThan(4 << 20);
    const bytes = Buffer.concat([one, Buffer.from(`\n${long}\n${many}\n`), one]);
    const plain = plainly(bytes);
    for (const chunk of [1 << 20, 100_001, 7_000_000]) {
      expect(difference(plain, new Fast(relevant).read(chunksOf(bytes, chunk), false), relevant)).toBeNull();
    }
  });

  test('of binary data, of a short file, and of none', () => {
    const fast = new Fast(relevant);
    for (const bytes of [
      Buffer.from('\u0000\u0001'.repeat(9000)),
      Buffer.from('\ufeff'),
      Buffer.from(PLAIN),
      Buffer.alloc(0),
    ])
      expect(difference(plainly(bytes), fast.read(chunksOf(bytes, 1000), false), relevant)).toBeNull();
  });
});

const PLAIN =
  '{"time":"2026-01-05T00:00:00Z","resourceId":"/x","category":"DataPlaneRequests","operationName":"Read","properties":{"a":1}}';

test('what the compiler puts into memory lies below what the module uses', () => {
  const { bytes } = new WasmWalk(skimModule(), 0, 0);
  expect(bytes.subarray(8192).every((byte) => byte === 0)).toBe(true);
  expect(skimModule().length).toBeLessThan(20_000);
});
