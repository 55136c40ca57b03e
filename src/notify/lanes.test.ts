import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lanes } from './lanes.ts';
import type { WaitingRow } from './ports.ts';

function row(id: number, alert: string, more: Partial<WaitingRow> = {}): WaitingRow {
  return {
    id,
    alert,
    receiver: 'a/0',
    lane: alert,
    grouping: null,
    leads: false,
    kind: 'opened',
    level: 'medium',
    rule: 'r',
    repetition: 0,
    attempts: 0,
    queuedAt: 0,
    due: 0,
    notBefore: null,
    earlier: null,
    ...more,
  };
}

function lanesOf(rows: readonly WaitingRow[]): Lanes {
  const lanes = new Lanes();
  for (const one of rows) lanes.add(one);
  return lanes;
}

/** Ids in the order in which they are sent, each settled before the next is taken. */
function drain(lanes: Lanes, now = 0): number[] {
  const ids: number[] = [];
  for (let one = lanes.take(now, 'informational'); one !== null; one = lanes.take(now, 'informational')) {
    ids.push(one.id);
    lanes.done(one);
  }
  return ids;
}

describe('what is next', () => {
  it.each([
    ['the oldest', [row(1, 'a'), row(2, 'b'), row(3, 'c')], [1, 2, 3]],
    ['the highest level', [row(1, 'a', { level: 'low' }), row(2, 'b', { level: 'critical' }), row(3, 'c')], [2, 3, 1]],
    ['rules in turn', [row(1, 'a'), row(2, 'b'), row(3, 'c'), row(4, 'd', { rule: 's' })], [1, 4, 2, 3]],
    [
      'one alert in its order, though the second matters more',
      [row(1, 'a', { level: 'low' }), row(2, 'a', { level: 'critical' }), row(3, 'b')],
      [1, 2, 3],
    ],
    ['one alert in its order, though the first came back later', [row(5, 'a'), row(2, 'a')], [2, 5]],
    ['nothing that is not due', [row(1, 'a', { due: 5 }), row(2, 'b')], [2]],
    ['nothing behind what is not due', [row(1, 'a', { due: 5 }), row(2, 'a')], []],
    ['news in place of telling it again', [row(1, 'a', { due: 500, repetition: 1 }), row(2, 'a')], [2]],
  ])('%s', (_name, rows, wanted) => {
    expect(drain(lanesOf(rows))).toEqual(wanted);
  });

  it('nothing of an alert while something of it is on its way', () => {
    const lanes = lanesOf([row(1, 'a'), row(2, 'a')]);
    const first = lanes.take(0, 'informational')!;
    expect(lanes.take(0, 'informational')).toBeNull();
    lanes.again(first, { due: 10, notBefore: null, attempts: 1 });
    expect([lanes.take(9, 'informational'), lanes.next(9, 'informational')]).toEqual([null, 10]);
    expect(drain(lanes, 10)).toEqual([1, 2]);
    expect([lanes.size, lanes.next(10, 'informational')]).toEqual([0, null]);
  });

  it('only what matters enough', () => {
    const lanes = lanesOf([row(1, 'a', { level: 'high' })]);
    expect([lanes.take(0, 'critical'), lanes.next(0, 'critical')]).toEqual([null, null]);
    expect(lanes.take(0, 'high')!.id).toBe(1);
  });

  it('what failed is hastened, but not before the receiver said', () => {
    const lanes = lanesOf([
      row(1, 'a', { due: 900, attempts: 1 }),
      row(2, 'b', { due: 900, attempts: 1, notBefore: 50 }),
      row(3, 'c', { due: 900 }),
    ]);
    lanes.hasten(10);
    expect([drain(lanes, 10), drain(lanes, 50), drain(lanes, 900)]).toEqual([[1], [2], [3]]);
  });
});

describe('laws', () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constant('add' as const),
      alert: fc.nat(3),
      level: fc.constantFrom('low', 'high', 'critical'),
      due: fc.nat(9),
    }),
    fc.record({ do: fc.constantFrom('take', 'done', 'again', 'hasten'), by: fc.nat(5) }),
  );

  it('each row comes once, in the order of its alert, and never two of an alert at a time', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const lanes = new Lanes();
        const [busy, settled, added] = [[] as WaitingRow[], [] as WaitingRow[], [] as number[]];
        let now = 0;
        for (const one of steps) {
          if (one.do === 'add') {
            const { alert, level, due } = one as { alert: number; level: 'low'; due: number };
            added.push(added.length + 1);
            lanes.add(row(added.length, `alert${alert}`, { level, rule: `r${alert % 2}`, due: now + due }));
          } else if (one.do === 'take') {
            const taken = lanes.take(now, 'informational');
            if (taken !== null) busy.push(taken);
          } else if (one.do === 'hasten') {
            lanes.hasten(now);
          } else {
            const ended = busy.shift();
            now += 1;
            if (ended === undefined) continue;
            if (one.do === 'done') {
              lanes.done(ended);
              settled.push(ended);
            } else lanes.again(ended, { due: now + 3, notBefore: null, attempts: ended.attempts + 1 });
          }
          expect(new Set(busy.map(({ alert }) => alert)).size).toBe(busy.length);
        }
        for (const ended of busy) {
          lanes.done(ended);
          settled.push(ended);
        }
        const rest = drain(lanes, 1000);
        expect([...settled.map(({ id }) => id), ...rest].sort((a, b) => a - b)).toEqual(added);
        const told = settled.filter(({ alert }) => alert === 'alert0').map(({ id }) => id);
        expect(told).toEqual(told.toSorted((a, b) => a - b));
        expect(lanes.size).toBe(0);
      }),
    );
  });
});
