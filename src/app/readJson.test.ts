import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../lib/json.ts';
import { nodeIo } from '../sources/file.ts';
import { readJson } from './readJson.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-read-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function read(
  bytes: string | Uint8Array,
): Promise<{ records: JsonObject[]; lines: number[]; invalid: string[] }> {
  const path = join(root, 'f');
  writeFileSync(path, bytes);
  const [records, lines, invalid]: [JsonObject[], number[], string[]] = [[], [], []];
  await readJson({ path, size: bytes.length }, nodeIo, {
    record: (value, { line }) => {
      records.push(value);
      lines.push(line);
    },
    invalid: (reason, { line }) => invalid.push(`${line} ${reason}`),
  });
  return { records, lines, invalid };
}

const A = { a: 1, list: [{ x: 1 }, { y: 2 }] };
const B = { b: { time: 'now' } };
const NDJSON = `${JSON.stringify(A)}\n${JSON.stringify(B)}\n`;

describe('any JSON', () => {
  it.each<[string, string | Uint8Array, readonly JsonObject[]]>([
    ['a line each', NDJSON, [A, B]],
    ['an array', JSON.stringify([A, B]), [A, B]],
    ['a pretty-printed array', JSON.stringify([A, B], null, 2), [A, B]],
    [
      'pretty-printed objects, one behind the other',
      `${JSON.stringify(A, null, 2)}\n${JSON.stringify(B, null, 4)}`,
      [A, B],
    ],
    [
      'compact objects within a pretty-printed one',
      '{\n  "list": [\n    {"time": 1},\n    {"time": 2}\n  ],\n  "n": 1\n}\n',
      [{ list: [{ time: 1 }, { time: 2 }], n: 1 }],
    ],
    ['an array with a line each', `[\n${JSON.stringify(A)},\n${JSON.stringify(B)}\n]\n`, [A, B]],
    ['an envelope', JSON.stringify({ records: [A, B] }), [A, B]],
    ['an answer in pages', JSON.stringify({ value: [A, B], nextLink: 'https://contoso.example' }, null, 1), [A, B]],
    ['an event that has a list called value', `{"value":[{"x":1}],"n":1}`, [{ value: [{ x: 1 }], n: 1 }]],
    ['gzip', gzipSync(NDJSON), [A, B]],
    ['zstd', zstdCompressSync(NDJSON), [A, B]],
    ['nothing', '', []],
  ])('%s', async (_name, bytes, records) => {
    expect(await read(bytes)).toMatchObject({ records, invalid: [] });
  });

  it.each<[string, string, readonly JsonObject[], readonly string[]]>([
    ['a broken line', `${JSON.stringify(A)}\nnonsense\n${JSON.stringify(B)}\n`, [A, B], ['2 not_json']],
    [
      'a line that was cut off',
      `{"a": {"b": 1}\n${JSON.stringify(A)}\n${JSON.stringify(B)}\n`,
      [A, B],
      ['1 truncated'],
    ],
    ['a number', '7\n{"a":1}\n', [{ a: 1 }], ['1 not_an_object']],
  ])('%s loses nothing but itself', async (_name, text, records, invalid) => {
    expect(await read(text)).toMatchObject({ records, invalid });
  });

  it('knows the lines', async () => {
    expect((await read(JSON.stringify([A, B], null, 2))).lines).toEqual([2, 13]);
  });
});
