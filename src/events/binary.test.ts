import { expect, it } from 'vitest';
import { binaryKind } from './binary.ts';

const record = JSON.stringify({ time: '2026-11-10T08:00:00Z', category: 'Administrative' });
const utf16 = Buffer.from(record, 'utf16le');

it.each<[string, Uint8Array | string, RegExp | null]>([
  ['a record', record, null],
  ['a record with a byte of zero', `{\0${record}`, null],
  ['zeros behind a record, where a disk was full', record + '\0'.repeat(4000), null],
  ['a byte of zero in front of many records', `\0${record.repeat(20)}`, null],
  ['nothing', '', null],
  ['Avro', `Obj\u0001\u0004\u0016avro.schema${record}`, /^Avro.*avro-tools tojson/],
  ['Parquet', 'PAR1\u0015\u0000', /^Parquet/],
  ['zip', 'PK\u0003\u0004\u0014\u0000', /^a zip archive/],
  ['UTF-16 without its mark', utf16, /^UTF-16.*iconv/],
  ['UTF-16 the other way round', Buffer.from(utf16).swap16(), /^UTF-16.*iconv/],
  ['a picture', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]), /^binary data$/],
])('%s', (_, start, expected) => {
  const kind = binaryKind(typeof start === 'string' ? Buffer.from(start, 'latin1') : start);
  if (expected === null) expect(kind).toBeNull();
  else expect(kind).toMatch(expected);
});
