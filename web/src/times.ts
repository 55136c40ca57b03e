/** Times in the zone of who reads, and in UTC. */

const PARTS: Record<string, Intl.DateTimeFormatOptions> = {
  clock: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  full: {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  },
};
const FORMATS = Object.fromEntries(
  Object.entries(PARTS).map(([name, options]) => [name, new Intl.DateTimeFormat('en-GB', options)]),
) as Record<TimeForm, Intl.DateTimeFormat>;

/** `clock`: 03:18; `second`: 03:18:03; `day`: Tue 24 Nov; `date`: 24 Nov 2026; `full`: Tue 24 Nov 2026, 03:18 */
export type TimeForm = 'clock' | 'second' | 'day' | 'date' | 'full';

export function inZone(millis: number, form: TimeForm): string {
  return FORMATS[form].format(millis);
}

/** `2026-11-24 02:18:03 UTC` */
export function inUtc(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

export function isSameDay(a: number, b: number): boolean {
  return inZone(a, 'date') === inZone(b, 'date');
}

/** The clock, with the day before it if that is not today: 03:18, or 22 Nov, 03:18. */
export function nearTime(millis: number, now: number): string {
  if (isSameDay(millis, now)) return inZone(millis, 'clock');
  if (isSameDay(millis, now - 86_400_000)) return `yesterday ${inZone(millis, 'clock')}`;
  return `${inZone(millis, 'day').replace(/^\w+,? /, '')}, ${inZone(millis, 'clock')}`;
}

/** `CET`, or `UTC+2` where the zone has no short name. */
export function zoneName(millis: number): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(millis);
  return (parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC').replace('GMT', 'UTC');
}
