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

/** Does a command remove documents: `findAndModify` by its flag, `bulkWrite` by one of its operations? */
export function isMongoRemoval(command: string): boolean {
  const body = mongoCommand(command);
  const operations = body?.['ops'];
  return (
    body?.['remove'] === true ||
    (Array.isArray(operations) && operations.some((one) => isObject(one) && 'delete' in one))
  );
}

/** What one of Azure's own commands does (`CreateCollection`), in lower case. */
export function customActionIn(command: string): string | null {
  const action = mongoCommand(command)?.['customAction'];
  return typeof action === 'string' ? action.toLowerCase() : null;
}

/** What a command of MongoDB creates or drops. */
export function namesInMongo(command: string): Names {
  const body = mongoCommand(command);
  const named =
    body?.['create'] ?? body?.['drop'] ?? (body?.['customAction'] === undefined ? null : body['collection']);
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
  /** A batch that deletes is a deletion, whatever else it does. */
  readonly verb: 'select' | 'insert' | 'update' | 'delete' | 'truncate' | 'batch' | 'create' | 'alter' | 'drop';
  /** `create`, `alter` and `drop`: of what. */
  readonly object: 'keyspace' | 'table' | 'other' | null;
  readonly names: Names;
}

const CQL =
  /^(select|insert|update|delete|truncate|create|alter|drop|begin|apply)\b(?:\s+(?:or\s+replace\s+)?(keyspace|schema|table|columnfamily|materialized\s+view|\w+)\b)?/i;

const NAME = /(?:"([^"]+)"|(\w+))(?:\s*\.\s*(?:"([^"]+)"|(\w+)))?/;

/** Longer texts are looked at so far. */
const LONGEST = 65_536;

/** A statement of CQL: bare, or in `{"request":"..."}`, which Azure does not escape. */
export function readCql(command: string): Cql | null {
  const statement = withoutValues(unwrapped(command));
  const found = CQL.exec(statement);
  if (found === null) return null;
  const word = found[1]!.toLowerCase();
  if (word === 'begin' || word === 'apply') return readBatch(statement);
  const verb = word as Cql['verb'];
  if (verb in PLACES) return { verb, object: null, names: tableIn(statement, verb as keyof typeof PLACES) };
  const object = objectOf(found[2] ?? '');
  const rest = statement.slice(found[0].length).replace(/^\s+if\s+(?:not\s+)?exists\b/i, '');
  return { verb, object, names: object === 'other' ? NO_NAMES : namesOf(rest, object) };
}

/** `DELETE` is a word that CQL keeps to itself, so outside of quotes it is always the statement. */
function readBatch(statement: string): Cql {
  const deletion = /\bdelete\b.*/is.exec(
    statement.replace(/"[^"]*"/g, (name) => name.replace(/delete/gi, '______')),
  )?.[0];
  if (deletion === undefined) return { verb: 'batch', object: null, names: NO_NAMES };
  return { verb: 'delete', object: null, names: tableIn(deletion, 'delete') };
}

/** Where a statement says what table it is about. */
const FROM = /\bfrom\s+(.{1,200})/is;
const PLACES = {
  select: FROM,
  delete: FROM,
  insert: /\binto\s+(.{1,200})/is,
  update: /^update\s+(.{1,200})/is,
  truncate: /^truncate\s+(?:(?:table|columnfamily)\s+)?(.{1,200})/is,
};

function tableIn(statement: string, verb: keyof typeof PLACES): Names {
  return namesOf(PLACES[verb].exec(statement)?.[1] ?? '', 'table');
}

/** The text of a command, without the JSON around it that Azure does not escape, and without comments before it. */
function unwrapped(command: string): string {
  return command
    .slice(0, LONGEST)
    .replace(/^\s*\{\s*"request"\s*:\s*"?/i, '')
    .replace(/^(?:\s+|--[^\n]*\n|\/\*.*?\*\/)+/s, '');
}

/** Values may read like statements. */
function withoutValues(statement: string): string {
  return statement.replace(/'[^']*'/g, "''");
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

export const GREMLIN_DEEDS = ['delete', 'create', 'update', 'query'] as const;

/** What a traversal of Gremlin does in the end: the strongest of its steps. A property that is dropped is a change of what has it. */
export function deedInGremlin(command: string): (typeof GREMLIN_DEEDS)[number] {
  const steps = withoutTexts(unwrapped(command));
  const drops = [...steps.matchAll(/(?:^|[.(,])\s*drop\s*\(\s*\)/g)].length;
  const ofProperties = [...steps.matchAll(/\bproperties\s*\([^()]*\)\s*\.\s*drop\s*\(\s*\)/g)].length;
  if (drops > ofProperties) return 'delete';
  if (/\badd[VE]\s*\(/.test(steps)) return 'create';
  return drops > 0 || /\bproperty\s*\(/.test(steps) ? 'update' : 'query';
}

/** Without what stands in quotes. A loop, because expressions that know of escapes are slow on texts made for it. */
function withoutTexts(traversal: string): string {
  let kept = '';
  let quote = '';
  for (let at = 0; at < traversal.length; at++) {
    const character = traversal[at]!;
    if (quote === '') {
      kept += character;
      if (character === "'" || character === '"') quote = character;
    } else if (character === '\\') at += 1;
    else if (character === quote) {
      kept += quote;
      quote = '';
    }
  }
  return kept;
}
