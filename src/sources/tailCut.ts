const NEWLINE = 0x0a;
/** Bytes that are looked through for the end of a document before any line will do. */
const MOST = 16 << 20;
const WHITE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0d, NEWLINE]);

/**
 * How many of these bytes may be given: as far as a document certainly ends, because each batch is decoded for itself. That is after a line
 * that is one document or one item of a list, and after a bracket that closes in the first column. 0: nothing certain yet, as in a list
 * written over several lines that is still being written.
 */
export function lastBoundary(bytes: Uint8Array): number {
  for (let end = bytes.lastIndexOf(NEWLINE); end >= 0; end = end === 0 ? -1 : bytes.lastIndexOf(NEWLINE, end - 1)) {
    const start = end === 0 ? 0 : bytes.lastIndexOf(NEWLINE, end - 1) + 1;
    if (endsDocument(bytes, start, end)) return end + 1;
  }
  return 0;
}

function endsDocument(bytes: Uint8Array, start: number, newline: number): boolean {
  let last = newline - 1;
  while (last >= start && WHITE.has(bytes[last]!)) last--;
  if (last >= start && bytes[last] === 0x2c) last--;
  if (last < start) return false;
  const first = bytes[start]!;
  const closes = bytes[last] === 0x7d || bytes[last] === 0x5d;
  return closes && (first === 0x7b || first === 0x5b || last === start);
}

/** Is this one whole JSON document, though no line ends it? */
export function isWhole(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/** How much may be given of bytes in which no document certainly ends and that go on: nothing, unless they are too many to look on. */
export function lengthOfAny(bytes: Uint8Array): number {
  return bytes.length < MOST ? 0 : lastLine(bytes) || bytes.length;
}

/** Behind the last line; 0 if none ends. */
export function lastLine(bytes: Uint8Array): number {
  return bytes.lastIndexOf(NEWLINE) + 1;
}
