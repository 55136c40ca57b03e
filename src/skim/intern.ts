const SLOTS = 4096;
const MAX_LENGTH = 512;

/**
 * The text of some bytes, without making a string for what was seen before: names repeat in almost every record. Bounded: a slot
 * keeps the last text that fell into it, and exact bytes decide, never the hash.
 */
export class Interner {
  readonly #bytes: (Uint8Array | undefined)[] = new Array(SLOTS);
  readonly #texts: string[] = new Array(SLOTS);

  text(buffer: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length > MAX_LENGTH) return decode(buffer, start, end);
    const slot = hash(buffer, start, end) & (SLOTS - 1);
    const known = this.#bytes[slot];
    if (known !== undefined && known.length === length && isSame(known, buffer, start)) return this.#texts[slot]!;
    const text = decode(buffer, start, end);
    // A copy: `slice` of a Buffer would be a view into memory that the reader uses again.
    this.#bytes[slot] = new Uint8Array(buffer.subarray(start, end));
    this.#texts[slot] = text;
    return text;
  }
}

function hash(buffer: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5 ^ (end - start);
  // Ids differ at their ends, operations at their beginnings: a few bytes are enough for a slot.
  for (let at = start; at < end; at += 16) value = Math.imul(value ^ buffer[at]!, 0x01000193);
  for (let at = Math.max(start, end - 6); at < end; at++) value = Math.imul(value ^ buffer[at]!, 0x01000193);
  return value ^ (value >>> 15);
}

/** From the end: ids that share a slot differ there. */
function isSame(known: Uint8Array, buffer: Uint8Array, start: number): boolean {
  for (let at = known.length - 1; at >= 0; at--) if (known[at] !== buffer[start + at]) return false;
  return true;
}

function decode(buffer: Uint8Array, start: number, end: number): string {
  return Buffer.from(buffer.buffer, buffer.byteOffset + start, end - start).toString('utf8');
}
