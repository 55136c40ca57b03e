import ipaddr from 'ipaddr.js';
import { RE2JS } from 're2js';
import { type Micros, SECOND } from '../events/event.ts';
import { parseTime } from '../events/time.ts';
import type { Comparison, Match, Test, TimePart } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import { compilePattern, foldCase } from './text.ts';
import type { View } from './view.ts';

/** Does an event match? Closures over the IR: no code is made at run time. */
export type Predicate = (view: View) => boolean;

export function compileMatch(match: Match): Predicate {
  switch (match.kind) {
    case 'constant':
      return () => match.value;
    case 'not': {
      const inner = compileMatch(match.of);
      return (view) => !inner(view);
    }
    case 'all': {
      const parts = match.of.map(compileMatch);
      return (view) => parts.every((part) => part(view));
    }
    case 'any': {
      const parts = match.of.map(compileMatch);
      return (view) => parts.some((part) => part(view));
    }
    case 'field':
      return compileField(match.field, match.test);
    case 'keyword': {
      const test = compileTest(match.test);
      return (view) => view.leaves().some(test);
    }
  }
}

function compileField(field: string, test: Test): Predicate {
  if (test.kind === 'null') return (view) => view.values(field)?.includes(null) ?? true;
  if (test.kind === 'exists') return (view) => (view.values(field) !== null) === test.value;
  if (test.kind === 'fieldref') return compileFieldRef(field, test);
  const matches = compileTest(test);
  return (view) => view.values(field)?.some(matches) ?? false;
}

/** A test of one value. */
export function compileTest(test: Test): (value: Json) => boolean {
  switch (test.kind) {
    case 'text': {
      const matches = compilePattern(test.pattern, test.cased);
      return (value) => {
        const text = asText(value);
        return text !== null && matches(text);
      };
    }
    case 'number':
      return (value) => {
        const number = asNumber(value);
        return number !== null && compare(number, test.op, test.value);
      };
    case 'boolean':
      return (value) => value === test.value || (typeof value === 'string' && foldCase(value) === `${test.value}`);
    case 'regex':
      return compileRegex(test.source, test.flags);
    case 'cidr':
      return compileCidr(test.range);
    case 'time':
      return (value) => {
        const time = asTime(value);
        return time !== null && compare(timePart(time, test.part), test.op, test.value);
      };
    case 'null':
      return (value) => value === null;
    case 'exists':
      return () => test.value;
    case 'fieldref':
      return () => false;
  }
}

function compileRegex(source: string, flags: string): (value: Json) => boolean {
  const bits =
    (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes('m') ? RE2JS.MULTILINE : 0) |
    (flags.includes('s') ? RE2JS.DOTALL : 0);
  const pattern = RE2JS.compile(source, bits);
  return (value) => {
    const text = asText(value);
    return text !== null && pattern.test(text);
  };
}

function compileCidr(range: string): (value: Json) => boolean {
  const [network, length] = range.includes('/') ? ipaddr.parseCIDR(range) : [ipaddr.parse(range), null];
  const bits = length ?? (network.kind() === 'ipv4' ? 32 : 128);
  return (value) => {
    if (typeof value !== 'string' || !isAddress(value)) return false;
    const address = ipaddr.process(value);
    return address.kind() === network.kind() && address.match(network as never, bits as never);
  };
}

/** Four numbers or IPv6. The library alone would also read `1` and `0x7f.1` as addresses. */
function isAddress(text: string): boolean {
  return text.includes(':') ? ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text);
}

type FieldRef = Extract<Test, { kind: 'fieldref' }>;

function compileFieldRef(field: string, test: FieldRef): Predicate {
  const holds = (a: Json, b: Json): boolean => {
    switch (test.op) {
      case 'equals':
      case 'startswith':
      case 'endswith':
      case 'contains':
        return compareTexts(asText(a), asText(b), test.op, test.cased);
      default:
        return compareValues(a, b, test.op, test.cased);
    }
  };
  return (view) => {
    const [own, other] = [view.values(field), view.values(test.other)];
    return own !== null && other !== null && own.some((a) => other.some((b) => holds(a, b)));
  };
}

/** As numbers if both are; else they can only be equal or not. */
function compareValues(a: Json, b: Json, op: Comparison, cased: boolean): boolean {
  const [x, y] = [asNumber(a), asNumber(b)];
  if (x !== null && y !== null) return compare(x, op, y);
  const [text, other] = [asText(a), asText(b)];
  if (text === null || other === null) return false;
  if (op === 'eq') return compareTexts(text, other, 'equals', cased);
  return op === 'neq' && !compareTexts(text, other, 'equals', cased);
}

function compareTexts(a: string | null, b: string | null, op: FieldRef['op'], cased: boolean): boolean {
  if (a === null || b === null) return false;
  const [x, y] = cased ? [a, b] : [foldCase(a), foldCase(b)];
  if (op === 'startswith') return x.startsWith(y);
  if (op === 'endswith') return x.endsWith(y);
  if (op === 'contains') return x.includes(y);
  return x === y;
}

export function asText(value: Json): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? `${value}` : null;
}

export function asNumber(value: Json | undefined): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(value)) return null;
  return Number(value);
}

/** A time as text, or seconds since 1970. */
function asTime(value: Json): Micros | null {
  if (typeof value === 'number') return value * SECOND;
  return typeof value === 'string' ? parseTime(value) : null;
}

export function compare(a: number, op: Comparison, b: number): boolean {
  switch (op) {
    case 'eq':
      return a === b;
    case 'neq':
      return a !== b;
    case 'lt':
      return a < b;
    case 'lte':
      return a <= b;
    case 'gt':
      return a > b;
    case 'gte':
      return a >= b;
  }
}

const DAY = 86_400_000;

/** In UTC; the week by ISO 8601. */
function timePart(time: Micros, part: TimePart): number {
  const ms = Math.floor(time / 1000);
  const date = new Date(ms);
  switch (part) {
    case 'minute':
      return date.getUTCMinutes();
    case 'hour':
      return date.getUTCHours();
    case 'day':
      return date.getUTCDate();
    case 'month':
      return date.getUTCMonth() + 1;
    case 'year':
      return date.getUTCFullYear();
    case 'week': {
      const thursday = Math.floor(ms / DAY) + 3 - ((date.getUTCDay() + 6) % 7);
      const first = Math.floor(Date.UTC(new Date(thursday * DAY).getUTCFullYear(), 0, 1) / DAY);
      return Math.floor((thursday - first) / 7) + 1;
    }
  }
}
