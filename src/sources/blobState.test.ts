import { describe, expect, it } from 'vitest';
import { dayPrefixes, hourOf, isLogContainer, resourceOf } from './blobNames.ts';
import { BlobState, type ListedBlob, startOf } from './blobState.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 24, 10);

function blobOf(change: Partial<ListedBlob> = {}): ListedBlob {
  return { name: 'a', hour: START, length: 100, etag: '1', modified: START + 1000, isAppend: true, ...change };
}

/** A container in which one blob was given up to byte 100, and that was looked at whole an hour later. */
function stateOf(through: number | null = START + HOUR): BlobState {
  const state = BlobState.read(undefined, START);
  state.set(START, 'a', { offset: 100, etag: '1', modified: START + 1000 });
  if (through !== null) state.complete(through);
  return BlobState.read(state.print(), 0);
}

describe('where reading begins', () => {
  it.each<[string, ListedBlob, number | null, number | null]>([
    ['nothing new', blobOf(), START, null],
    ['grown', blobOf({ etag: '2', length: 150 }), START, 100],
    ['made again, and shorter', blobOf({ etag: '2', length: 50 }), START, 0],
    ['a block blob that was written anew', blobOf({ etag: '2', length: 150, isAppend: false }), START, 0],
    ['a block blob of which a part was given', blobOf({ length: 150, isAppend: false }), START, 100],
    ['not known, and younger than the last whole look', blobOf({ name: 'b', modified: START + 1 }), START, 0],
    ['not known, and there in the last whole look', blobOf({ name: 'b', modified: START }), START, null],
    ['not known, in the first look', blobOf({ name: 'b', modified: START }), null, 0],
    ['folded away, and not written since', blobOf(), START + 8 * HOUR, null],
    ['folded away, and grown', blobOf({ etag: '2', modified: START + 9 * HOUR }), START + 8 * HOUR, 0],
  ])('%s', (_, blob, through, wanted) => {
    expect(startOf(blob, stateOf(through))).toBe(wanted);
  });
});

describe('what is kept', () => {
  it('stays as large as some hours need, however long it runs', () => {
    const state = BlobState.read(undefined, START);
    const sizes: number[] = [];
    for (let hour = 0; hour < 24 * 60; hour++) {
      const at = START + hour * HOUR;
      for (let resource = 0; resource < 20; resource++)
        state.set(at, `${resource}/${hour}`, { offset: 1e9, etag: '0x8DE2B0F4D3C1A70', modified: at + 1000 });
      state.complete(at + HOUR);
      sizes.push(state.print().length);
    }
    expect(state.size).toBe(20 * 6);
    expect(Math.max(...sizes)).toBeLessThan(10_000);
  });

  it('keeps a blob of an old hour that grew after the last whole look', () => {
    const state = stateOf();
    state.set(START, 'a', { offset: 150, etag: '2', modified: START + 9 * HOUR });
    state.complete(START + 8 * HOUR);
    expect(state.get(START, 'a')?.offset).toBe(150);
  });

  it.each([['{'], ['{"v":2}'], ['[]']])('begins anew with what is no position: %s', (text) => {
    expect(BlobState.read(text, START + 5).print()).toBe(BlobState.read(undefined, START).print());
  });

  it('never goes back', () => {
    const state = stateOf(START + HOUR);
    state.complete(START);
    expect(state.through).toBe(START + HOUR);
  });
});

describe('names', () => {
  it.each<[string, number | null]>([
    ['resourceId=/S/y=2026/m=11/d=24/h=10/m=00/PT1H.json', START],
    ['resourceId=/s/y=2026/m=11/d=24/h=10/m=00/pt1h.json', START],
    ['resourceId=/S/y=2026/m=11/d=24/h=10/m=00/other.json', null],
    ['PT1H.json', null],
  ])('the hour of %s', (name, hour) => {
    expect(hourOf(name)).toBe(hour);
  });

  it('each day has one beginning, over the end of a year', () => {
    expect(dayPrefixes('r/', Date.UTC(2026, 11, 31, 23), Date.UTC(2027, 0, 1, 1))).toEqual([
      'r/y=2026/m=12/d=31/',
      'r/y=2027/m=01/d=01/',
    ]);
  });

  it.each([
    ['insights-logs-auditevent', true],
    ['insights-activity-logs', true],
    ['insights-metrics-pt1m', false],
    ['insights-logs', false],
  ])('is %s a container of logs? %s', (name, wanted) => {
    expect(isLogContainer(name)).toBe(wanted);
  });

  it('a resource ends before its years, as Azure and Azurite tell it', () => {
    expect(['a/b/y=', 'a/b/'].map(resourceOf)).toEqual(['a/b/', 'a/b/']);
  });
});
