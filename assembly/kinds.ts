import {
  COLLECTION_NAME, DATABASE_NAME, KIND_TABLE, KINDS, KINDS_END, KINDS_MAX, PII_COMMAND_TEXT, PROPERTIES, REQUEST_RESOURCE_ID,
} from './layout';
import { entrySize, hashOf, isOf, sizeOf, startOf, writeEntry } from './tuples';

/*
 * Records that agree, byte for byte, in every wanted value but their time are of one kind. What the host finds out about one record of a
 * kind holds for all of them, so it looks at one. Kinds are bounded; beyond the bound a record is of none, and the host reads it itself.
 */

let count: u32 = 0;
let top: usize = KINDS;

/** The slots that tell kinds apart. */
const OF_KINDS: i32 = (1 << (PII_COMMAND_TEXT + 1)) - 1;
const NOT_COMPARED: i32 = (1 << 0) | (1 << PROPERTIES) | (1 << PII_COMMAND_TEXT);

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
  return (isNamed ? seen & ~(1 << REQUEST_RESOURCE_ID) : seen) & OF_KINDS;
}

/** The number of the kind of the current record; 0: none. */
@inline
export function kindOf(seen: i32): u32 {
  const present = telling(seen);
  const values = present & ~NOT_COMPARED;
  const hash = hashOf(values, present);
  let probe = hash & 32767;
  while (true) {
    const place = KIND_TABLE + (<usize>probe << 3);
    const entry = <usize>load<u32>(place, 4);
    if (entry == 0) return add(place, hash, values, present);
    if (load<u32>(place) == hash && isOf(entry, values, present)) return load<u32>(entry);
    probe = (probe + 1) & 32767;
  }
}

function add(place: usize, hash: u32, values: i32, present: i32): u32 {
  const size = entrySize(values);
  if (size == 0 || count >= KINDS_MAX || top + size > KINDS_END) return 0;
  count++;
  writeEntry(top, count, values, present);
  store<u32>(place, hash);
  store<u32>(place, <u32>top, 4);
  top += size;
  return count;
}
