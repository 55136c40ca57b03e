/** Spans of time in milliseconds. */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Moments of a day: hours, minutes, seconds. */
export function clockOf(day: number): (hours: number, minutes: number, seconds?: number) => number {
  return (hours, minutes, seconds = 0) => day + hours * HOUR + minutes * MINUTE + seconds * SECOND;
}

/** Whole seconds, as truth and alerts tell time. */
export function isoSecond(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

export function floorSecond(time: number): number {
  return Math.floor(time / SECOND) * SECOND;
}
