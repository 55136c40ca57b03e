import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSkim } from '../skim/skim.ts';
import { Decoder } from './decode.ts';
import { isKnown } from './normalise.ts';

const known = (n: number) =>
  `{"time":"2026-01-05T00:00:0${n}Z","category":"DataPlaneRequests","operationName":"Read","resourceId":"/x","properties":{"n":"${n}"}}`;
const pretty = (n: number) => JSON.stringify(JSON.parse(known(n)), null, 2);

/** What a text is read as: the numbers of its records with their lines, and what was invalid. */
function read(text: string | Uint8Array, cut?: number, limit?: number) {
  const records: string[] = [];
  const invalid: string[] = [];
  const decoder = new Decoder({
    known: isKnown,
    skim: null,
    ...(limit === undefined ? {} : { limit }),
    sink: {
      record: (value, line, index) =>
        records.push(`${(value as { properties?: { n?: string } }).properties?.n ?? '?'}@${line}.${index}`),
      skimmed: () => {},
      invalid: (reason, line) => invalid.push(`${reason}@${line}`),
    },
  });
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  if (cut === undefined) decoder.push(bytes);
  else {
    // As files are read: every chunk comes in the same memory.
    const memory = Buffer.alloc(cut);
    for (let at = 0; at < bytes.length; at += cut) {
      const chunk = bytes.subarray(at, at + cut);
      memory.set(chunk);
      decoder.push(memory.subarray(0, chunk.length));
    }
  }
  decoder.end();
  return { records, invalid };
}

const FRAMINGS: { name: string; text: string; records: string[]; invalid?: string[] }[] = [
  { name: 'a record a line', text: `${known(1)}\n${known(2)}\n`, records: ['1@1.0', '2@2.0'] },
  {
    name: 'carriage returns, empty lines, a byte-order mark',
    text: `\ufeff${known(1)}\r\n\r\n  ${known(2)}`,
    records: ['1@1.0', '2@3.0'],
  },
  { name: 'an array on one line', text: `[${known(1)}, ${known(2)}]`, records: ['1@1.0', '2@1.1'] },
  {
    name: '{"records":[...]} on one line',
    text: `{"records": [${known(1)},${known(2)}]}`,
    records: ['1@1.0', '2@1.1'],
  },
  {
    name: '{"records":[...]} one a line',
    text: `{"records":[${known(1)}]}\n{"records":[${known(2)}]}`,
    records: ['1@1.0', '2@2.0'],
  },
  {
    name: 'a REST page',
    text: `{"value":[${known(1)},${known(2)}],"nextLink":"https://x"}`,
    records: ['1@1.0', '2@1.1'],
  },
  { name: 'an array, a record a line', text: `[\n${known(1)},\n${known(2)}\n]`, records: ['1@2.0', '2@3.0'] },
  { name: 'an array, commas first', text: `[${known(1)}\n,${known(2)}\n]`, records: ['1@1.0', '2@2.0'] },
  {
    name: 'an envelope, a record a line',
    text: `{"records":[\n${known(1)},\n${known(2)}]}`,
    records: ['1@2.0', '2@3.0'],
  },
  { name: 'pretty-printed, one after another', text: `${pretty(1)}\n${pretty(2)}\n`, records: ['1@1.0', '2@10.0'] },
  {
    name: 'a pretty-printed array',
    text: JSON.stringify([JSON.parse(known(1)), JSON.parse(known(2))], null, 2),
    records: ['1@2.0', '2@11.0'],
  },
  {
    name: 'a pretty-printed envelope',
    text: JSON.stringify({ records: [JSON.parse(known(1))] }, null, 2),
    records: ['1@1.0'],
  },
  { name: 'several on one line', text: `${known(1)}${known(2)} ${known(3)}`, records: ['1@1.0', '2@1.1', '3@1.2'] },
  { name: 'nothing', text: '', records: [] },
  {
    name: 'a truncated line loses one record',
    text: `${known(1)}\n${known(2).slice(0, 60)}\n${known(3)}`,
    records: ['1@1.0', '3@3.0'],
    invalid: ['truncated@2'],
  },
  {
    name: 'a truncated line before a pretty-printed document',
    text: `${known(2).slice(0, -20)}\n${pretty(1)}\n${known(3)}`,
    records: ['1@2.0', '3@11.0'],
    invalid: ['truncated@1'],
  },
  {
    name: 'a truncated last line',
    text: `${known(1)}\n${known(2).slice(0, 70)}`,
    records: ['1@1.0'],
    invalid: ['truncated@2'],
  },
  {
    name: 'a document that would swallow a record',
    text: `{"a":\n${known(1)}\n}`,
    records: ['1@2.0'],
    invalid: ['truncated@1'],
  },
  {
    name: 'files put together, each with its mark',
    text: `\ufeff${known(1)}\n\ufeff${known(2)}`,
    records: ['1@1.0', '2@2.0'],
  },
  { name: 'a brace too many', text: `${known(1)}}\n${known(2)}`, records: ['2@2.0'], invalid: ['not_json@1'] },
  { name: 'no JSON', text: `hello\n${known(1)}`, records: ['1@2.0'], invalid: ['not_json@1'] },
  { name: 'a literal that is none', text: `{"a":tru}\n${known(1)}`, records: ['1@2.0'], invalid: ['not_json@1'] },
  { name: 'no object', text: `42\n${known(1)}`, records: ['1@2.0'], invalid: ['not_an_object@1'] },
];

