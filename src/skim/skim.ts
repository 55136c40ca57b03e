import { Interner } from './intern.ts';
import { NO, skipKey, skipNumber, skipPlain, skipSpace, skipString, skipValue } from './walk.ts';

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
  /** Read only where the names of database and container are not both told; else null. */
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
  'piiCommandText',
] as const;
/** With one of these a record is something else, or keeps its values elsewhere. */
const STOP = ['TimeGenerated', 'eventTimestamp', 'OperationNameValue', 'eventType', 'Type', 'piiCommandText'] as const;

const NAMES = [...TOP, ...INNER] as const;
const SLOT = Object.fromEntries(NAMES.map((name, slot) => [name, slot])) as Readonly<
  Record<(typeof NAMES)[number], number>
>;
const NONE = -1;
const STOPS = -2;

/** Which name a key is, in any case, and its slot. Most keys are none of them, and their length and first letter tell that. */
class Names {
  readonly #names: readonly (readonly [name: Uint8Array, slot: number])[];
  /** By length and first letter: the first of the names, counted from 1; 0: there is none. */
  readonly #first = new Uint8Array(32 * 32);

  constructor(slots: readonly (readonly [name: string, slot: number])[]) {
    this.#names = slots.map(([name, slot]) => [new TextEncoder().encode(name.toLowerCase()), slot]);
    for (const [at, [name]] of [...this.#names.entries()].reverse())
      this.#first[hashOf(name.length, name[0]!)] = at + 1;
  }

  slotOf(buffer: Uint8Array, start: number, end: number): number {
    const first = end - start < 32 ? this.#first[hashOf(end - start, buffer[start]!)]! : 0;
    return first === 0 ? NONE : this.#search(first - 1, buffer, start, end - start);
  }

  #search(first: number, buffer: Uint8Array, start: number, length: number): number {
    for (let at = first; at < this.#names.length; at++) {
      const [name, slot] = this.#names[at]!;
      if (name.length === length && isName(buffer, start, name)) return slot;
    }
    return NONE;
  }
}

function hashOf(length: number, letter: number): number {
  return (length << 5) | (letter & 0x1f);
}

/** Names are letters only, so folding a byte cannot make another character equal to one. */
function isName(buffer: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let at = 0; at < name.length; at++) if ((buffer[start + at]! | 0x20) !== name[at]) return false;
  return true;
}

const TOP_NAMES = new Names([
  ...TOP.map((name) => [name, SLOT[name]] as const),
  ...STOP.map((name) => [name, STOPS] as const),
]);
const INNER_NAMES = new Names(INNER.map((name) => [name, SLOT[name]] as const));

const CATEGORIES: ReadonlySet<string> = new Set(['DataPlaneRequests', 'MongoRequests']);
const KINDS_LIMIT = 4096;
/** Bytes: a longer record may have more members than a record may have. */
const LONGEST = 50_000;

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
  const kinds = new Map([...CATEGORIES].map((category) => [category, new Map<string, Map<string | null, boolean>>()]));
  return (category, operation, type) => {
    const operations = kinds.get(category)!;
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
}

/** One record after another: where the wanted values of the current one stand. Nothing is allocated for what is passed over. */
class Walker {
  readonly #interner = new Interner();
  /** By slot: the first byte of the value; -1: none. */
  readonly #starts = new Int32Array(NAMES.length);
  /** By slot: behind the last byte of the value; -1: a text with escapes. */
  readonly #ends = new Int32Array(NAMES.length);
  #buffer: Uint8Array = new Uint8Array();

  read(buffer: Uint8Array, start: number, end: number): Skimmed | null {
    this.#buffer = buffer;
    this.#starts.fill(-1);
    const at = skipSpace(buffer, start, end);
    if (at >= end || end - start > LONGEST || buffer[at] !== 0x7b) return null;
    const behind = this.#object(buffer, at, end, true);
    return behind >= 0 && skipSpace(buffer, behind, end) === end ? this.#skimmed() : null;
  }

