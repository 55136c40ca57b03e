import { isObject, type JsonObject, parseObject } from '../lib/json.ts';

/**
 * What the text of a command tells, where an account logs it ("full-text query"): a verb, and names. The text itself is sensitive and is
 * dropped. All of it is by documentation of the languages; how Azure writes their texts is known from one record of Cassandra only.
 */

export interface Names {
  readonly database: string | null;
  readonly container: string | null;
}

const NO_NAMES: Names = { database: null, container: null };

/** Does `findAndModify` remove what it finds? */
export function isMongoRemoval(command: string): boolean {
  return mongoCommand(command)?.['remove'] === true;
}

/** What a command of MongoDB creates or drops. */
export function namesInMongo(command: string): Names {
  const body = mongoCommand(command);
  const named = body?.['create'] ?? body?.['drop'];
  const database = body?.['$db'];
  return {
    database: typeof database === 'string' ? database : null,
    container: typeof named === 'string' ? named : null,
  };
}

/** The command, which may stand below `request` or `command`, as an object or as text. */
function mongoCommand(text: string): JsonObject | null {
  const whole = parseObject(text);
  const inner = whole?.['request'] ?? whole?.['command'];
  if (isObject(inner)) return inner;
  return typeof inner === 'string' ? (parseObject(inner) ?? whole) : whole;
}

export interface Cql {
  readonly verb: 'select' | 'insert' | 'update' | 'delete' | 'truncate' | 'batch' | 'create' | 'alter' | 'drop';
  /** `create`, `alter` and `drop`: of what. */
  readonly object: 'keyspace' | 'table' | 'other' | null;
  readonly names: Names;
}

const CQL =
  /^(select|insert|update|delete|truncate|create|alter|drop|begin|apply)\b(?:\s+(?:or\s+replace\s+)?(keyspace|schema|table|columnfamily|materialized\s+view|\w+)\b)?/i;

const NAME = /(?:"([^"]+)"|(\w+))(?:\s*\.\s*(?:"([^"]+)"|(\w+)))?/;

/** A statement of CQL: bare, or in `{"request":"..."}`, which Azure does not escape. */
export function readCql(command: string): Cql | null {
  const statement = command
    .replace(/^\s*\{\s*"request"\s*:\s*"?/i, '')
    .slice(0, 2000)
    .trim();
  const found = CQL.exec(statement);
  if (found === null) return null;
  const word = found[1]!.toLowerCase();
  if (word === 'begin' || word === 'apply') return { verb: 'batch', object: null, names: NO_NAMES };
  const verb = word as Cql['verb'];
  if (verb !== 'create' && verb !== 'alter' && verb !== 'drop') return { verb, object: null, names: NO_NAMES };
  const object = objectOf(found[2] ?? '');
  const rest = statement.slice(found[0].length).replace(/^\s+if\s+(?:not\s+)?exists\b/i, '');
  return { verb, object, names: object === 'other' ? NO_NAMES : namesOf(rest, object) };
}

function objectOf(word: string): 'keyspace' | 'table' | 'other' {
  if (/^(?:keyspace|schema)$/i.test(word)) return 'keyspace';
  return /^(?:table|columnfamily|materialized\s+view)$/i.test(word) ? 'table' : 'other';
}

/** `shop.orders`, `"Shop"."Orders"`, or `orders`, whose keyspace stands elsewhere. */
function namesOf(text: string, object: 'keyspace' | 'table'): Names {
  const found = NAME.exec(text);
  const first = found?.[1] ?? found?.[2] ?? null;
  const second = found?.[3] ?? found?.[4] ?? null;
  if (object === 'keyspace') return { database: first, container: null };
  return second === null ? { database: null, container: first } : { database: first, container: second };
}

export function namesInCql(command: string): Names {
  return readCql(command)?.names ?? NO_NAMES;
}

/** Does a traversal of Gremlin end in the step that deletes? */
export function dropsInGremlin(command: string): boolean {
  return /\.\s*drop\s*\(\s*\)/.test(command);
}
