import {
  CATEGORY, COLLECTION_NAME, DATABASE_NAME, ENDS, KIND_TABLE, KINDS, KINDS_END, KINDS_MAX, PII_COMMAND_TEXT, PROPERTIES,
  REQUEST_RESOURCE_ID, RESOURCE_ID, STARTS,
} from './layout';

/*
 * Records that agree, byte for byte, in every wanted value but their time are of one kind. What the host finds out about one record of a
 * kind holds for all of them, so it looks at one. Hashes only find the entry: its bytes decide. Kinds are bounded; beyond the bound a
 * record is of none, and the host reads it itself.
 *
 * An entry: at 0 its number, from 1; at 4 which values are there; at 8 the lengths of slots 1 to 12, two bytes each; from 32 their
 * bytes one behind the other, with 16 to spare.
 */

const LENGTHS: usize = 6;
const BYTES: usize = 32;
const FIRST: i32 = CATEGORY;
const SLOTS: i32 = PII_COMMAND_TEXT;

let count: u32 = 0;
let top: usize = KINDS;

@inline
function startOf(slot: i32): usize {
  return <usize>load<u32>(STARTS + (<usize>slot << 2));
}

@inline
function sizeOf(slot: i32): usize {
  return <usize>load<u32>(ENDS + (<usize>slot << 2)) - startOf(slot);
}

/** A text that is not empty. */
@inline
function isText(slot: i32, seen: i32): bool {
  return (seen & (1 << slot)) != 0 && load<u8>(startOf(slot)) == 0x22 && sizeOf(slot) > 2;
}

/** Which values tell kinds apart. Where the columns name database and container, the path is not read; that a command is there counts, not its text. */
@inline
export function telling(seen: i32): i32 {
  const isNamed =
    isText(DATABASE_NAME, seen) &&
    isText(COLLECTION_NAME, seen) &&
    !(sizeOf(COLLECTION_NAME) == 6 && load<u32>(startOf(COLLECTION_NAME) + 1) == 0x646d6324);
  return isNamed ? seen & ~(1 << REQUEST_RESOURCE_ID) : seen;
}

const NOT_COMPARED: i32 = (1 << 0) | (1 << PROPERTIES) | (1 << PII_COMMAND_TEXT);

/** The number of the kind of the current record; 0: none. */
@inline
export function kindOf(seen: i32): u32 {
  const values = telling(seen);
  const hash = hashOf(values);
  let probe = hash & 32767;
  while (true) {
    const place = KIND_TABLE + (<usize>probe << 3);
    const entry = <usize>load<u32>(place, 4);
    if (entry == 0) return add(place, hash, values);
    if (load<u32>(place) == hash && isOf(entry, values)) return load<u32>(entry);
    probe = (probe + 1) & 32767;
  }
}

@inline
function hashOf(values: i32): u32 {
  let hash: u64 = <u64>(<u32>values);
  let left = values & ~NOT_COMPARED;
  while (left != 0) {
    const slot = ctz(left);
    left &= left - 1;
    const at = startOf(slot);
    const size = sizeOf(slot);
    // Two words of a value are enough to find an entry: its first and its last bytes.
    const head = load<u64>(at);
    const part = size >= 8 ? head ^ rotl(load<u64>(at + size - 8), 23) : head & ((<u64>1 << (<u64>size << 3)) - 1);
    hash = (hash ^ part ^ (<u64>size << 56)) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
  }
  return <u32>(hash ^ (hash >> 32));
}

@inline
function isOf(entry: usize, values: i32): bool {
  if (load<i32>(entry, 4) != values) return false;
  let bytes = entry + BYTES;
  let left = values & ~NOT_COMPARED;
  while (left != 0) {
    const slot = ctz(left);
    left &= left - 1;
    const size = sizeOf(slot);
    if (<usize>load<u16>(entry + (<usize>slot << 1), LENGTHS) != size) return false;
    if (!isEqual(startOf(slot), bytes, size)) return false;
    bytes += size;
  }
  return true;
}

/** `size` bytes; up to 15 behind them are read. */
@inline
export function isEqual(a: usize, b: usize, size: usize): bool {
  let at: usize = 0;
  for (; at + 16 <= size; at += 16) {
    if (i8x16.bitmask(i8x16.eq(v128.load(a + at), v128.load(b + at))) != 0xffff) return false;
  }
  const rest = 0xffff << (<i32>(size - at)) | i8x16.bitmask(i8x16.eq(v128.load(a + at), v128.load(b + at)));
  return (rest & 0xffff) == 0xffff;
}

function add(place: usize, hash: u32, values: i32): u32 {
  let size: usize = BYTES + 16;
  for (let left = values & ~NOT_COMPARED; left != 0; left &= left - 1) {
    if (sizeOf(ctz(left)) > 0xffff) return 0;
    size += sizeOf(ctz(left));
  }
  if (count >= KINDS_MAX || top + size > KINDS_END) return 0;
  const entry = top;
  top += (size + 7) & ~7;
  count++;
  store<u32>(entry, count);
  store<i32>(entry, values, 4);
  let bytes = entry + BYTES;
  for (let left = values & ~NOT_COMPARED; left != 0; left &= left - 1) {
    const slot = ctz(left);
    store<u16>(entry + (<usize>slot << 1), <u16>sizeOf(slot), LENGTHS);
    memory.copy(bytes, startOf(slot), sizeOf(slot));
    bytes += sizeOf(slot);
  }
  store<u32>(place, hash);
  store<u32>(place, <u32>entry, 4);
  return count;
}
