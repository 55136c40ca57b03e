import type { Millis } from './source.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const NAME = /\/y=(\d{4})\/m=(\d{2})\/d=(\d{2})\/h=(\d{2})\/m=\d{2}\/PT1H\.json$/i;

/** The hour in which the records of a blob were received: `.../y=2026/m=11/d=24/h=10/m=00/PT1H.json`. Null: it is no such blob. */
export function hourOf(name: string): Millis | null {
  const found = NAME.exec(name);
  if (found === null) return null;
  const [year, month, day, hour] = found.slice(1).map(Number) as [number, number, number, number];
  const at = Date.UTC(year, month - 1, day, hour);
  return Number.isNaN(at) ? null : at;
}

/** The hour that a time lies in. */
export function startOfHour(at: Millis): Millis {
  return Math.floor(at / HOUR) * HOUR;
}

/** What the blobs of each day begin with, for one resource (`resourceId=/SUBSCRIPTIONS/.../`), oldest first. */
export function dayPrefixes(resource: string, from: Millis, to: Millis): readonly string[] {
  const prefixes: string[] = [];
  for (let day = Math.floor(from / DAY) * DAY; day <= to; day += DAY) {
    const [date] = new Date(day).toISOString().split('T') as [string];
    const [year, month, dayOfMonth] = date.split('-');
    prefixes.push(`${resource}y=${year}/m=${month}/d=${dayOfMonth}/`);
  }
  return prefixes;
}

/** Containers that diagnostic settings write to. */
export function isLogContainer(name: string): boolean {
  return name.startsWith('insights-logs-') || name === 'insights-activity-logs';
}

/**
 * A resource, of what a list cut at `/y=` gives. Azure gives names up to the end of that sign; Azurite up to its first character.
 */
export function resourceOf(prefix: string): string {
  return prefix.endsWith('/y=') ? prefix.slice(0, -2) : prefix;
}
