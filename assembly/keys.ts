import {
  AAD_PRINCIPAL_ID, ACTIVITY_ID, ADDRESS, AUTH_TOKEN_TYPE, AUTHORIZATION_TOKEN_TYPE, CATEGORY, CLIENT_IP, CLIENT_IP_ADDRESS,
  COLLECTION_NAME, DATABASE_NAME, DURATION, DURATION_MS, ERROR_CODE, KEY_TABLE, KEY_TYPE, KEYS, KEYS_MAX, MEASURE, NONE, OPERATION_NAME, PII_COMMAND_TEXT,
  PROPERTIES, REQUEST_CHARGE, REQUEST_LENGTH, REQUEST_RESOURCE_ID, REQUEST_RESOURCE_TYPE, RESOURCE_ID, RESOURCE_TYPE, RESPONSE_LENGTH,
  STATUS_CODE, STOPS, TIME, USER_AGENT,
} from './layout';

/*
 * Which wanted value a key stands for. Records of one log have the same keys in the same order, so each key remembers which two came
 * behind it: nearly always one of them stands there again, and comparing it takes one or two steps of 16 bytes. A key that is new is
 * looked up by its bytes. What is remembered never decides anything but by equality of all bytes, colon included.
 *
 * A key: 64 bytes of text with quotes and colon; at 64 its length, at 68 and 72 the bits of 16 bytes each that it does not fill, at 76
 * its slot, at 80 and 84 its followers, at 88 the level.
 */

const LENGTH: usize = 64;
const REST: usize = 68;
const REST_2: usize = 72;
const SLOT: usize = 76;
const NEXT: usize = 80;
const OTHER: usize = 84;
const LEVEL: usize = 88;
const LONGEST: usize = 64;

/** Before the first key of a record, and of its properties. */
@inline
export function beginning(level: i32): usize {
  return KEYS + (<usize>level << 7);
}

let keys: u32 = 2;

/** The key that `findKey` found, 0 if it is not kept; what it stands for; and where it ends, behind its colon. */
export let foundKey: usize = 0;
export let foundSlot: i32 = NONE;
export let foundEnd: usize = 0;

@inline
export function slotOf(key: usize): i32 {
  return load<i32>(key, SLOT);
}

@inline
export function lengthOf(key: usize): usize {
  return <usize>load<u32>(key, LENGTH);
}

/** Which of the keys that came behind `key` before stands at `at`; 0: another one. */
@inline
export function follower(key: usize, at: usize): usize {
  const next = <usize>load<u32>(key, NEXT);
  if (isAt(next, at)) return next;
  const other = <usize>load<u32>(key, OTHER);
  return isAt(other, at) ? other : 0;
}

@inline
function isAt(key: usize, at: usize): bool {
  if (key == 0) return false;
  if ((i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(key))) | load<i32>(key, REST)) != 0xffff) return false;
  const length = lengthOf(key);
  if (length <= 16) return true;
  if ((i8x16.bitmask(i8x16.eq(v128.load(at, 16), v128.load(key, 16))) | load<i32>(key, REST_2)) != 0xffff) return false;
  return length <= 32 || isSame(at + 32, key + 32, length - 32);
}

export function isSame(a: usize, b: usize, length: usize): bool {
  for (let at: usize = 0; at < length; at++) if (load<u8>(a + at) != load<u8>(b + at)) return false;
  return true;
}

/** Looks a key up and remembers that it followed `before`. `at` stands on its quote. False: it has an escape or is beyond ASCII. */
export function findKey(before: usize, at: usize, level: i32): bool {
  let end = at + 1;
  while (load<u8>(end) != 0x22) {
    const byte = load<u8>(end);
    if (byte == 0x5c || byte < 0x20 || byte >= 0x80) return false;
    end++;
  }
  end++;
  if (load<u8>(end) != 0x3a) return findSpaced(at, end, level);
  end++;
  foundEnd = end;
  foundKey = end - at <= LONGEST ? kept(at, end - at, level) : 0;
  foundSlot = foundKey == 0 ? wanted(at + 1, end - at - 3, level) : slotOf(foundKey);
  if (foundKey != 0) {
    store<u32>(before, load<u32>(before, NEXT), OTHER);
    store<u32>(before, <u32>foundKey, NEXT);
  }
  return true;
}

/** A key with white space before its colon is not kept. */
function findSpaced(at: usize, end: usize, level: i32): bool {
  foundKey = 0;
  foundSlot = wanted(at + 1, end - at - 2, level);
  while (load<u8>(end) == 0x20 || load<u8>(end) == 0x09 || load<u8>(end) == 0x0d) end++;
  foundEnd = end + 1;
  return load<u8>(end) == 0x3a;
}

