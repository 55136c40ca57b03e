/*
 * The grammar of RFC 8259 over bytes that end in zeros, which no part of it accepts: so nothing needs to know where the input ends. An
 * answer of 0 means "no". A line feed is no white space here: a record never spans lines.
 */

const QUOTE: u8 = 0x22;
const BACKSLASH: u8 = 0x5c;
const MAX_DEPTH: i32 = 100;

@inline
export function skipSpace(at: usize): usize {
  while (load<u8>(at) == 0x20 || load<u8>(at) == 0x09 || load<u8>(at) == 0x0d) at++;
  return at;
}

/** The first byte at or behind `at` that is a quote, a backslash or a control character: 16 bytes at a time. */
@inline
export function plainEnd(at: usize): usize {
  while (true) {
    const bytes = v128.load(at);
    const odd = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))),
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
    );
    const mask = i8x16.bitmask(odd);
    if (mask != 0) return at + <usize>ctz(mask);
    at += 16;
  }
}

/** Behind the closing quote of a string. `at` stands behind its opening quote. */
@inline
export function skipString(at: usize): usize {
  at = plainEnd(at);
  return load<u8>(at) == QUOTE ? at + 1 : skipEscaped(at);
}

/** The same, from the first byte that is no plain character. */
function skipEscaped(at: usize): usize {
  while (true) {
    if (load<u8>(at) == QUOTE) return at + 1;
    if (load<u8>(at) != BACKSLASH) return 0;
    at = skipEscape(at + 1);
    if (at == 0) return 0;
    at = plainEnd(at);
  }
}

/** Behind an escape. `at` stands behind the backslash. */
function skipEscape(at: usize): usize {
  switch (load<u8>(at)) {
    case 0x22: case 0x5c: case 0x2f: case 0x62: case 0x66: case 0x6e: case 0x72: case 0x74:
      return at + 1;
    case 0x75:
      return isHex(at + 1) && isHex(at + 2) && isHex(at + 3) && isHex(at + 4) ? at + 5 : 0;
    default:
      return 0;
  }
}

function isHex(at: usize): bool {
  const folded = load<u8>(at) | 0x20;
  return isDigit(at) || (folded >= 0x61 && folded <= 0x66);
}

@inline
export function isDigit(at: usize): bool {
  return <u8>(load<u8>(at) - 0x30) < 10;
}

function skipDigits(at: usize): usize {
  while (isDigit(at)) at++;
  return at;
}

function skipNumber(at: usize): usize {
  if (load<u8>(at) == 0x2d) at++;
  if (!isDigit(at)) return 0;
  at = load<u8>(at) == 0x30 ? at + 1 : skipDigits(at);
  if (load<u8>(at) == 0x2e) {
    const fraction = skipDigits(at + 1);
    if (fraction == at + 1) return 0;
    at = fraction;
  }
  if ((load<u8>(at) | 0x20) == 0x65) {
    at += load<u8>(at, 1) == 0x2b || load<u8>(at, 1) == 0x2d ? 2 : 1;
    const exponent = skipDigits(at);
    if (exponent == at) return 0;
    at = exponent;
  }
  return at;
}

/** Behind any value. `at` stands on its first byte, `depth` counts the objects and arrays around it. */
export function skipValue(at: usize, depth: i32): usize {
  switch (load<u8>(at)) {
    case 0x22:
      return skipString(at + 1);
    case 0x7b:
      return depth >= MAX_DEPTH ? 0 : skipObject(at, depth + 1);
    case 0x5b:
      return depth >= MAX_DEPTH ? 0 : skipArray(at, depth + 1);
    case 0x74:
      return load<u32>(at) == 0x65757274 ? at + 4 : 0;
    case 0x66:
      return load<u32>(at, 1) == 0x65736c61 ? at + 5 : 0;
    case 0x6e:
      return load<u32>(at) == 0x6c6c756e ? at + 4 : 0;
    default:
      return skipNumber(at);
  }
}

function skipArray(start: usize, depth: i32): usize {
  let at = skipSpace(start + 1);
  if (load<u8>(at) == 0x5d) return at + 1;
  while (true) {
    at = skipValue(at, depth);
    if (at == 0) return 0;
    at = skipSpace(at);
    if (load<u8>(at) == 0x5d) return at + 1;
    if (load<u8>(at) != 0x2c) return 0;
    at = skipSpace(at + 1);
  }
}

function skipObject(start: usize, depth: i32): usize {
  let at = skipSpace(start + 1);
  if (load<u8>(at) == 0x7d) return at + 1;
  while (true) {
    if (load<u8>(at) != QUOTE) return 0;
    at = skipString(at + 1);
    if (at == 0) return 0;
    at = skipSpace(at);
    if (load<u8>(at) != 0x3a) return 0;
    at = skipValue(skipSpace(at + 1), depth);
    if (at == 0) return 0;
    at = skipSpace(at);
    if (load<u8>(at) == 0x7d) return at + 1;
    if (load<u8>(at) != 0x2c) return 0;
    at = skipSpace(at + 1);
  }
}
