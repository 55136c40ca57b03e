import { Interner } from './intern.ts';
import { NO, skipKey, skipNumber, skipSpace, skipValue } from './walk.ts';

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

const NAMES = [...TOP, ...INNER] as const;
const SLOT = Object.fromEntries(NAMES.map((name, slot) => [name, slot])) as Readonly<
  Record<(typeof NAMES)[number], number>
>;
const STOPS = -2;

/** Names by their length: most keys of a record have a length that no wanted name has. */
function byLength(
  names: readonly string[],
  slotOf: (name: string) => number,
): readonly (readonly [Uint8Array, number][] | undefined)[] {
  const table: [Uint8Array, number][][] = [];
  for (const name of names) {
    const bytes = Uint8Array.from(name.toLowerCase(), (character) => character.charCodeAt(0));
    table[name.length] = [...(table[name.length] ?? []), [bytes, slotOf(name)]];
  }
  return table;
}

const TOP_NAMES = byLength([...TOP, ...STOP], (name) => SLOT[name as (typeof TOP)[number]] ?? STOPS);
const INNER_NAMES = byLength(INNER, (name) => SLOT[name as (typeof INNER)[number]]);

const CATEGORIES: ReadonlySet<string> = new Set(['DataPlaneRequests', 'MongoRequests']);
const KINDS_LIMIT = 4096;

/**
 * The walk that reads the records nobody asks about: most of them. It leaves to the parser whatever is not plain: escapes, names that
 * differ in case only, values of another type, `properties` as text, other categories, invalid JSON.
 */
export function createSkim(relevant: Relevant): Skim {
  const walker = new Walker();
  const isRelevant = remembered(relevant);
  return (buffer, start, end) => {
    const skimmed = walker.read(buffer, start, end);
    if (skimmed === null || isRelevant(skimmed.category, skimmed.operationName, skimmed.requestResourceType))
      return null;
    return skimmed;
  };
}

/** Kinds of records are few; each is asked about once. Beyond a bound everything is parsed. */
function remembered(relevant: Relevant): Relevant {
  const kinds = new Map<string, Map<string | null, boolean>>();
  return (category, operation, type) => {
    const key = category.length === 17 ? operation : `${category}|${operation}`;
    let types = kinds.get(key);
    if (types === undefined) {
      if (kinds.size >= KINDS_LIMIT) return true;
      types = new Map();
      kinds.set(key, types);
    }
    const known = types.get(type);
    if (known !== undefined) return known;
    const answer = relevant(category, operation, type);
    if (types.size < KINDS_LIMIT) types.set(type, answer);
    return answer;
  };
}

/** One record after another: where the wanted values of the current one stand. Nothing is allocated for what is passed over. */
class Walker {
  readonly #interner = new Interner();
  readonly #starts = new Int32Array(NAMES.length);
  #buffer: Uint8Array = new Uint8Array();
  #end = 0;
  /** Set by `#range`. */
  #from = 0;
  #to = 0;

  read(buffer: Uint8Array, start: number, end: number): Skimmed | null {
    this.#buffer = buffer;
    this.#end = end;
    this.#starts.fill(-1);
    const at = skipSpace(buffer, start, end);
    if (at >= end || buffer[at] !== 0x7b) return null;
    const behind = this.#object(at, true);
    return behind >= 0 && skipSpace(buffer, behind, end) === end ? this.#skimmed() : null;
  }

  /** Behind the record, or its `properties`. */
  #object(start: number, isTop: boolean): number {
    const buffer = this.#buffer;
    const end = this.#end;
    const names = isTop ? TOP_NAMES : INNER_NAMES;
    let at = skipSpace(buffer, start + 1, end);
    if (at < end && buffer[at] === 0x7d) return at + 1;
    for (;;) {
      if (at >= end || buffer[at] !== 0x22) return NO;
      const keyEnd = skipKey(buffer, at, end);
      if (keyEnd < 0) return NO;
      const slot = slotOf(names, buffer, at + 1, keyEnd - 1);
      if (slot === STOPS) return NO;
      at = skipSpace(buffer, keyEnd, end);
      if (at >= end || buffer[at] !== 0x3a) return NO;
      at = skipSpace(buffer, at + 1, end);
      if (slot >= 0) {
        // Two keys that differ in case only, or twice the same: which one counts is the parser's business.
        if (this.#starts[slot] !== -1) return NO;
        this.#starts[slot] = at;
      }
      if (slot === SLOT.properties) at = buffer[at] === 0x7b ? this.#object(at, false) : NO;
      else at = skipValue(buffer, at, end, isTop ? 1 : 2);
      if (at < 0) return NO;
      at = skipSpace(buffer, at, end);
      if (at >= end) return NO;
      if (buffer[at] === 0x7d) return at + 1;
      if (buffer[at] !== 0x2c) return NO;
      at = skipSpace(buffer, at + 1, end);
    }
  }

