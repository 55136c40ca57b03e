const HEAD = 8192;

/** How files of well-known formats begin, and what to do about them. */
const FORMATS: readonly (readonly [string, string])[] = [
  ['Obj\u0001', 'Avro, as Event Hubs Capture writes it: make JSON of it (avro-tools tojson FILE) and scan that'],
  ['PAR1', 'Parquet: make JSON of it and scan that'],
  ['PK\u0003\u0004', 'a zip archive: unpack it and scan the folder'],
];

const LIKE_JSON = /^(?:\xef\xbb\xbf)?\s*[[{]/;
const SURELY_JSON = new RegExp(`${LIKE_JSON.source}[^\\0]`);

/** Does it begin like JSON, so that what follows can only be text? Then nothing has to wait for more of it. */
export function beginsLikeJson(head: Uint8Array): boolean {
  return SURELY_JSON.test(Buffer.from(head.subarray(0, 16)).toString('latin1'));
}

/**
 * What a file is that is no text, with what to do about it; null: it is text. A log may hold bytes of zero where a disk was full or a
 * line was damaged: if it begins like JSON, or has few of them, it is read.
 */
export function binaryKind(chunk: Uint8Array): string | null {
  const head = chunk.subarray(0, HEAD);
  const first = Buffer.from(head.subarray(0, 16)).toString('latin1');
  const known = FORMATS.find(([magic]) => first.startsWith(magic));
  if (known !== undefined) return known[1];
  let zeros = 0;
  let odd = 0;
  for (const byte of head) {
    if (byte === 0) zeros++;
    if (byte < 0x20 && (byte < 0x09 || byte > 0x0d)) odd++;
  }
  if (zeros === 0) return null;
  const isWide = ['{\0', '[\0', '\0{', '\0['].some((start) => first.startsWith(start));
  if (isWide && zeros * 3 > head.length)
    return 'UTF-16 without its mark: make UTF-8 of it (iconv -f UTF-16LE -t UTF-8 FILE, or UTF-16BE)';
  if (LIKE_JSON.test(first)) return null;
  return odd * 20 > head.length ? 'binary data' : null;
}
