/*
 * Where things lie in the memory of the module. The host writes input behind INPUT and reads records from RECORDS; nothing else is shared.
 * The compiler's own constants lie below 8192: the build checks that.
 */

/** By slot: where a wanted value of the current record begins and ends, quotes included. */
export const STARTS: usize = 8192;
export const ENDS: usize = STARTS + 64;

/** Keys that were seen, 128 bytes each; the first two stand for the beginning of a record and of its properties. */
export const KEYS: usize = 12288;
export const KEYS_MAX: u32 = 1022;
/** From the hash of a key to the key: 2048 addresses. */
export const KEY_TABLE: usize = KEYS + 128 * 1024;

/** From the hash of a kind to its entry: 32,768 pairs of hash and address. */
export const KIND_TABLE: usize = KEY_TABLE + 4 * 2048;
export const KINDS_MAX: u32 = 16384;
/** Entries of kinds, one behind the other. */
export const KINDS: usize = KIND_TABLE + 8 * 32768;
export const KINDS_END: usize = KINDS + (4 << 20);

/** What was read: 32 bytes a record. */
export const RECORDS: usize = KINDS_END;
export const RECORDS_MAX: u32 = 8192;

export const INPUT: usize = RECORDS + 32 * 8192;

/** Slots of wanted values; the first five are members of the record, the others of its properties. */
export const TIME: i32 = 0;
export const CATEGORY: i32 = 1;
export const OPERATION_NAME: i32 = 2;
export const RESOURCE_ID: i32 = 3;
export const PROPERTIES: i32 = 4;
export const STATUS_CODE: i32 = 5;
export const ERROR_CODE: i32 = 6;
export const DATABASE_NAME: i32 = 7;
export const COLLECTION_NAME: i32 = 8;
export const REQUEST_RESOURCE_TYPE: i32 = 9;
export const RESOURCE_TYPE: i32 = 10;
export const REQUEST_RESOURCE_ID: i32 = 11;
export const PII_COMMAND_TEXT: i32 = 12;

export const NONE: i32 = -1;
/** A key with which a record is something else. */
export const STOPS: i32 = -2;
