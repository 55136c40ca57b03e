import { HOLES, PATTERN_TABLE, PATTERNS, PATTERNS_END, PATTERNS_MAX } from './layout';
import { isEqual } from './tuples';

/*
 * Records that agree, byte for byte, outside their holes are of one pattern: they say the same but for when, which of many like requests it
 * was, and what it cost. Hashes only find the entry: its bytes decide. Patterns are bounded; beyond the bound a record has none.
 *
 * An entry: at 0 its number, from 1; at 4 how many holes; from 8 the lengths of the parts before, between and behind them, four bytes each;
 * then their bytes, one behind the other, with 16 to spare.
 */

let count: u32 = 0;
let top: usize = PATTERNS;

@inline
function holeStart(hole: i32): usize {
  return <usize>load<u32>(HOLES + (<usize>hole << 3));
}

@inline
function holeEnd(hole: i32): usize {
  return <usize>load<u32>(HOLES + (<usize>hole << 3), 4);
}

/** The number of the pattern of a record with so many holes; 0: none. */
export function patternOf(start: usize, end: usize, holes: i32): u32 {
  const hash = hashOf(start, end, holes);
  let probe = hash & 8191;
  while (true) {
    const place = PATTERN_TABLE + (<usize>probe << 3);
    const entry = <usize>load<u32>(place, 4);
    if (entry == 0) return add(place, hash, start, end, holes);
    if (load<u32>(place) == hash && isOf(entry, start, end, holes)) return load<u32>(entry);
    probe = (probe + 1) & 8191;
  }
}

function hashOf(start: usize, end: usize, holes: i32): u32 {
  let hash: u64 = <u64>holes;
  let from = start;
  for (let hole = 0; hole <= holes; hole++) {
    const to = hole == holes ? end : holeStart(hole);
    let at = from;
    for (; at + 8 <= to; at += 8) hash = rotl(hash ^ load<u64>(at), 29) * 0x9e3779b97f4a7c15;
    const rest = <u64>(to - at) << 3;
    hash = rotl(hash ^ (load<u64>(at) & ((<u64>1 << rest) - 1)) ^ (rest << 56), 29) * 0x9e3779b97f4a7c15;
    if (hole < holes) from = holeEnd(hole);
  }
  return <u32>(hash ^ (hash >> 32));
}

function isOf(entry: usize, start: usize, end: usize, holes: i32): bool {
  if (load<i32>(entry, 4) != holes) return false;
  let bytes = entry + 12 + (<usize>holes << 2);
  let from = start;
  for (let hole = 0; hole <= holes; hole++) {
    const size = (hole == holes ? end : holeStart(hole)) - from;
    if (<usize>load<u32>(entry + (<usize>hole << 2), 8) != size) return false;
    if (!isEqual(from, bytes, size)) return false;
    bytes += size;
    if (hole < holes) from = holeEnd(hole);
  }
  return true;
}

function add(place: usize, hash: u32, start: usize, end: usize, holes: i32): u32 {
  const size: usize = <usize>12 + (<usize>holes << 2) + (end - start) + 16;
  if (count >= PATTERNS_MAX || top + size > PATTERNS_END) return 0;
  const entry = top;
  count++;
  store<u32>(entry, count);
  store<i32>(entry, holes, 4);
  let bytes = entry + 12 + (<usize>holes << 2);
  let from = start;
  for (let hole = 0; hole <= holes; hole++) {
    const part = (hole == holes ? end : holeStart(hole)) - from;
    store<u32>(entry + (<usize>hole << 2), <u32>part, 8);
    memory.copy(bytes, from, part);
    bytes += part;
    if (hole < holes) from = holeEnd(hole);
  }
  top = (bytes + 16 + 7) & ~7;
  store<u32>(place, hash);
  store<u32>(place, <u32>entry, 4);
  return count;
}
