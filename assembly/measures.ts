import { DURATION_MS } from './layout';

/*
 * What a request cost: milliseconds, request units, bytes asked and answered. A number is read here if it is plain (digits, perhaps with a
 * point, at most 15 of them, in quotes or not): then what is read is what parsing reads, because digits and the power of ten are both
 * exact. With anything else the record is the host's business.
 */

/** Behind a record's other words: whether its measures are plain, and four numbers; NaN: not told. */
const PLAIN: usize = 52;
const VALUES: usize = 56;
const DIGITS_MAX: i32 = 15;

/** Which measures the current record told so far; beyond them, that one is not plain. */
let told: i32 = 0;
const ODD: i32 = 1 << 8;

const power: StaticArray<f64> = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

@inline
export function forgetMeasures(): void {
  told = 0;
}

/** @param at its first byte, perhaps a quote @param to behind its last @param record where it is told */
export function measured(slot: i32, at: usize, to: usize, record: usize): void {
  const place = slot <= DURATION_MS ? 0 : slot - DURATION_MS;
  const bit = 1 << place;
  if ((told & bit) != 0) {
    told |= ODD;
    return;
  }
  told |= bit;
  store<f64>(record + VALUES + (<usize>place << 3), numberIn(at, to));
}

/** Whether all are plain; those that are not told are NaN. */
@inline
export function tellMeasures(record: usize): void {
  for (let place = 0; place < 4; place++) {
    if ((told & (1 << place)) == 0) store<f64>(record + VALUES + (<usize>place << 3), NaN);
  }
  store<u32>(record, (told & ODD) == 0 ? 1 : 0, PLAIN);
}

function numberIn(at: usize, to: usize): f64 {
  if (load<u8>(at) == 0x22) {
    at++;
    to--;
    // Blank is as if it were not told.
    if (at == to) return NaN;
  } else if (load<u32>(at) == 0x6c6c756e) return NaN;
  let digits: u64 = 0;
  let count = 0;
  let behind = -1;
  for (let place = at; place < to; place++) {
    const byte = load<u8>(place);
    if (byte == 0x2e && behind < 0 && count > 0) behind = 0;
    else if (byte >= 0x30 && byte <= 0x39) {
      digits = digits * 10 + (byte - 0x30);
      count++;
      if (behind >= 0) behind++;
    } else {
      told |= ODD;
      return NaN;
    }
  }
  if (count == 0 || count > DIGITS_MAX || behind == 0) {
    told |= ODD;
    return NaN;
  }
  return behind > 0 ? <f64>digits / unchecked(power[behind]) : <f64>digits;
}
