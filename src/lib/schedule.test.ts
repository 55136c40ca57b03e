import { describe, expect, it } from 'vitest';
import { lastTime, nextTime, parseSchedule } from './schedule.ts';

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

describe('a schedule', () => {
  it.each([
    ['daily at 08:00', '2026-11-24T07:59', '2026-11-24T08:00'],
    ['daily at 08:00', '2026-11-24T08:00', '2026-11-25T08:00'],
    ['daily at 08:00 Europe/Berlin', '2026-11-24T00:00', '2026-11-24T07:00'],
    ['daily at 00:30 Pacific/Auckland', '2026-11-24T00:00', '2026-11-24T11:30'],
    ['daily at 08:00 America/New_York', '2026-11-24T14:00', '2026-11-25T13:00'],
    ['weekly on Monday at 08:00', '2026-11-24T00:00', '2026-11-30T08:00'],
    ['weekly on tuesday at 08:00 Asia/Kolkata', '2026-11-23T00:00', '2026-11-24T02:30'],
    // Clocks go forward from 02:00 to 03:00, and back from 03:00 to 02:00.
    ['daily at 02:30 Europe/Berlin', '2027-03-28T00:00', '2027-03-28T01:30'],
    ['daily at 02:30 Europe/Berlin', '2027-03-28T01:30', '2027-03-29T00:30'],
    ['daily at 02:30 Europe/Berlin', '2026-10-24T12:00', '2026-10-25T00:30'],
    ['daily at 02:30 Europe/Berlin', '2026-10-25T00:30', '2026-10-26T01:30'],
    ['daily at 08:00 Europe/Berlin', '2026-10-24T12:00', '2026-10-25T07:00'],
  ])('%s after %s is %s', (text, after, wanted) => {
    expect(iso(nextTime(parseSchedule(text)!, Date.parse(`${after}Z`)))).toBe(wanted);
  });

  it.each([
    ['daily at 08:00', '2026-11-24T08:00', '2026-11-24T08:00'],
    ['daily at 08:00', '2026-11-24T07:59', '2026-11-23T08:00'],
    ['weekly on Monday at 08:00', '2026-11-29T23:00', '2026-11-23T08:00'],
    ['weekly on Monday at 08:00 Europe/Berlin', '2026-11-30T07:00', '2026-11-30T07:00'],
  ])('%s was last before %s at %s', (text, now, wanted) => {
    expect(iso(lastTime(parseSchedule(text)!, Date.parse(`${now}Z`)))).toBe(wanted);
  });

  it.each([
    '',
    'daily',
    'daily at 8:00',
    'daily at 24:00',
    'weekly at 08:00',
    'weekly on noday at 08:00',
    'daily at 08:00 Mars/Base',
    'hourly',
  ])('%s is none', (text) => expect(parseSchedule(text)).toBeNull());
});
