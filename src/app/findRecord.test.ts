import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../lib/errors.ts';
import { findRecord } from './findRecord.ts';

let root = '';
const at = (name: string): string => join(root, name);
const n = (number: number): string => JSON.stringify({ n: number });
const pretty = (...numbers: number[]): string =>
  JSON.stringify(
    numbers.map((number) => ({ n: number })),
    null,
    2,
  );

const FILES: readonly (readonly [string, string | Uint8Array])[] = [
  ['lines', `${n(1)}\n${n(2)}\nbroken\n`],
  ['one', `[${n(1)},${n(2)}]`],
  ['two', `${n(1)}\n[${n(2)},${n(3)}]\n`],
  ['pretty.gz', gzipSync(pretty(1, 2))],
  ['pretty.zst', zstdCompressSync(pretty(1, 2))],
  ['name:2', n(7)],
  ['name', `${n(1)}\n[${n(2)},${n(3)}]\n`],
  ['name:2:1', n(8)],
  ['empty', ''],
  ['blank', `${n(1)}\n\n${n(2)}`],
];

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-find-'));
  for (const folder of ['several', 'single']) mkdirSync(at(folder));
  for (const [name, bytes] of [...FILES, ['several/a', n(1)], ['several/b', n(2)], ['single/a', n(9)]] as const)
    writeFileSync(at(name), bytes);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the record that a name means', () => {
  it.each<[string, string, number, object]>([
    ['the first, without a line', 'lines', 1, { line: 1, last: 1, nth: 1, of: 1 }],
    ['one a line', 'lines:2', 2, { line: 2, of: 1 }],
    ['the first of several in a line', 'two:2', 2, { line: 2, nth: 1, of: 2 }],
    ['another of them', 'two:2:2', 3, { line: 2, nth: 2, of: 2 }],
    ['the only one, counted', 'lines:2:1', 2, { nth: 1, of: 1 }],
    ['inside a document of several lines, gzip', 'pretty.gz:6', 2, { line: 5, last: 7 }],
    ['inside a document of several lines, zstd', 'pretty.zst:3', 1, { line: 2, last: 4 }],
    ['a file whose name ends like a line', 'name:2', 7, { line: 1 }],
    ['a line of that file', 'name:2:2', -1, {}],
    ['a file whose name ends like a line and a number', 'name:2:1', 8, { line: 1 }],
    ['a line of a file that has no such namesake', 'name:1:1', 1, { line: 1 }],
    ['a folder of one file', 'single:1', 9, { line: 1 }],
    ['a pattern that one file fits', 'sing*/?:1', 9, { line: 1 }],
  ])('%s: %s', async (_name, named, number, place) => {
    const found = await findRecord(at(named)).catch((error: unknown) => error);
    if (number === -1) expect(found).toBeInstanceOf(UserError);
    else expect(found).toMatchObject({ kind: 'record', value: { n: number }, place });
  });

  it('a line that is no record is told as it is', async () => {
    expect(await findRecord(at('lines:3'))).toMatchObject({ kind: 'invalid', reason: 'not_json', place: { line: 3 } });
  });

  it.each<[string, string, string, string, string]>([
    ['a file that is not there', 'no/such:1:2', 'CW-2001', 'no/such', ''],
    ['an empty file', 'empty', 'CW-2003', 'empty is empty', 'export'],
    [
      'a folder of several',
      'several:1',
      'CW-1002',
      'several is 2 files, and a record stands in one',
      'name one of them',
    ],
    ['line 0', 'lines:0', 'CW-1002', 'lines:0: lines and records count from 1', 'lines:1'],
    ['record 0', 'lines:1:0', 'CW-1002', 'lines:1:0: lines and records count from 1', 'lines:1'],
    ['a line behind the end', 'lines:9', 'CW-1002', 'no record stands at line 9 of', 'no line for the first record'],
    ['a blank line', 'blank:2', 'CW-1002', 'no record stands at line 2 of', 'no line for the first record'],
    ['one too many of several', 'two:2:3', 'CW-1002', 'holds 2 records', 'two:2:1 to'],
    ['one too many', 'lines:1:2', 'CW-1002', 'line 1 of', 'lines:1'],
  ])('%s: %s', async (_name, named, code, message, cure) => {
    const error = (await findRecord(at(named)).catch((one: unknown) => one)) as UserError;
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) as string });
    expect(error.cure ?? '').toContain(cure);
  });
});
