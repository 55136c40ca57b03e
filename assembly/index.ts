import { callerOf } from './callers';
import { isDigit, skipSpace, skipString, skipValue } from './json';
import { beginning, findKey, follower, foundEnd, foundKey, foundSlot, lengthOf, slotOf } from './keys';
import { kindOf } from './kinds';
import {
  ACTIVITY_ID, CATEGORY, DURATION, ENDS, HOLES, HOLES_MAX, INPUT, NONE, OPERATION_NAME, PATTERNED, PROPERTIES, RECORD_SIZE, RECORDS,
  RECORDS_MAX, RESOURCE_ID, STARTS, STOPS, TIME,
} from './layout';
import { forgetMeasures, measured, tellMeasures } from './measures';
import { patternOf } from './patterns';
import { timeAt } from './time';

/*
 * One walk over the lines of a part of a file. A line that is one record, or an envelope of records, is read here; at any other one the
 * walk stops and the host reads it. What is accepted here, the host's own walk accepts too, and never the other way round by chance:
 * anything that is not plain is the host's business.
 */

/** Where the walk stopped, on which line, with how many records. */
export let at: usize = 0;
export let line: u32 = 0;
export let records: u32 = 0;

export const input: usize = INPUT;
export const output: usize = RECORDS;
export const patterned: usize = PATTERNED;

const DONE: i32 = 0;
const FULL: i32 = 1;
const ODD: i32 = 2;

const NEEDED: i32 = (1 << TIME) | (1 << CATEGORY) | (1 << OPERATION_NAME) | (1 << RESOURCE_ID) | (1 << PROPERTIES);
/** A longer record may have more members than the host allows. */
const LONGEST: usize = 50000;

let seen: i32 = 0;
/** Of the current record: how many holes it has, beyond HOLES_MAX if too many; and where its activity id stands, 0: nowhere. */
let holes: i32 = 0;
let activity: usize = 0;
let earliest: f64 = 0;
let latest: f64 = 0;
let tellsCallers: bool = false;

/** Which times are read here, in microseconds, both inclusive: all others are the host's business. */
export function allowTimes(from: f64, to: f64): void {
  earliest = from;
  latest = to;
}

/** From now on the records of one caller are told by its number. */
export function tellCallers(): void {
  tellsCallers = true;
}

/** Walks from the start of a line. 0: to the end; 1: as far as there is room for records; 2: to a line that is not plain. */
export function walk(from: usize, end: usize, firstLine: u32): i32 {
  memory.fill(end, 0, 64);
  let place = from;
  line = firstLine;
  records = 0;
  let answer = DONE;
  while (place < end) {
    if (records >= RECORDS_MAX) {
      answer = FULL;
      break;
    }
    const byte = load<u8>(place);
    let next: usize = 0;
    if (byte == 0x0a) next = place + 1;
    else if (isEnvelope(place)) {
      const before = records;
      next = envelope(place);
      if (next == 0) {
        answer = records >= RECORDS_MAX && before > 0 ? FULL : ODD;
        records = before;
        break;
      }
    } else {
      next = recordLine(byte == 0x2c ? place + 1 : place);
      if (next == 0) {
        answer = ODD;
        break;
      }
    }
    place = next;
    line++;
  }
  at = place;
  return answer;
}

/** Behind a line that holds one record, perhaps with a comma of the array around it; 0: it is another one. */
@inline
function recordLine(start: usize): usize {
  if (load<u8>(start) != 0x7b) return 0;
  const end = record(start);
  if (end == 0) return 0;
  let next = end;
  if (load<u8>(next) == 0x2c) next++;
  if (load<u8>(next) == 0x0d) next++;
  if (load<u8>(next) != 0x0a) return 0;
  tell(start, end, true);
  return next + 1;
}

/** `{"records":[` or `{"value":[` */
@inline
function isEnvelope(start: usize): bool {
  const head = load<u64>(start);
  if (head == 0x64726f636572227b) return load<u32>(start, 8) == 0x5b3a2273;
  return head == 0x2265756c6176227b && load<u16>(start, 8) == 0x5b3a;
}

/** Behind a line that is an envelope and nothing else; 0: it is another one, or there is no room. */
function envelope(start: usize): usize {
  let place = start + (load<u8>(start, 2) == 0x72 ? 12 : 10);
  let isFirst = true;
  while (true) {
    if (load<u8>(place) != 0x7b || records >= RECORDS_MAX) return 0;
    const end = record(place);
    if (end == 0) return 0;
    tell(place, end, isFirst);
    isFirst = false;
    place = end;
    if (load<u8>(place) != 0x2c) break;
    place++;
  }
  if (load<u8>(place) != 0x5d || load<u8>(place, 1) != 0x7d) return 0;
  place += 2;
  if (load<u8>(place) == 0x0d) place++;
  return load<u8>(place) == 0x0a ? place + 1 : 0;
}

@inline
function record(start: usize): usize {
  seen = 0;
  holes = 0;
  activity = 0;
  if (tellsCallers) forgetMeasures();
  return members(start + 1, 0);
}