  /** Behind the record, or its `properties`. */
  #object(buffer: Uint8Array, start: number, end: number, isTop: boolean): number {
    const names = isTop ? TOP_NAMES : INNER_NAMES;
    let at = skipSpace(buffer, start + 1, end);
    if (at < end && buffer[at] === 0x7d) return at + 1;
    for (;;) {
      if (at >= end || buffer[at] !== 0x22) return NO;
      const keyEnd = skipKey(buffer, at, end);
      if (keyEnd < 0) return NO;
      const slot = names.slotOf(buffer, at + 1, keyEnd - 1);
      at = skipSpace(buffer, keyEnd, end);
      if (at >= end || buffer[at] !== 0x3a) return NO;
      at = skipSpace(buffer, at + 1, end);
      if (at >= end) return NO;
      if (slot !== NONE) at = this.#wanted(slot, buffer, at, end, isTop);
      else if (buffer[at] === 0x22) at = skipString(buffer, at, end);
      else at = skipValue(buffer, at, end, isTop ? 1 : 2);
      if (at < 0) return NO;
      at = skipSpace(buffer, at, end);
      if (at >= end) return NO;
      if (buffer[at] === 0x7d) return at + 1;
      if (buffer[at] !== 0x2c) return NO;
      at = skipSpace(buffer, at + 1, end);
    }
  }

  /** Keeps where a value stands. Two keys that differ in case only, or twice the same: which one counts is the parser's business. */
  #wanted(slot: number, buffer: Uint8Array, at: number, end: number, isTop: boolean): number {
    if (slot === STOPS || this.#starts[slot] !== -1) return NO;
    this.#starts[slot] = at;
    if (slot === SLOT.properties) return buffer[at] === 0x7b ? this.#object(buffer, at, end, false) : NO;
    const plain = buffer[at] === 0x22 ? skipPlain(buffer, at, end) : NO;
    const behind = plain >= 0 ? plain : skipValue(buffer, at, end, isTop ? 1 : 2);
    this.#ends[slot] = plain;
    return behind;
  }

  #skimmed(): Skimmed | null {
    // Without `properties` the columns stand elsewhere.
    if (this.#starts[SLOT.properties] === -1) return null;
    const category = this.#text(SLOT.category);
    const operationName = this.#text(SLOT.operationName);
    const resourceId = this.#text(SLOT.resourceId);
    if (typeof category !== 'string' || !CATEGORIES.has(category)) return null;
    if (typeof operationName !== 'string' || typeof resourceId !== 'string') return null;
    const time = this.#time();
    const statusCode = this.#number(SLOT.statusCode);
    const errorCode = this.#number(SLOT.errorCode);
    if (time === null || statusCode === UNREADABLE || errorCode === UNREADABLE) return null;
    const databaseName = this.#text(SLOT.databaseName);
    const collectionName = this.#text(SLOT.collectionName);
    if (databaseName === UNREADABLE || collectionName === UNREADABLE) return null;
    const isNamed = databaseName !== null && collectionName !== null && collectionName !== '$cmd';
    // The text of a command may name what its columns do not.
    if (!isNamed && this.#starts[SLOT.piiCommandText] !== -1) return null;
    const requestResourceType = this.#text(SLOT.requestResourceType) ?? this.#text(SLOT.resourceType);
    const requestResourceId = isNamed ? null : this.#text(SLOT.requestResourceId);
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

  /** Null: missing or blank; UNREADABLE: no plain text. */
  #text(slot: number): string | null | typeof UNREADABLE {
    const start = this.#starts[slot]! + 1;
    const end = this.#ends[slot]! - 1;
    if (start === 0 || end === start) return null;
    return this.#isPlain(start, end) ? this.#interner.text(this.#buffer, start, end) : UNREADABLE;
  }

  /** White space at an end is trimmed by the reader, and `<empty>` means blank. */
  #isPlain(start: number, end: number): boolean {
    if (end < start) return false;
    const first = this.#buffer[start]!;
    const last = this.#buffer[end - 1]!;
    return first > 0x20 && first < 0x80 && first !== 0x3c && last > 0x20 && last < 0x80;
  }

  /** Times differ in every record: interning them would only empty the table. */
  #time(): string | null {
    const start = this.#starts[SLOT.time]! + 1;
    const end = this.#ends[SLOT.time]! - 1;
    if (start === 0 || !this.#isPlain(start, end)) return null;
    let text = '';
    for (let at = start; at < end; at++) {
      const byte = this.#buffer[at]!;
      if (byte >= 0x80) return null;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #number(slot: number): number | null | typeof UNREADABLE {
    const start = this.#starts[slot]!;
    if (start === -1) return null;
    if (this.#buffer[start] !== 0x22) return this.#numeral(start);
    const text = this.#text(slot);
    if (text === null || text === UNREADABLE) return text;
    const value = Number(text);
    return Number.isFinite(value) ? value : UNREADABLE;
  }

  #numeral(start: number): number | typeof UNREADABLE {
    const end = skipNumber(this.#buffer, start, this.#buffer.length);
    if (end < 0) return UNREADABLE;
    const value = Number(this.#interner.text(this.#buffer, start, end));
    // The reader knows no minus zero.
    return Number.isFinite(value) ? value + 0 : UNREADABLE;
  }
}

const UNREADABLE = Symbol('no plain text');
