import { isDigit } from './json';

/*
 * `"2026-11-24T03:12:07.1234567Z"`, the only form that is read here, to microseconds since 1970. NaN: another form, or no such time.
 */

@inline
function two(at: usize): i32 {
  if (!isDigit(at) || !isDigit(at + 1)) return 1000;
  return (<i32>load<u8>(at) - 0x30) * 10 + (<i32>load<u8>(at, 1) - 0x30);
}

/** The date of the last record, and when it began. */
let date0: u64 = 0;
let date1: u16 = 0;
let midnight: f64 = NaN;

/** @param start on the opening quote @param end behind the closing one */
export function timeAt(start: usize, end: usize): f64 {
  const at = start + 1;
  const length = <i32>(end - at) - 1;
  if (length < 20 || length > 30 || load<u8>(at, 10) != 0x54 || load<u8>(end - 2) != 0x5a) return NaN;
  if (load<u8>(at, 13) != 0x3a || load<u8>(at, 16) != 0x3a) return NaN;
  const hour = two(at + 11);
  const minute = two(at + 14);
  const second = two(at + 17);
  if (hour > 23 || minute > 59 || second > 59) return NaN;
  const micros = fraction(at, length);
  if (micros < 0) return NaN;
  if (load<u64>(at) != date0 || load<u16>(at, 8) != date1) {
    midnight = midnightOf(at);
    date0 = load<u64>(at);
    date1 = load<u16>(at, 8);
  }
  return midnight + <f64>((hour * 60 + minute) * 60 + second) * 1000000.0 + <f64>micros;
}

/** Digits beyond the sixth are dropped. */
@inline
function fraction(at: usize, length: i32): i32 {
  if (length == 20) return 0;
  if (load<u8>(at, 19) != 0x2e || length == 21) return -1;
  let micros = 0;
  let digits = 0;
  for (let i = 20; i < length - 1; i++) {
    if (!isDigit(at + i)) return -1;
    if (digits++ < 6) micros = micros * 10 + (<i32>load<u8>(at + i) - 0x30);
  }
  while (digits++ < 6) micros *= 10;
  return micros;
}

function midnightOf(at: usize): f64 {
  const year = two(at) * 100 + two(at + 2);
  const month = two(at + 5);
  const day = two(at + 8);
  if (load<u8>(at, 4) != 0x2d || load<u8>(at, 7) != 0x2d) return NaN;
  // Years of other centuries are no times of logs: the host says so.
  if (year < 1970 || year > 2099 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return NaN;
  let days = (year - 1970) * 365 + (year - 1969) / 4 + day - 1;
  for (let before = 1; before < month; before++) days += daysIn(year, before);
  return <f64>days * 86400000000.0;
}

/** 1970 to 2099: every fourth year is a leap year. */
function daysIn(year: i32, month: i32): i32 {
  if (month == 2) return year % 4 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}
