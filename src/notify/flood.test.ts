import { describe, expect, it } from 'vitest';
import { Flood, type Summary } from './flood.ts';
import type { WaitingRow } from './ports.ts';

const SECOND = 1000;
let ids = 0;

function row(alert: string, queuedAt: number, level: WaitingRow['level'] = 'medium'): WaitingRow {
  ids++;
  return {
    id: ids,
    alert,
    receiver: 'a/0',
    lane: alert,
    grouping: null,
    leads: false,
    kind: 'opened',
    level,
    rule: 'r',
    repetition: 0,
    attempts: 0,
    queuedAt,
    due: queuedAt,
    notBefore: null,
    earlier: null,
  };
}

/** Alerts one by one, every so many milliseconds: which were held. */
function come(flood: Flood, count: number, every: number, from = 0): boolean[] {
  return Array.from({ length: count }, (_, at) => flood.holds(row(`${from}-${at}`, from + at * every)));
}

function tell(flood: Flood, now: number): Summary | null {
  const summary = flood.summary(now);
  if (summary !== null) flood.told(summary, now);
  return summary;
}

describe('floods', () => {
  it('up to the limit a minute nothing is held, however long it goes on', () => {
    expect(come(new Flood(3), 100, 20 * SECOND)).not.toContain(true);
  });

  it('the first ones are told, the others held, until a minute is quiet', () => {
    const flood = new Flood(3);
    expect(come(flood, 6, SECOND)).toEqual([false, false, false, true, true, true]);
    expect(come(flood, 1, 0, 64 * SECOND)).toEqual([true]);
    expect(come(flood, 2, 0, 66 * SECOND)).toEqual([false, false]);
  });

  it('is told after a minute, then every ten, and when it is over', () => {
    const flood = new Flood(3);
    come(flood, 60, SECOND);
    expect([flood.held, flood.next()]).toEqual([57, 63 * SECOND]);
    expect(tell(flood, 62 * SECOND)).toBeNull();
    expect(tell(flood, 63 * SECOND)!.ids).toHaveLength(57);
    expect([flood.held, flood.next()]).toEqual([0, null]);
    come(flood, 700, SECOND, 64 * SECOND);
    expect(flood.next()).toBe(663 * SECOND);
    expect(tell(flood, 663 * SECOND)!.ids).toHaveLength(700);
    come(flood, 5, SECOND, 764 * SECOND);
    expect(flood.next()).toBe(828 * SECOND);
  });

  it('news of an alert that is held are held with it, and it comes out whole', () => {
    const flood = new Flood(1);
    come(flood, 1, 0);
    const [first, second] = [row('x', 1), row('x', 2)];
    expect([flood.holds(first), flood.holds(second)]).toEqual([true, true]);
    expect(flood.release('x')).toEqual([first, second]);
    expect([flood.held, flood.release('x')]).toEqual([0, []]);
  });

  it('a summary has the highest level, and at most a thousand alerts', () => {
    const flood = new Flood(1);
    come(flood, 1, 0);
    come(flood, 1500, 0, 1);
    flood.holds(row('high', 2, 'high'));
    expect(tell(flood, 2)).toMatchObject({ level: 'medium', ids: { length: 1000 } });
    expect(tell(flood, 2)).toBeNull();
    expect(tell(flood, 62 * SECOND)).toMatchObject({ level: 'high', ids: { length: 501 } });
  });

  it('0 is no limit', () => {
    expect(come(new Flood(0), 1000, 0)).not.toContain(true);
  });
});
