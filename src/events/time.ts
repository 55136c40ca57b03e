import type { Micros } from './event.ts';

const ISO = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** RFC 1123 with fractions, as records of 2017 have it: `Fri, 23 Jun 2017 19:29:50.266 GMT`. */
const RFC1123 = /^(?:\w{3}, )?(\d{1,2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))? (?:GMT|UTC|Z)$/;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Microseconds since 1970 of a time as Azure writes it; without an offset it is UTC. Null for anything else. */
export function parseTime(text: string): Micros | null {
  const iso = ISO.exec(text.trim());
  if (iso) {
    const [, year, month, day, hour, minute, second = '0', fraction = '', zone = 'Z'] = iso;
    return micros([year, month, day, hour, minute, second], fraction, offsetOf(zone));
  }
  const rfc = RFC1123.exec(text.trim());
  if (!rfc) return null;
  const [, day, month, year, hour, minute, second, fraction = ''] = rfc;
  const index = MONTHS.indexOf(month!.toLowerCase());
  return index < 0 ? null : micros([year, `${index + 1}`, day, hour, minute, second], fraction, 0);
}

/** Minutes east of UTC. */
function offsetOf(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function micros(parts: readonly (string | undefined)[], fraction: string, offset: number): Micros | null {
  const [year, month, day, hour, minute, second] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // A leap second counts as the second before it.
  const ms = Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59));
  const isReal =
    month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour < 24 && minute < 60 && second <= 60;
  if (!isReal || Number.isNaN(ms)) return null;
  return ms * 1000 - offset * 60_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
