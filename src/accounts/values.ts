import { get } from '../events/read.ts';
import { isObject, type Json, type JsonObject } from '../lib/json.ts';

/** Settings by property. */
export type Values = ReadonlyMap<string, Json>;

/** Readers of what ARM bodies and log columns hold. `undefined`: the record does not name it. */

/** ARM is asked with names in any case. */
export function at(body: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = body;
  for (const name of path.split('.')) {
    if (!isObject(value)) return undefined;
    value = get(value, name);
  }
  return value;
}

export function asText(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

export function asBoolean(value: Json | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined;
}

export function asNumber(value: Json | undefined): number | undefined {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** A set of texts: sorted, lower case, each once. */
export function asSet(items: Iterable<Json | undefined>): readonly string[] {
  const texts = new Set<string>();
  for (const item of items) {
    const text = asText(item)?.toLowerCase();
    if (text !== undefined) texts.add(text);
  }
  return [...texts].sort();
}

/** `a, b;c` as a set; an empty text is the empty set. */
export function splitSet(value: Json | undefined): readonly string[] | undefined {
  if (typeof value === 'string') return asSet(value.replace(/[[\]"']/g, '').split(/[,;]/));
  return Array.isArray(value) ? asSet(value) : undefined;
}

/** The texts under one name in a list of objects, as a set. */
export function namedSet(value: Json | undefined, name: string): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return asSet(value.map((item: Json) => (isObject(item) ? at(item, name) : item)));
}

/** Equal as settings: sets are sorted already, texts compare without case. */
export function sameValue(a: Json, b: Json): boolean {
  return JSON.stringify(a).toLowerCase() === JSON.stringify(b).toLowerCase();
}
