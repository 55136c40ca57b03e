import { isObject, type Json, type JsonObject, parseObject } from '../lib/json.ts';

/**
 * Readers of other people's records: a field may be missing, of another type, or in another case. What cannot be read is absent;
 * nothing throws. `<empty>` is Azure's word for blank.
 */

/** The value under a name, whatever its case; the exact name wins, then the first. */
export function get(object: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  // A scan, not an index: most records are looked at once, and an index for each of them costs more than all its look-ups.
  const folded = name.toLowerCase();
  for (const key in object) {
    if (key.length === name.length && key.toLowerCase() === folded) return object[key];
  }
  return undefined;
}

/** A text that is not blank, trimmed; numbers and booleans as text. */
export function text(object: JsonObject | null, ...names: readonly string[]): string | null {
  if (object === null) return null;
  for (const name of names) {
    const read = plain(get(object, name));
    if (read !== '' && read !== '<empty>') return read;
  }
  return null;
}

function plain(value: Json | undefined): string {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';
}

/** The same in lower case: for ids and whatever is compared. */
export function lower(object: JsonObject | null, ...names: readonly string[]): string | null {
  return text(object, ...names)?.toLowerCase() ?? null;
}

/** An object, or the object that a text holds as JSON. */
export function object(parent: JsonObject | null, ...names: readonly string[]): JsonObject | null {
  if (parent === null) return null;
  for (const name of names) {
    const value = get(parent, name);
    if (isObject(value)) return value;
    if (typeof value === 'string' && value.trimStart().startsWith('{')) {
      const parsed = parseObject(value);
      if (parsed !== null) return parsed;
    }
  }
  return null;
}

/** `{"value": "x", "localizedValue": "X"}` or the text itself, as REST events have names and states. */
export function valueText(parent: JsonObject, name: string): string | null {
  const value = get(parent, name);
  return isObject(value) ? text(value, 'value') : text(parent, name);
}

export function number(parent: JsonObject | null, ...names: readonly string[]): number | null {
  const read = text(parent, ...names);
  const value = read === null ? Number.NaN : Number(read);
  return Number.isFinite(value) ? value : null;
}

/** Names of HTTP statuses as ARM writes them in place of numbers. */
const STATUSES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ok: 200,
    created: 201,
    accepted: 202,
    nocontent: 204,
    badrequest: 400,
    unauthorized: 401,
    forbidden: 403,
    notfound: 404,
    conflict: 409,
    gone: 410,
    preconditionfailed: 412,
    toomanyrequests: 429,
    internalservererror: 500,
    serviceunavailable: 503,
  }),
);

/** An HTTP status as a number, whether it is written as one or by its name. */
export function httpStatus(parent: JsonObject | null, ...names: readonly string[]): number | null {
  for (const name of names) {
    const read = text(parent, name);
    if (read === null) continue;
    const value = Number(read);
    const status = Number.isFinite(value) ? value : STATUSES.get(read.toLowerCase());
    if (status !== undefined) return status;
  }
  return null;
}

/** An Entra object id in dashed lower case, however it is written; a text that is none, in lower case. */
export function entraId(value: string | null): string | null {
  if (value === null) return null;
  const digits = value.toLowerCase().replace(/[{}-]/g, '');
  if (!/^[0-9a-f]{32}$/.test(digits)) return value.toLowerCase();
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function isEntraId(value: string | null): boolean {
  return value !== null && /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(value);
}

/** An address without port and brackets, in lower case; an IPv4 address that is written as IPv6 as IPv4. */
export function address(value: string | null): string | null {
  if (value === null) return null;
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(value);
  const withPort = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(value);
  const bare = (bracketed?.[1] ?? withPort?.[1] ?? value).toLowerCase();
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1] ?? bare;
}
