import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isZone, nextStart, type Weekly, within } from './calendar.ts';

const at = (text: string): number => Date.parse(text);
const text = (ms: number | null): string | null =>
  ms === null || !Number.isFinite(ms) ? `${ms}` : new Date(ms).toISOString();

const WEEKENDS: Weekly = { days: ['sat', 'sun'], zone: 'Europe/Berlin' };
const NIGHTS: Weekly = { from: '22:00', to: '06:00' };

describe('within', () => {
  const cases: readonly [string, readonly Weekly[], string, string][] = [
    ['a weekend is one stretch, in the zone', [WEEKENDS], '2026-11-28T05:00:00Z', '2026-11-29T23:00:00.000Z'],
    ['its first instant', [WEEKENDS], '2026-11-27T23:00:00Z', '2026-11-29T23:00:00.000Z'],
    ['the instant before', [WEEKENDS], '2026-11-27T22:59:59Z', 'null'],
    ['its end is not part of it', [WEEKENDS], '2026-11-29T23:00:00Z', 'null'],
    ['a night, before midnight', [NIGHTS], '2026-11-24T23:00:00Z', '2026-11-25T06:00:00.000Z'],
    ['a night, after midnight', [NIGHTS], '2026-11-25T05:59:00Z', '2026-11-25T06:00:00.000Z'],
    ['by day', [NIGHTS], '2026-11-25T12:00:00Z', 'null'],
    [
      'two that touch are one',
      [NIGHTS, { from: '06:00', to: '09:00' }],
      '2026-11-24T23:00:00Z',
      '2026-11-25T09:00:00.000Z',
    ],
    ['always', [{}], '2026-11-24T23:00:00Z', 'Infinity'],
    ['nothing', [], '2026-11-24T23:00:00Z', 'null'],
    [
      'a night is of the day on which it begins',
      [{ ...NIGHTS, days: ['fri'] }],
      '2026-11-28T05:00:00Z',
      '2026-11-28T06:00:00.000Z',
    ],
    ['and not of the day on which it ends', [{ ...NIGHTS, days: ['sat'] }], '2026-11-28T05:00:00Z', 'null'],
  ];
  it.each(cases)('%s', (_name, calendar, when, end) => {
    expect(text(within(calendar, at(when)))).toBe(end);
  });

  it('clocks are set forward: an hour that they skip begins then', () => {
    const skipped: Weekly = { from: '02:30', to: '03:30', zone: 'Europe/Berlin' };
    const start = nextStart([skipped], at('2026-03-28T12:00:00Z'))!;
    expect([text(start), text(within([skipped], start))]).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T01:30:00.000Z',
    ]);
  });

  it('clocks are set back: an hour that they show twice begins at the first', () => {
    const twice: Weekly = { from: '02:30', to: '03:30', zone: 'Europe/Berlin' };
    const start = nextStart([twice], at('2026-10-24T12:00:00Z'))!;
    expect([text(start), text(within([twice], start))]).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T02:30:00.000Z',
    ]);
  });

  it('a day is as long as its clocks say', () => {
    const sundays: Weekly = { days: ['sun'], zone: 'Europe/Berlin' };
    const length = (day: string): number => {
      const start = nextStart([sundays], at(day))!;
      return (within([sundays], start)! - start) / 3_600_000;
    };
    expect([length('2026-03-28T12:00:00Z'), length('2026-10-24T12:00:00Z'), length('2026-11-28T12:00:00Z')]).toEqual([
      23, 25, 24,
    ]);
  });

  it('whatever is asked: what it says goes on, goes on, and then it is over', () => {
    const clock = fc.tuple(fc.nat(23), fc.nat(59)).map((pair) => pair.map((n) => `${n}`.padStart(2, '0')).join(':'));
    const weekly = fc.record(
      {
        days: fc.uniqueArray(fc.constantFrom('sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'), { minLength: 1 }),
        from: clock,
        to: clock,
        zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<Weekly>;
    const moment = fc.integer({ min: at('2026-01-01'), max: at('2027-01-01') });
    fc.assert(
      fc.property(
        fc.array(weekly, { maxLength: 3 }),
        moment,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (calendar, when, share) => {
          const end = within(calendar, when);
          if (end === null) return;
          expect(end).toBeGreaterThan(when);
          if (!Number.isFinite(end)) return;
          expect(within(calendar, when + Math.floor((end - 1 - when) * share))).toBe(end);
          expect(within(calendar, end)).toBeNull();
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('isZone', () => {
  it.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['Europe/Berln', false],
    ['', false],
  ])('%s: %s', (zone, is) => expect(isZone(zone)).toBe(is));
});
