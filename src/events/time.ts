import type { Micros } from './event.ts';

const ISO = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** RFC 1123 with fractions, as records of 2017 have it: `Fri, 23 Jun 2017 19:29:50.266 GMT`. */
const RFC1123 = /^(?:\w{3}, )?(\d{1,2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))? (?:GMT|UTC|Z)$/;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Midnights by date: almost all records of a file share a few. */
const midnights = new Map<string, number>();

/** `2026-11-24T03:12:07.1234567Z`, the form of almost every record, without a regular expression. Null: look closer. */
function parsePlain(text: string): Micros | null {
  if (text.length < 20 || text.length > 30 || text.charCodeAt(10) !== 0x54 || !text.endsWith('Z')) return null;
  if (text[13] !== ':' || text[16] !== ':' || (text.length > 20 && text[19] !== '.')) return null;
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  const fraction = text.length === 20 ? 0 : digits(text, 20, Math.min(text.length - 1, 26));
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || fraction < 0) return null;
  if (text.length > 27 && digits(text, 26, text.length - 1) < 0) return null;
  const midnight = midnightOf(text.slice(0, 10));
  if (midnight === null) return null;
  const scale = 10 ** Math.max(0, 6 - Math.max(0, text.length - 21));
  return midnight + ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction * scale;
}

function midnightOf(date: string): number | null {
  const known = midnights.get(date);
  if (known !== undefined) return known;
  const found = parseClosely(`${date}T00:00:00Z`);
  if (found === null) return null;
  if (midnights.size > 1000) midnights.clear();
  midnights.set(date, found);
  return found;
}

/** The number that stands there, or -1. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Microseconds since 1970 of a time as Azure writes it; without an offset it is UTC. Null for anything else. */
export function parseTime(text: string): Micros | null {
  return parsePlain(text) ?? parseClosely(text);
}

function parseClosely(text: string): Micros | null {
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