  #skimmed(): Skimmed | null {
    const category = this.#text(SLOT.category);
    const operationName = this.#text(SLOT.operationName);
    const resourceId = this.#text(SLOT.resourceId);
    if (typeof category !== 'string' || !CATEGORIES.has(category)) return null;
    if (typeof operationName !== 'string' || typeof resourceId !== 'string') return null;
    const time = this.#plainText(SLOT.time);
    const statusCode = this.#number(SLOT.statusCode);
    const errorCode = this.#number(SLOT.errorCode);
    const databaseName = this.#text(SLOT.databaseName);
    const collectionName = this.#text(SLOT.collectionName);
    const requestResourceType = this.#text(SLOT.requestResourceType) ?? this.#text(SLOT.resourceType);
    const requestResourceId = this.#text(SLOT.requestResourceId);
    if (time === null || statusCode === UNREADABLE || errorCode === UNREADABLE) return null;
    if (databaseName === UNREADABLE || collectionName === UNREADABLE) return null;
    if (requestResourceType === UNREADABLE || requestResourceId === UNREADABLE) return null;
    return {
      category,
      operationName,
      resourceId,
      time,
      statusCode,
      errorCode,
      databaseName,
      collectionName,
      requestResourceType,
      requestResourceId,
    };
  }

  /** Finds a text between its quotes. Null: missing or blank; UNREADABLE: no plain text. */
  #range(slot: number): true | null | typeof UNREADABLE {
    const buffer = this.#buffer;
    const start = this.#starts[slot]!;
    if (start === -1) return null;
    if (buffer[start] !== 0x22) return UNREADABLE;
    let at = start + 1;
    for (; buffer[at] !== 0x22; at++) if (buffer[at] === 0x5c) return UNREADABLE;
    if (at === start + 1) return null;
    // White space at an end is trimmed by the reader, and `<empty>` means blank.
    const [first, last] = [buffer[start + 1]!, buffer[at - 1]!];
    if (first <= 0x20 || last <= 0x20 || first === 0x3c || first >= 0x80 || last >= 0x80) return UNREADABLE;
    this.#from = start + 1;
    this.#to = at;
    return true;
  }

  #text(slot: number): string | null | typeof UNREADABLE {
    const range = this.#range(slot);
    return range === true ? this.#interner.text(this.#buffer, this.#from, this.#to) : range;
  }

  /** Times differ in every record: interning them would only empty the table. */
  #plainText(slot: number): string | null {
    if (this.#range(slot) !== true) return null;
    for (let at = this.#from; at < this.#to; at++) if (this.#buffer[at]! >= 0x80) return null;
    return Buffer.from(this.#buffer.buffer, this.#buffer.byteOffset + this.#from, this.#to - this.#from).toString(
      'latin1',
    );
  }

  #number(slot: number): number | null | typeof UNREADABLE {
    const start = this.#starts[slot]!;
    if (start === -1) return null;
    if (this.#buffer[start] === 0x22) {
      const text = this.#text(slot);
      if (text === null || text === UNREADABLE) return text;
      const value = Number(text);
      return Number.isFinite(value) ? value : UNREADABLE;
    }
    const end = skipNumber(this.#buffer, start, this.#end);
    return end < 0 ? UNREADABLE : Number(this.#interner.text(this.#buffer, start, end));
  }
}

const UNREADABLE = Symbol('no plain text');

function slotOf(names: typeof TOP_NAMES, buffer: Uint8Array, start: number, end: number): number {
  const candidates = names[end - start];
  if (candidates === undefined) return -1;
  for (const [bytes, slot] of candidates) if (isName(buffer, start, bytes)) return slot;
  return -1;
}

/** In any case. Names are letters only, so folding a byte cannot make another character equal to one. */
function isName(buffer: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let at = 0; at < name.length; at++) if ((buffer[start + at]! | 0x20) !== name[at]) return false;
  return true;
}
