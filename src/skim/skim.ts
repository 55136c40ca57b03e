import { Interner } from './intern.ts';
import { NO, skipNumber, skipSpace, skipString, skipValue, walkObject } from './walk.ts';

/** What every data-plane record is read for, without making an object of it. A missing value is null. */
export interface Skimmed {
  readonly category: string;
  readonly operationName: string;
  readonly resourceId: string;
  readonly time: string;
  readonly statusCode: number | null;
  readonly errorCode: number | null;
  readonly databaseName: string | null;
  readonly collectionName: string | null;
  readonly requestResourceType: string | null;
  readonly requestResourceId: string | null;
}

/** Null: parse this one. A skimmed answer is always the one that parsing gives. */
export type Skim = (buffer: Uint8Array, start: number, end: number) => Skimmed | null;

/** Does a record of this kind matter beyond what is skimmed? Asked once per kind. Category and operation as logged. */
export type Relevant = (category: string, operationName: string, requestResourceType: string | null) => boolean;

const TOP = ['category', 'operationName', 'resourceId', 'time', 'properties'] as const;
const INNER = [
  'statusCode',
  'errorCode',
  'databaseName',
  'collectionName',
  'requestResourceType',
  'requestResourceId',
  'resourceType',
] as const;
/** With one of these a record is something else, or keeps its values elsewhere. */
const STOP = ['TimeGenerated', 'eventTimestamp', 'OperationNameValue', 'eventType', 'Type'] as const;

type Wanted = (typeof TOP)[number] | (typeof INNER)[number];

const CATEGORIES: ReadonlySet<string> = new Set(['DataPlaneRequests', 'MongoRequests']);
const KINDS_LIMIT = 4096;

/**
 * The walk that reads the records nobody asks about: most of them. It leaves to the parser whatever is not plain: escapes, names that
 * differ in case only, values of another type, `properties` as text, other categories, invalid JSON.
 */
export function createSkim(relevant: Relevant): Skim {
  const interner = new Interner();
  const kinds = new Map<string, Map<string, Map<string | null, boolean>>>();

  const isRelevant = (category: string, operation: string, type: string | null): boolean => {
    let operations = kinds.get(category);
    if (operations === undefined) {
      operations = new Map();
      kinds.set(category, operations);
    }
    let types = operations.get(operation);
    if (types === undefined) {
      if (operations.size >= KINDS_LIMIT) return true;
      types = new Map();
      operations.set(operation, types);
    }
    const known = types.get(type);
    if (known !== undefined) return known;
    const answer = relevant(category, operation, type);
    if (types.size < KINDS_LIMIT) types.set(type, answer);
    return answer;
  };

  return (buffer, start, end) => {
    const found = new Record_(buffer, end, interner);
    const at = skipSpace(buffer, start, end);
    if (at >= end || buffer[at] !== 0x7b) return null;
    const behind = found.walk(at);
    if (behind < 0 || skipSpace(buffer, behind, end) !== end) return null;
    const skimmed = found.skimmed();
    if (skimmed === null || isRelevant(skimmed.category, skimmed.operationName, skimmed.requestResourceType))
      return null;
    return skimmed;
  };
}

/** One record being walked: where its wanted values stand. */
class Record_ {
  readonly #buffer: Uint8Array;
  readonly #end: number;
  readonly #interner: Interner;
  readonly #starts = new Map<Wanted, number>();

  constructor(buffer: Uint8Array, end: number, interner: Interner) {
    this.#buffer = buffer;
    this.#end = end;
    this.#interner = interner;
  }

