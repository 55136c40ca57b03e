import { isObject, type Json, type JsonObject } from '../lib/json.ts';
import { isSensitive } from './fields.ts';

/**
 * Nothing secret is kept: fields that the dictionary marks as sensitive are left out, at any depth and inside texts that hold JSON
 * (request bodies, columns); secrets that stand inside a text (a connection string, a signed URL) are masked. What is clean is not copied.
 */
export function redact(value: JsonObject): JsonObject {
  return cleanObject(value, 0);
}

/** Deeper than any log record. What lies below is left out rather than kept unread. */
const DEPTH = 64;

const MASK = '***';

function clean(value: Json, depth: number): Json {
  if (typeof value === 'string') return cleanText(value, depth);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEPTH) return null;
  return isObject(value) ? cleanObject(value, depth) : cleanList(value, depth);
}

function cleanList(list: readonly Json[], depth: number): readonly Json[] {
  const items = list.map((item) => clean(item, depth + 1));
  return items.some((item, at) => item !== list[at]) ? items : list;
}

function cleanObject(value: JsonObject, depth: number): JsonObject {
  const names = Object.keys(value);
  let copy: [string, Json][] | null = null;
  for (const [at, name] of names.entries()) {
    const inner = value[name]!;
    const kept = isSensitive(name) ? undefined : clean(inner, depth + 1);
    if (kept !== inner) copy ??= names.slice(0, at).map((earlier) => [earlier, value[earlier]!]);
    if (kept !== undefined) copy?.push([name, kept]);
  }
  return copy === null ? value : Object.fromEntries(copy);
}

function cleanText(text: string, depth: number): string {
  const first = text.trimStart().charAt(0);
  if (first !== '{' && first !== '[' && first !== '"') return masked(text);
  const parsed = parse(text);
  if (parsed === undefined) return masked(untilSecret(text));
  const kept = clean(parsed, depth + 1);
  return kept === parsed ? text : JSON.stringify(kept);
}

/** A name before its value; the quotes may be escaped, several times over. */
const NAMED = /([\w.-]{1,200})\\{0,15}"\s{0,10}:/g;

/** A body that was cut off is no JSON any more, and nothing tells where a value in it ends: what follows a secret's name is dropped. */
function untilSecret(text: string): string {
  for (const found of text.matchAll(NAMED)) {
    if (isSensitive(found[1]!)) return `${text.slice(0, found.index)}${MASK}`;
  }
  return text;
}

/** Secrets by how they look: in connection strings, signed URLs, and URLs with a password. */
const INLINE =
  /\b(accountkey|sharedaccesskey|sharedaccesssignature|password|pwd|sig)=([^;&\s"]+)|(:\/\/[^/\s:@"]+:)[^/\s@"]+(?=@)/gi;

function masked(text: string): string {
  if (!text.includes('=') && !text.includes('://')) return text;
  return text.replace(INLINE, (_, name?: string, __?: string, user?: string) =>
    name === undefined ? `${user}${MASK}` : `${name}=${MASK}`,
  );
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