describe('framings', () => {
  it.each(FRAMINGS)('$name', ({ text, records, invalid = [] }) => {
    expect(read(text)).toEqual({ records, invalid });
  });

  it.each(FRAMINGS)('$name, cut at every byte', ({ text, records, invalid = [] }) => {
    for (const cut of [1, 2, 3, 7, 64]) expect(read(text, cut)).toEqual({ records, invalid });
  });
});

describe('hostile input', () => {
  it('a line beyond the limit is passed over without being kept', () => {
    expect(read(`${known(1)}\n"${'x'.repeat(5000)}"\n${known(2)}`, 100, 1000)).toEqual({
      records: ['1@1.0', '2@3.0'],
      invalid: ['too_long@2'],
    });
  });

  it('10,000 levels deep', () => {
    const deep = `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    expect(read(`${deep}\n${known(1)}`)).toEqual({ records: ['1@2.0'], invalid: ['too_deep@1'] });
  });

  it('bytes of zero cost the lines that they stand in', () => {
    const text = `${known(1)}\n{"a":"\u0000"}\n\u0000\u0000${known(2)}\n${known(3)}`;
    expect(read(text)).toEqual({ records: ['1@1.0', '3@4.0'], invalid: ['not_json@2', 'binary@3'] });
  });

  it('numbers beyond all numbers, lone surrogates, and a key that stands twice', () => {
    const text = `{"a":1e999,"b":"\\ud800","a":-1e999}\n${known(1)}`;
    expect(read(text)).toEqual({ records: ['?@1.0', '1@2.0'], invalid: [] });
  });

  it('binary data', () => {
    expect(read(Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 10, 3]))).toEqual({
      records: [],
      invalid: ['binary@1'],
    });
  });

  it('a list whose members are not all records loses those that are none', () => {
    const list = `[${known(1)},"x",null,{"a":1},${known(2)}]`;
    for (const text of [list, `{"records":${list}}`, `{"value":${list}}`, JSON.stringify({ body: list })])
      expect(read(text)).toEqual({
        records: ['1@1.0', '?@1.3', '2@1.4'],
        invalid: ['not_an_object@1', 'not_an_object@1'],
      });
  });

  it('a list in which no record stands is a field like any other', () => {
    expect(read('{"value":[1,2]}')).toEqual({ records: ['?@1.0'], invalid: [] });
  });

  it('many open braces are not read again and again', () => {
    const { invalid } = read(`${'{\n'.repeat(20_000)}${known(1)}`);
    expect(invalid).toHaveLength(20_000);
  });

  it('__proto__ is a key like any other', () => {
    read('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    expect((Object.prototype as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('invalid UTF-8 keeps the record', () => {
    const bytes = Buffer.concat([
      Buffer.from(known(1).slice(0, -3)),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(known(1).slice(-3)),
    ]);
    expect(read(bytes).records).toHaveLength(1);
  });
});

describe('published JSON texts', () => {
  const folder = fileURLToPath(new URL('../../../shared/conformance/json-parsing/test_parsing', import.meta.url));
  it.skipIf(!existsSync(folder))('objects that must parse are records, and nothing throws', () => {
    const skim = createSkim(() => false);
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, name));
      let seen = 0;
      const decoder = new Decoder({
        known: isKnown,
        skim,
        sink: { record: () => seen++, skimmed: () => seen++, invalid: () => {} },
      });
      decoder.push(bytes);
      decoder.end();
      if (name.startsWith('y_object')) expect(seen, name).toBe(1);
    }
  });
});
