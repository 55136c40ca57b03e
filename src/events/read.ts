import { isObject, type Json, type JsonObject, parseObject } from '../lib/json.ts';

/**
 * Readers of other people's records: a field may be missing, of another type, or in another case. What cannot be read is absent;
 * nothing throws. `<empty>` is Azure's word for blank.
 */

const folded = new WeakMap<JsonObject, ReadonlyMap<string, string>>();

/** The value under a name, whatever its case; the exact name wins. */
export function get(object: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  let names = folded.get(object);
  if (names === undefined) {
    names = new Map(Object.keys(object).map((key) => [key.toLowerCase(), key]));
    folded.set(object, names);
  }
  const key = names.get(name.toLowerCase());
  return key === undefined ? undefined : object[key];
}

/** A text that is not blank, trimmed; numbers and booleans as text. */
export function text(object: JsonObject | null, ...names: readonly string[]): string | null {
  if (object === null) return null;
  for (const name of names) {
    const value = get(object, name);
    const read =
      typeof value === 'string'
        ? value.trim()
        : typeof value === 'number' || typeof value === 'boolean'
          ? `${value}`
          : '';
    if (read !== '' && read !== '<empty>') return read;
  }
  return null;
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

/** An Entra object id in dashed lower case, however it is written; null if the text is none. */
export function entraId(value: string | null): string | null {
  const digits = (value ?? '').toLowerCase().replace(/[{}-]/g, '');
  if (!/^[0-9a-f]{32}$/.test(digits)) return value === null ? null : value.toLowerCase();
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    '-',
  );
}

/** An address without port and brackets. */
export function address(value: string | null): string | null {
  if (value === null) return null;
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(value);
  const withPort = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(value);
  return (bracketed?.[1] ?? withPort?.[1] ?? value).toLowerCase();
}
