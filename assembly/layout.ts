/*
 * Where things lie in the memory of the module. The host writes input behind INPUT and reads records from RECORDS; nothing else is shared.
 * The compiler's own constants lie below 8192: the build checks that.
 */

/** By slot: where a wanted value of the current record begins and ends, quotes included. */
export const STARTS: usize = 8192;
export const ENDS: usize = STARTS + 128;

/** Where the values of the current record stand that its pattern leaves out: pairs of begin and end, in the order of the record. */
export const HOLES: usize = 8448;
export const HOLES_MAX: i32 = 32;

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

/** By number of a kind: 1 if its records are told apart by their patterns too. Written by the host. */
export const PATTERNED: usize = KINDS_END;

/** From the hash of a pattern to its entry: 8,192 pairs of hash and address. */
export const PATTERN_TABLE: usize = PATTERNED + 2 * 16384;
export const PATTERNS_MAX: u32 = 4096;
/** Entries of patterns, one behind the other. */
export const PATTERNS: usize = PATTERN_TABLE + 8 * 8192;
export const PATTERNS_END: usize = PATTERNS + (3 << 20);

/** From the hash of a caller to its entry: 32,768 pairs of hash and address. */
export const CALLER_TABLE: usize = PATTERNS_END;
export const CALLERS_MAX: u32 = 16384;
/** Entries of callers, one behind the other. */
export const CALLERS: usize = CALLER_TABLE + 8 * 32768;
export const CALLERS_END: usize = CALLERS + (6 << 20);

/** What was read: 88 bytes a record. */
export const RECORDS: usize = CALLERS_END;
export const RECORD_SIZE: usize = 88;
export const RECORDS_MAX: u32 = 8192;

export const INPUT: usize = RECORDS + 88 * 8192;

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
/** Values that tell callers apart, and kinds not. */
export const CLIENT_IP_ADDRESS: i32 = 13;
export const ADDRESS: i32 = 14;
export const CLIENT_IP: i32 = 15;
export const USER_AGENT: i32 = 16;
export const KEY_TYPE: i32 = 17;
export const AUTH_TOKEN_TYPE: i32 = 18;
export const AUTHORIZATION_TOKEN_TYPE: i32 = 19;
export const AAD_PRINCIPAL_ID: i32 = 20;

/** Values that tell neither kinds nor patterns apart: which of many like requests it was, and what it cost. */
export const ACTIVITY_ID: i32 = 24;
export const MEASURE: i32 = 25;
/** The same; what it was is told where callers are. */
export const DURATION: i32 = 26;
export const DURATION_MS: i32 = 27;
export const REQUEST_CHARGE: i32 = 28;
export const REQUEST_LENGTH: i32 = 29;
export const RESPONSE_LENGTH: i32 = 30;

export const NONE: i32 = -1;
/** A key with which a record is something else. */
export const STOPS: i32 = -2;
