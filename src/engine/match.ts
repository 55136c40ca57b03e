import ipaddr from 'ipaddr.js';
import { RE2JS } from 're2js';
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
  if (test.kind === 'null') return (view) => view.values(field)?.every((value) => value === null) ?? true;
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
        const part = typeof value === 'string' ? timePart(Date.parse(value), test.part) : null;
        return part !== null && compare(part, test.op, test.value);
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
    return text !== null && pattern.matcher(text).find();
  };
}

function compileCidr(range: string): (value: Json) => boolean {
  const [network, length] = range.includes('/') ? ipaddr.parseCIDR(range) : [ipaddr.parse(range), null];
  const bits = length ?? (network.kind() === 'ipv4' ? 32 : 128);
  return (value) => {
    if (typeof value !== 'string' || !ipaddr.isValid(value)) return false;
    const address = ipaddr.process(value);
    return address.kind() === network.kind() && address.match(network as never, bits as never);
  };
}

type FieldRef = Extract<Test, { kind: 'fieldref' }>;

function compileFieldRef(field: string, test: FieldRef): Predicate {
  const holds = (a: Json, b: Json): boolean => {
    switch (test.op) {
      case 'equals':
      case 'eq':
      case 'startswith':
      case 'endswith':
      case 'contains':
      case 'neq':
        return compareTexts(asText(a), asText(b), test);
      default: {
        const [x, y] = [asNumber(a), asNumber(b)];
        return x !== null && y !== null && compare(x, test.op, y);
      }
    }
  };
  return (view) => {
    const [own, other] = [view.values(field), view.values(test.other)];
    return own !== null && other !== null && own.some((a) => other.some((b) => holds(a, b)));
  };
}

function compareTexts(a: string | null, b: string | null, { op, cased }: FieldRef): boolean {
  if (a === null || b === null) return false;
  const [x, y] = cased ? [a, b] : [foldCase(a), foldCase(b)];
  if (op === 'startswith') return x.startsWith(y);
  if (op === 'endswith') return x.endsWith(y);
  if (op === 'contains') return x.includes(y);
  return op === 'neq' ? x !== y : x === y;
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
function timePart(ms: number, part: TimePart): number | null {
  if (Number.isNaN(ms)) return null;
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
