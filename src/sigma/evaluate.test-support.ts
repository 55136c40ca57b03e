import ipaddr from 'ipaddr.js';
import { RE2JS } from 're2js';
import type { Comparison, Match, Piece, Test } from '../ir/ir.ts';

/*
 * A second, slow reading of the IR, for the tests of this folder only: it shares no code with the engine.
 */

type Json = unknown;

export function matches(match: Match, event: Readonly<Record<string, Json>>): boolean {
  switch (match.kind) {
    case 'all':
      return match.of.every((part) => matches(part, event));
    case 'any':
      return match.of.some((part) => matches(part, event));
    case 'not':
      return !matches(match.of, event);
    case 'constant':
      return match.value;
    case 'keyword':
      return leaves(event).some((value) => passes(match.test, value, event));
    case 'field':
      return fieldPasses(match.test, read(event, match.field), event);
  }
}

/** All values at a path: the literal key first, then dotted parts, through arrays. undefined: the field is not there. */
function read(value: Json, path: string): Json[] {
  if (Array.isArray(value)) return value.flatMap((item) => read(item, path));
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  const exact = entries.find(([key]) => key.toLowerCase() === path.toLowerCase());
  if (exact) return [exact[1]];
  return entries.flatMap(([key, inner]) => {
    const inside = path.toLowerCase().startsWith(`${key.toLowerCase()}.`);
    return inside ? read(inner, path.slice(key.length + 1)) : [];
  });
}

function fieldPasses(test: Test, found: readonly Json[], event: Readonly<Record<string, Json>>): boolean {
  if (test.kind === 'exists') return found.length > 0 === test.value;
  if (test.kind === 'null') return found.length === 0 || found.some((value) => value === null);
  return found.flat(8).some((value) => passes(test, value, event));
}

function passes(test: Test, value: Json, event: Readonly<Record<string, Json>>): boolean {
  if (value === null || typeof value === 'object') return false;
  switch (test.kind) {
    case 'text':
      return like(test.pattern, String(value), test.cased);
    case 'number':
      return typeof value !== 'boolean' && isNumber(value) && compare(Number(value), test.op, test.value);
    case 'boolean':
      return String(value).toLowerCase() === String(test.value);
    case 'regex':
      return RE2JS.compile(test.source, flags(test.flags)).matcher(String(value)).find();
    case 'cidr':
      return inRange(String(value), test.range);
    case 'fieldref':
      return read(event, test.other)
        .flat(8)
        .some((other) => other !== null && related(String(value), test.op, String(other), test.cased));
    case 'time':
      return compare(
        timePart(test.part, new Date(typeof value === 'number' ? value * 1000 : String(value))),
        test.op,
        test.value,
      );
    case 'null':
    case 'exists':
      return false;
  }
}

function isNumber(value: Json): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^[-+]?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(value));
}

function like(pattern: readonly Piece[], value: string, cased: boolean): boolean {
  const source = pattern.map((piece) =>
    typeof piece === 'string' ? piece.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&') : piece.wild === 'any' ? '.*' : '.',
  );
  return new RegExp(`^${source.join('')}$`, cased ? 'su' : 'sui').test(value);
}

function compare(a: number, op: Comparison, b: number): boolean {
  const results = { eq: a === b, neq: a !== b, lt: a < b, lte: a <= b, gt: a > b, gte: a >= b };
  return results[op];
}

function related(value: string, op: string, other: string, cased: boolean): boolean {
  const [a, b] = cased ? [value, other] : [value.toLowerCase(), other.toLowerCase()];
  if (op === 'equals') return a === b;
  if (op === 'neq') return a !== b;
  if (op === 'startswith') return a.startsWith(b);
  if (op === 'endswith') return a.endsWith(b);
  if (op === 'contains') return a.includes(b);
  return compare(Number(a), op as Comparison, Number(b));
}

function inRange(value: string, range: string): boolean {
  if (!ipaddr.isValid(value)) return false;
  const address = ipaddr.process(value);
  const [network, bits] = ipaddr.parseCIDR(range);
  return address.kind() === network.kind() && address.match([network, bits] as [ipaddr.IPv4, number]);
}

function flags(text: string): number {
  return (
    (text.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (text.includes('m') ? RE2JS.MULTILINE : 0) |
    (text.includes('s') ? RE2JS.DOTALL : 0)
  );
}

function timePart(part: string, date: Date): number {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * 86_400_000);
  const week = Math.ceil(((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 86_400_000 + 1) / 7);
  const parts: Record<string, number> = {
    minute: date.getUTCMinutes(),
    hour: date.getUTCHours(),
    day: date.getUTCDate(),
    week,
    month: date.getUTCMonth() + 1,
    year: date.getUTCFullYear(),
  };
  return parts[part]!;
}

function leaves(value: Json): Json[] {
  if (Array.isArray(value)) return value.flatMap(leaves);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves);
  return [value];
}
