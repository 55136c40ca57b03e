import {
  AAD_PRINCIPAL_ID, ADDRESS, AUTH_TOKEN_TYPE, AUTHORIZATION_TOKEN_TYPE, CALLER_TABLE, CALLERS, CALLERS_END, CALLERS_MAX, CATEGORY,
  CLIENT_IP, CLIENT_IP_ADDRESS, ERROR_CODE, KEY_TYPE, PII_COMMAND_TEXT, RESOURCE_ID, STATUS_CODE, USER_AGENT,
} from './layout';
import { entrySize, hashOf, isOf, writeEntry } from './tuples';

/*
 * Records that agree, byte for byte, in what says who called from where, and how it went, are of one caller. Callers are bounded; beyond
 * the bound a record is of none, and the host counts those.
 */

const OF_CALLERS: i32 =
  (1 << CATEGORY) | (1 << RESOURCE_ID) | (1 << STATUS_CODE) | (1 << ERROR_CODE) | (1 << CLIENT_IP_ADDRESS) | (1 << ADDRESS) |
  (1 << CLIENT_IP) | (1 << USER_AGENT) | (1 << KEY_TYPE) | (1 << AUTH_TOKEN_TYPE) | (1 << AUTHORIZATION_TOKEN_TYPE) |
  (1 << AAD_PRINCIPAL_ID);

let count: u32 = 0;
let top: usize = CALLERS;
/** Requests of one log mostly come several of one caller. */
let last: usize = 0;

/** The number of the caller of the current record; 0: none. What a command says may name what it concerns: the host reads those. */
export function callerOf(seen: i32): u32 {
  if ((seen & (1 << PII_COMMAND_TEXT)) != 0) return 0;
  const values = seen & OF_CALLERS;
  if (last != 0 && isOf(last, values, values)) return load<u32>(last);
  const hash = hashOf(values, values);
  let probe = hash & 32767;
  while (true) {
    const place = CALLER_TABLE + (<usize>probe << 3);
    const entry = <usize>load<u32>(place, 4);
    if (entry == 0) return add(place, hash, values);
    if (load<u32>(place) == hash && isOf(entry, values, values)) {
      last = entry;
      return load<u32>(entry);
    }
    probe = (probe + 1) & 32767;
  }
}

function add(place: usize, hash: u32, values: i32): u32 {
  const size = entrySize(values);
  if (size == 0 || count >= CALLERS_MAX || top + size > CALLERS_END) return 0;
  count++;
  writeEntry(top, count, values, values);
  store<u32>(place, hash);
  store<u32>(place, <u32>top, 4);
  last = top;
  top += size;
  return count;
}