/** Behind the object whose first member, or closing brace, stands at `place`. Level 0 is the record, level 1 its properties. */
function members(place: usize, level: i32): usize {
  place = skipSpace(place);
  if (load<u8>(place) == 0x7d) return place + 1;
  let key = beginning(level);
  while (true) {
    let slot: i32;
    const next = follower(key, place);
    if (next != 0) {
      key = next;
      slot = slotOf(key);
      place += lengthOf(key);
    } else {
      if (load<u8>(place) != 0x22 || !findKey(key, place, level)) return 0;
      slot = foundSlot;
      place = foundEnd;
      if (foundKey != 0) key = foundKey;
    }
    if (load<u8>(place) <= 0x20) place = skipSpace(place);
    if (slot != NONE) place = wanted(slot, place, level);
    else if (load<u8>(place) == 0x22) place = skipString(place + 1);
    else place = skipValue(place, level + 1);
    if (place == 0) return 0;
    if (load<u8>(place) <= 0x20) place = skipSpace(place);
    const byte = load<u8>(place++);
    if (byte == 0x7d) return place;
    if (byte != 0x2c) return 0;
    if (load<u8>(place) <= 0x20) place = skipSpace(place);
  }
}

/** Keeps where a value stands. Two keys that differ in case only, or twice the same: which one counts is the host's business. */
@inline
function wanted(slot: i32, place: usize, level: i32): usize {
  if (slot >= ACTIVITY_ID) return hole(slot, place, level);
  const bit = 1 << slot;
  if (slot == STOPS || (seen & bit) != 0) return 0;
  seen |= bit;
  if (slot == PROPERTIES) return load<u8>(place) == 0x7b ? members(place + 1, 1) : 0;
  store<u32>(STARTS + (<usize>slot << 2), <u32>place);
  const end = load<u8>(place) == 0x22 ? skipString(place + 1) : skipValue(place, level + 1);
  store<u32>(ENDS + (<usize>slot << 2), <u32>end);
  if (slot == TIME) addHole(place, end);
  return end;
}

/** A value that the pattern leaves out. With two activity ids the record has no pattern. */
function hole(slot: i32, place: usize, level: i32): usize {
  const end = load<u8>(place) == 0x22 ? skipString(place + 1) : skipValue(place, level + 1);
  if (slot == ACTIVITY_ID) {
    if (activity != 0) holes = HOLES_MAX + 1;
    activity = place;
  } else if (tellsCallers && slot >= DURATION) measured(slot, place, end, RECORDS + <usize>records * RECORD_SIZE);
  addHole(place, end);
  return end;
}

@inline
function addHole(from: usize, to: usize): void {
  if (holes < HOLES_MAX) {
    store<u32>(HOLES + (<usize>holes << 3), <u32>from);
    store<u32>(HOLES + (<usize>holes << 3), <u32>to, 4);
  }
  if (holes <= HOLES_MAX) holes++;
}

/** A record's place, kind, time, and whether it is the first of its line. */
@inline
function tell(start: usize, end: usize, isFirst: bool): void {
  const to = RECORDS + <usize>records * RECORD_SIZE;
  let kind: u32 = 0;
  let pattern: u32 = 0;
  let caller: u32 = 0;
  if ((seen & NEEDED) == NEEDED && end - start <= LONGEST && isRequest()) {
    const time = timeAt(<usize>load<u32>(STARTS), <usize>load<u32>(ENDS));
    if (time >= earliest && time <= latest) {
      kind = kindOf(seen);
      if (tellsCallers) {
        caller = callerOf(seen);
        tellMeasures(to);
      }
      store<f64>(to, time);
      if (load<u8>(PATTERNED + kind) == 1 && holes <= HOLES_MAX) pattern = patternAt(start, end, to + 32);
    }
  }
  store<u32>(to, kind, 8);
  store<u32>(to, <u32>start, 12);
  store<u32>(to, <u32>end, 16);
  store<u32>(to, line, 20);
  store<u32>(to, <u32>isFirst, 24);
  store<u32>(to, pattern, 28);
  store<u32>(to, caller, 48);
  records++;
}

/** The number of the record's pattern, with its activity id written to `id`; 0: it has none. */
function patternAt(start: usize, end: usize, id: usize): u32 {
  return activity != 0 && uuid(activity, id) ? patternOf(start, end, holes) : 0;
}

/** Four groups of eight digits of `"00000000-0000-0000-0000-000000000000"`, in either case, as numbers. False: it is none. */
function uuid(at: usize, to: usize): bool {
  if (load<u8>(at) != 0x22 || load<u8>(at, 37) != 0x22) return false;
  if (load<u8>(at, 9) != 0x2d || load<u8>(at, 14) != 0x2d || load<u8>(at, 19) != 0x2d || load<u8>(at, 24) != 0x2d) return false;
  let place = at + 1;
  for (let group: usize = 0; group < 4; group++) {
    let value: u32 = 0;
    for (let digit = 0; digit < 8; digit++) {
      let byte = load<u8>(place++);
      if (byte == 0x2d) byte = load<u8>(place++);
      const folded = byte | 0x20;
      if (isDigit(place - 1)) value = (value << 4) | <u32>(byte - 0x30);
      else if (folded >= 0x61 && folded <= 0x66) value = (value << 4) | <u32>(folded - 0x57);
      else return false;
    }
    store<u32>(to + (group << 2), value);
  }
  return true;
}

/** A category that may be skimmed, by its length with quotes: the host compares the bytes. Others shall not fill the table of kinds. */
@inline
function isRequest(): bool {
  const size = load<u32>(ENDS + 4 * CATEGORY) - load<u32>(STARTS + 4 * CATEGORY);
  return size == 19 || size == 15;
}