/** The key of these bytes, kept now if there is room; else 0. */
function kept(at: usize, length: usize, level: i32): usize {
  let hash: u32 = <u32>level;
  for (let i: usize = 0; i < length; i++) hash = (hash ^ load<u8>(at + i)) * 0x01000193;
  let probe = (hash ^ (hash >>> 15)) & 2047;
  while (true) {
    const place = KEY_TABLE + (<usize>probe << 2);
    const key = <usize>load<u32>(place);
    if (key == 0) return keys - 2 < KEYS_MAX ? keep(place, at, length, level) : 0;
    if (lengthOf(key) == length && load<i32>(key, LEVEL) == level && isSame(at, key, length)) return key;
    probe = (probe + 1) & 2047;
  }
}

function keep(place: usize, at: usize, length: usize, level: i32): usize {
  const key = KEYS + (<usize>keys << 7);
  keys++;
  memory.copy(key, at, length);
  store<u32>(key, <u32>length, LENGTH);
  store<i32>(key, restOf(<i32>length), REST);
  store<i32>(key, restOf(<i32>length - 16), REST_2);
  store<i32>(key, wanted(at + 1, length - 3, level), SLOT);
  store<i32>(key, level, LEVEL);
  store<u32>(place, <u32>key);
  return key;
}

/** The bits of 16 that lie behind so many bytes. */
function restOf(length: i32): i32 {
  if (length >= 16) return 0;
  return length <= 0 ? 0xffff : (0xffff << length) & 0xffff;
}

/** In any case: names are letters only, so folding a byte cannot make another character equal to one. */
function isName(at: usize, length: usize, name: string): bool {
  if (length != <usize>name.length) return false;
  for (let i: usize = 0; i < length; i++) {
    if (<u16>(load<u8>(at + i) | 0x20) != load<u16>(changetype<usize>(name) + (i << 1))) return false;
  }
  return true;
}

function wanted(at: usize, length: usize, level: i32): i32 {
  return level == 0 ? wantedOfRecord(at, length) : wantedOfProperties(at, length);
}

function wantedOfRecord(at: usize, length: usize): i32 {
  if (isName(at, length, 'time')) return TIME;
  if (isName(at, length, 'category')) return CATEGORY;
  if (isName(at, length, 'operationname')) return OPERATION_NAME;
  if (isName(at, length, 'resourceid')) return RESOURCE_ID;
  if (isName(at, length, 'properties')) return PROPERTIES;
  if (isName(at, length, 'durationms')) return MEASURE;
  const stops =
    isName(at, length, 'timegenerated') ||
    isName(at, length, 'eventtimestamp') ||
    isName(at, length, 'operationnamevalue') ||
    isName(at, length, 'eventtype') ||
    isName(at, length, 'type') ||
    isName(at, length, 'piicommandtext');
  return stops ? STOPS : NONE;
}

function wantedOfProperties(at: usize, length: usize): i32 {
  if (isName(at, length, 'statuscode')) return STATUS_CODE;
  if (isName(at, length, 'errorcode')) return ERROR_CODE;
  if (isName(at, length, 'databasename')) return DATABASE_NAME;
  if (isName(at, length, 'collectionname')) return COLLECTION_NAME;
  if (isName(at, length, 'requestresourcetype')) return REQUEST_RESOURCE_TYPE;
  if (isName(at, length, 'resourcetype')) return RESOURCE_TYPE;
  if (isName(at, length, 'requestresourceid')) return REQUEST_RESOURCE_ID;
  if (isName(at, length, 'clientipaddress')) return CLIENT_IP_ADDRESS;
  if (isName(at, length, 'address')) return ADDRESS;
  if (isName(at, length, 'clientip')) return CLIENT_IP;
  if (isName(at, length, 'useragent')) return USER_AGENT;
  if (isName(at, length, 'keytype')) return KEY_TYPE;
  if (isName(at, length, 'authtokentype')) return AUTH_TOKEN_TYPE;
  if (isName(at, length, 'authorizationtokentype')) return AUTHORIZATION_TOKEN_TYPE;
  if (isName(at, length, 'aadprincipalid')) return AAD_PRINCIPAL_ID;
  if (isName(at, length, 'activityid')) return ACTIVITY_ID;
  if (isName(at, length, 'duration')) return DURATION;
  if (isName(at, length, 'durationms')) return DURATION_MS;
  if (isName(at, length, 'requestcharge')) return REQUEST_CHARGE;
  if (isName(at, length, 'requestlength')) return REQUEST_LENGTH;
  if (isName(at, length, 'responselength')) return RESPONSE_LENGTH;
  return isName(at, length, 'piicommandtext') ? PII_COMMAND_TEXT : NONE;
}
