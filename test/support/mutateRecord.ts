/** Bits of JSON, of hostile JSON, and of other encodings. */
const BITS: readonly string[] = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\n',
  '\r\n',
  '\u0000',
  '\ufeff',
  '\\ud800',
  '\\u0000',
  '\ud83d\ude00',
  '1e999',
  '-0',
  '1'.repeat(400),
  'null',
  'true',
  '{"__proto__":{"polluted":1}}',
  '"__proto__":{"polluted":1},',
  '"constructor":{"prototype":{"polluted":1}},',
  '"toString":1,',
  '"hasOwnProperty":0,',
  '"time":"2026-11-10T08:00:01Z",',
  '"category":"DataPlaneRequests",',
  '"properties":"{}",',
  '"properties":null,',
  '"Type":"AzureActivity",',
  '"tables":[{"columns":[{"name":"a"}],"rows":[[1],',
  '"body":"{}",',
  '"data_base64":"e30=",',
  '{"records":[',
  ']}',
  '[[[[[[[[[[[[[[[[[[[[',
  '{"a":'.repeat(120),
  '\u001b[31m',
  '<script>',
  '  ',
];

/** The bytes of a text with some of them changed, cut, repeated, or with parts of another text between them. */
export function mutated(seed: string, others: readonly string[], random: (below: number) => number): Uint8Array {
  let bytes: Uint8Array = Buffer.from(seed);
  for (let times = 1 + random(4); times > 0; times--) bytes = once(bytes, others, random);
  return bytes;
}

function once(bytes: Uint8Array, others: readonly string[], random: (below: number) => number): Uint8Array {
  const at = random(bytes.length + 1);
  const end = Math.min(bytes.length, at + random(random(4) === 0 ? 200 : 8));
  switch (random(7)) {
    case 0:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    case 3: {
      const changed = Uint8Array.from(bytes);
      if (at < changed.length) changed[at] = random(256);
      return changed;
    }
    case 4: {
      const other = Buffer.from(others[random(others.length)]!);
      const from = random(other.length);
      return spliced(bytes, at, at, other.subarray(from, from + random(300)));
    }
    default:
      return spliced(bytes, at, random(2) === 0 ? at : end, Buffer.from(BITS[random(BITS.length)]!));
  }
}

function spliced(bytes: Uint8Array, from: number, to: number, put: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(to)]);
}
