import { ENDS, STARTS } from './layout';

/*
 * Some values of a record, as they stand in the log, and entries that keep such values. Hashes only find an entry: its bytes decide.
 *
 * An entry: at 0 its number, from 1; at 4 which values are there; at 8 the lengths of slots 1 to 20, two bytes each; from 48 their
 * bytes one behind the other, with 16 to spare.
 */

const LENGTHS: usize = 6;
const BYTES: usize = 48;

@inline
export function startOf(slot: i32): usize {
  return <usize>load<u32>(STARTS + (<usize>slot << 2));
}

@inline
export function sizeOf(slot: i32): usize {
  return <usize>load<u32>(ENDS + (<usize>slot << 2)) - startOf(slot);
}

/** @param values the slots, as bits @param salt what else tells them apart */
@inline
export function hashOf(values: i32, salt: i32): u32 {
  let hash: u64 = <u64>(<u32>salt);
  let left = values;
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
export function isOf(entry: usize, values: i32, salt: i32): bool {
  if (load<i32>(entry, 4) != salt) return false;
  let bytes = entry + BYTES;
  let left = values;
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

/** Bytes of an entry; 0: a value is too long for one. */
export function entrySize(values: i32): usize {
  let size: usize = BYTES + 16;
  for (let left = values; left != 0; left &= left - 1) {
    if (sizeOf(ctz(left)) > 0xffff) return 0;
    size += sizeOf(ctz(left));
  }
  return (size + 7) & ~7;
}

export function writeEntry(entry: usize, number: u32, values: i32, salt: i32): void {
  store<u32>(entry, number);
  store<i32>(entry, salt, 4);
  let bytes = entry + BYTES;
  for (let left = values; left != 0; left &= left - 1) {
    const slot = ctz(left);
    store<u16>(entry + (<usize>slot << 1), <u16>sizeOf(slot), LENGTHS);
    memory.copy(bytes, startOf(slot), sizeOf(slot));
    bytes += sizeOf(slot);
  }
}
