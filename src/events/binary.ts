const HEAD = 8192;

/** How files of well-known formats begin, and what to do about them. */
const FORMATS: readonly (readonly [string, string])[] = [
  ['Obj\u0001', 'Avro, as Event Hubs Capture writes it: make JSON of it (avro-tools tojson FILE) and scan that'],
  ['PAR1', 'Parquet: make JSON of it and scan that'],
  ['PK\u0003\u0004', 'a zip archive: unpack it and scan the folder'],
  ...['{\0', '[\0'].map((magic) => [magic, utf16('LE')] as const),
  ...['\0{', '\0['].map((magic) => [magic, utf16('BE')] as const),
];

function utf16(order: 'LE' | 'BE'): string {
  return `UTF-16 without its mark: make UTF-8 of it (iconv -f UTF-16${order} -t UTF-8 FILE)`;
}

/**
 * What a file is that is no text, with what to do about it; null: it is text. A log may hold bytes of zero where a disk was full or a
 * line was damaged: if it begins like JSON, or has few of them, it is read.
 */
export function binaryKind(start: Uint8Array): string | null {
  const head = start.subarray(0, HEAD);
  const first = Buffer.from(head.subarray(0, 16)).toString('latin1');
  const known = FORMATS.find(([magic]) => first.startsWith(magic));
  if (known !== undefined) return known[1];
  if (!head.includes(0) || /^(?:\xef\xbb\xbf)?\s*[[{]/.test(first)) return null;
  let odd = 0;
  for (const byte of head) if (byte < 0x20 && (byte < 0x09 || byte > 0x0d)) odd++;
  return odd * 20 > head.length ? 'binary data' : null;
}