  walk(at: number): number {
    return walkObject(this.#buffer, at, this.#end, (keyStart, keyEnd, value) => {
      const name = this.#wanted(keyStart, keyEnd, TOP);
      if (name === NOT_PLAIN || this.#wanted(keyStart, keyEnd, STOP) !== null) return NO;
      if (name === null) return skipValue(this.#buffer, value, this.#end, 1);
      if (!this.#take(name, value)) return NO;
      return name === 'properties' ? this.#walkInner(value) : skipValue(this.#buffer, value, this.#end, 1);
    });
  }

  #walkInner(at: number): number {
    if (this.#buffer[at] !== 0x7b) return NO;
    return walkObject(this.#buffer, at, this.#end, (keyStart, keyEnd, value) => {
      const name = this.#wanted(keyStart, keyEnd, INNER);
      if (name === NOT_PLAIN || (name !== null && !this.#take(name, value))) return NO;
      return skipValue(this.#buffer, value, this.#end, 2);
    });
  }

  #take(name: Wanted, value: number): boolean {
    if (this.#starts.has(name)) return false;
    this.#starts.set(name, value);
    return true;
  }

  /** Which of the names a key is, in any case. A key with an escape could be any of them. */
  #wanted<T extends string>(start: number, end: number, names: readonly T[]): T | typeof NOT_PLAIN | null {
    const buffer = this.#buffer;
    for (let at = start; at < end; at++) if (buffer[at] === 0x5c || buffer[at]! >= 0x80) return NOT_PLAIN;
    for (const name of names) if (name.length === end - start && isName(buffer, start, name)) return name;
    return null;
  }

  skimmed(): Skimmed | null {
    const category = this.#text('category');
    const operationName = this.#text('operationName');
    const resourceId = this.#text('resourceId');
    const time = this.#plainText('time');
    if (typeof category !== 'string' || !CATEGORIES.has(category)) return null;
    if (typeof operationName !== 'string' || typeof resourceId !== 'string' || time === null) return null;
    const statusCode = this.#number('statusCode');
    const errorCode = this.#number('errorCode');
    const names = [
      this.#text('databaseName'),
      this.#text('collectionName'),
      this.#text('requestResourceType') ?? this.#text('resourceType'),
      this.#text('requestResourceId'),
    ];
    if (statusCode === UNREADABLE || errorCode === UNREADABLE || names.includes(UNREADABLE)) return null;
    const [databaseName, collectionName, requestResourceType, requestResourceId] = names as (string | null)[];
    return {
      category,
      operationName,
      resourceId,
      time,
      statusCode,
      errorCode,
      databaseName: databaseName!,
      collectionName: collectionName!,
      requestResourceType: requestResourceType!,
      requestResourceId: requestResourceId!,
    };
  }

  /** Where a text stands between its quotes; null if the name is missing; UNREADABLE if it is no plain text. */
  #range(name: Wanted): readonly [number, number] | null | typeof UNREADABLE {
    const start = this.#starts.get(name);
    if (start === undefined) return null;
    if (this.#buffer[start] !== 0x22) return UNREADABLE;
    const end = skipString(this.#buffer, start, this.#end) - 1;
    for (let at = start + 1; at < end; at++) if (this.#buffer[at] === 0x5c) return UNREADABLE;
    const isBlank = end === start + 1;
    if (isBlank) return null;
    // White space at an end is trimmed by the reader, and `<empty>` means blank.
    const [first, last] = [this.#buffer[start + 1]!, this.#buffer[end - 1]!];
    if (first <= 0x20 || last <= 0x20 || first === 0x3c || first >= 0x80 || last >= 0x80) return UNREADABLE;
    return [start + 1, end];
  }

  #text(name: Wanted): string | null | typeof UNREADABLE {
    const range = this.#range(name);
    if (range === null || range === UNREADABLE) return range;
    return this.#interner.text(this.#buffer, range[0], range[1]);
  }

  /** Times differ in every record: interning them would only empty the table. */
  #plainText(name: Wanted): string | null {
    const range = this.#range(name);
    if (range === null || range === UNREADABLE) return null;
    let text = '';
    for (let at = range[0]; at < range[1]; at++) {
      if (this.#buffer[at]! >= 0x80) return null;
      text += String.fromCharCode(this.#buffer[at]!);
    }
    return text;
  }

  #number(name: Wanted): number | null | typeof UNREADABLE {
    const start = this.#starts.get(name);
    if (start === undefined) return null;
    if (this.#buffer[start] === 0x22) {
      const text = this.#text(name);
      if (text === null || text === UNREADABLE) return text;
      const value = Number(text);
      return Number.isFinite(value) ? value : null;
    }
    const end = skipNumber(this.#buffer, start, this.#end);
    if (end < 0) return UNREADABLE;
    return Number(this.#interner.text(this.#buffer, start, end));
  }
}

const NOT_PLAIN = Symbol('a key with an escape');
const UNREADABLE = Symbol('no plain text');

function isName(buffer: Uint8Array, start: number, name: string): boolean {
  for (let at = 0; at < name.length; at++) {
    if ((buffer[start + at]! | 0x20) !== (name.charCodeAt(at) | 0x20)) return false;
  }
  return true;
}
