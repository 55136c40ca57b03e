/**
 * One walk over the bytes of one JSON value, by the whole grammar of RFC 8259: what it accepts, JSON.parse accepts. It never throws;
 * a negative position means "no".
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;

export const NO = -1;
export const MAX_DEPTH = 100;

/** The first position that is no white space. */
export function skipSpace(buffer: Uint8Array, at: number, end: number): number {
  while (at < end) {
    const byte = buffer[at]!;
    if (byte > 0x20) return at;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at++;
  }
  return at;
}

/** Behind a string's closing quote. `at` stands on its opening quote. */
export function skipString(buffer: Uint8Array, at: number, end: number): number {
  let next = at + 1;
  for (;;) {
    next = plainEnd(buffer, next, end);
    if (next >= end) return NO;
    const byte = buffer[next];
    if (byte === QUOTE) return next + 1;
    if (byte !== BACKSLASH) return NO;
    next = skipEscape(buffer, next + 1, end) + 1;
    if (next <= 0) return NO;
  }
}

/** The same, for a string without escapes; NO for one with. */
export function skipPlain(buffer: Uint8Array, at: number, end: number): number {
  const next = plainEnd(buffer, at + 1, end);
  return next < end && buffer[next] === QUOTE ? next + 1 : NO;
}

/**
 * The next byte that is no plain character of a string. Each comparison has nearly always the same answer: a branch that the processor
 * predicts costs less than one comparison that it cannot.
 */
function plainEnd(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const byte = buffer[at]!;
    if (byte === QUOTE || byte === BACKSLASH || byte < 0x20) return at;
    at++;
  }
  return at;
}

/** Behind a key's closing quote; NO for one with an escape or beyond ASCII: it could be any name. */
export function skipKey(buffer: Uint8Array, at: number, end: number): number {
  for (let next = at + 1; next < end; next++) {
    const byte = buffer[next]!;
    if (byte === QUOTE) return next + 1;
    if (byte === BACKSLASH || byte < 0x20 || byte >= 0x80) return NO;
  }
  return NO;
}

/** The last position of an escape. `at` stands behind the backslash. */
function skipEscape(buffer: Uint8Array, at: number, end: number): number {
  if (at >= end) return NO;
  const byte = buffer[at]!;
  // b f n r t " \ /
  if (byte === 0x62 || byte === 0x66 || byte === 0x6e || byte === 0x72 || byte === 0x74) return at;
  if (byte === QUOTE || byte === BACKSLASH || byte === 0x2f) return at;
  if (byte !== 0x75 || at + 4 >= end) return NO;
  for (let digit = at + 1; digit <= at + 4; digit++) if (!isHex(buffer[digit]!)) return NO;
  return at + 4;
}

function isHex(byte: number): boolean {
  const folded = byte | 0x20;
  return isDigit(byte) || (folded >= 0x61 && folded <= 0x66);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function skipDigits(buffer: Uint8Array, at: number, end: number): number {
  while (at < end && isDigit(buffer[at])) at++;
  return at;
}

/** Behind a number, or NO. */
export function skipNumber(buffer: Uint8Array, start: number, end: number): number {
  let at = buffer[start] === 0x2d ? start + 1 : start;
  if (at >= end || !isDigit(buffer[at])) return NO;
  at = buffer[at] === 0x30 ? at + 1 : skipDigits(buffer, at, end);
  if (at < end && buffer[at] === 0x2e) {
    const fraction = skipDigits(buffer, at + 1, end);
    if (fraction === at + 1) return NO;
    at = fraction;
  }
  if (at < end && (buffer[at]! | 0x20) === 0x65) {
    const sign = buffer[at + 1] === 0x2b || buffer[at + 1] === 0x2d ? at + 2 : at + 1;
    const exponent = skipDigits(buffer, sign, end);
    if (exponent === sign) return NO;
    at = exponent;
  }
  return at;
}

const LITERALS = [
  [0x74, 0x72, 0x75, 0x65],
  [0x66, 0x61, 0x6c, 0x73, 0x65],
  [0x6e, 0x75, 0x6c, 0x6c],
] as const;

function skipLiteral(buffer: Uint8Array, at: number, end: number): number {
  for (const literal of LITERALS) {
    if (buffer[at] !== literal[0]) continue;
    if (at + literal.length > end) return NO;
    for (let next = 1; next < literal.length; next++) if (buffer[at + next] !== literal[next]) return NO;
    return at + literal.length;
  }
  return NO;
}

/** Behind any value. `at` stands on its first byte. */
export function skipValue(buffer: Uint8Array, at: number, end: number, depth: number): number {
  switch (buffer[at]) {
    case QUOTE:
      return skipString(buffer, at, end);
    case OPEN_BRACE:
      return depth >= MAX_DEPTH ? NO : skipObject(buffer, at, end, depth + 1);
    case OPEN_BRACKET:
      return depth >= MAX_DEPTH ? NO : skipArray(buffer, at, end, depth + 1);
    case 0x74:
    case 0x66:
    case 0x6e:
      return skipLiteral(buffer, at, end);
    default:
      return at < end ? skipNumber(buffer, at, end) : NO;
  }
}

function skipArray(buffer: Uint8Array, start: number, end: number, depth: number): number {
  let at = skipSpace(buffer, start + 1, end);
  if (buffer[at] === CLOSE_BRACKET && at < end) return at + 1;
  for (;;) {
    at = skipValue(buffer, at, end, depth);
    if (at < 0) return NO;
    at = skipSpace(buffer, at, end);
    if (at >= end) return NO;
    if (buffer[at] === CLOSE_BRACKET) return at + 1;
    if (buffer[at] !== COMMA) return NO;
    at = skipSpace(buffer, at + 1, end);
  }
}

function skipObject(buffer: Uint8Array, start: number, end: number, depth: number): number {
  let at = skipSpace(buffer, start + 1, end);
  if (at < end && buffer[at] === CLOSE_BRACE) return at + 1;
  for (;;) {
    if (at >= end || buffer[at] !== QUOTE) return NO;
    at = skipString(buffer, at, end);
    if (at < 0) return NO;
    at = skipSpace(buffer, at, end);
    if (at >= end || buffer[at] !== COLON) return NO;
    at = skipValue(buffer, skipSpace(buffer, at + 1, end), end, depth);
    if (at < 0) return NO;
    at = skipSpace(buffer, at, end);
    if (at >= end) return NO;
    if (buffer[at] === CLOSE_BRACE) return at + 1;
    if (buffer[at] !== COMMA) return NO;
    at = skipSpace(buffer, at + 1, end);
  }
}
