import { isObject, type Json, type JsonObject, parseObject } from '../lib/json.ts';

/** Names whose values never leave normalise: passwords, keys, connection strings, and the text of commands and queries. */
const SENSITIVE =
  /^(pii.*|.*password.*|pwd|.*secret.*|.*connectionstring.*|.*(?:primary|secondary)(?:readonly)?(?:master)?key|accountkey|sharedaccesskey.*|sastoken|accesstoken|authorization_?token|querytext|commandtext)$/i;

/** Names repeat in every record: each is looked at once. */
const known = new Map<string, boolean>();

/** Names that look like the above and are not: `keyVaultKeyUri`, `authorizationTokenType`, `disableLocalAuth` never match. */
export function isSensitive(name: string): boolean {
  const answer = known.get(name);
  if (answer !== undefined) return answer;
  const found = SENSITIVE.test(name);
  if (known.size < 10_000) known.set(name, found);
  return found;
}

const DEPTH = 32;

/** The record without sensitive values, at any depth and inside texts that hold JSON (request bodies). What is clean is not copied. */
export function redact(value: JsonObject): JsonObject {
  return clean(value, 0) as JsonObject;
}

function clean(value: Json, depth: number): Json {
  if (depth > DEPTH) return null;
  if (typeof value === 'string') return cleanText(value, depth);
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => clean(item, depth + 1));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  return isObject(value) ? cleanObject(value, depth) : value;
}

function cleanObject(value: JsonObject, depth: number): JsonObject {
  let changed = false;
  const entries: [string, Json][] = [];
  for (const [name, inner] of Object.entries(value)) {
    if (isSensitive(name)) {
      changed = true;
      continue;
    }
    const kept = clean(inner, depth + 1);
    if (kept !== inner) changed = true;
    entries.push([name, kept]);
  }
  return changed ? Object.fromEntries(entries) : value;
}

function cleanText(text: string, depth: number): string {
  if (!text.startsWith('{')) return text;
  const parsed = parseObject(text);
  if (parsed === null) return text;
  const kept = cleanObject(parsed, depth + 1);
  return kept === parsed ? text : JSON.stringify(kept);
}
