import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Decoder } from '../events/decode.ts';
import { isKnown } from '../events/normalise.ts';
import type { JsonObject } from '../lib/json.ts';
import { type Located, Locator } from './locate.ts';

function at(text: string, line: number | null, nth = 1, size = text.length || 1): Located {
  const locator = new Locator(line);
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length && !locator.isFound; start += size)
    locator.push(bytes.subarray(start, start + size));
  return locator.end(nth);
}

const record = (name: string): JsonObject => ({ time: '2026-11-24T01:00:00Z', category: 'MongoRequests', name });
const [A, B, C] = [record('a'), record('b'), record('c')];
const line = (value: unknown): string => JSON.stringify(value);
const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

/** Which record stands there, in which lines, and which of how many. */
function told(found: Located): unknown {
  if (found.kind !== 'record') return found;
  const { line: first, last, nth, of } = found.place;
  return [found.value['name'], first, last, `${nth} of ${of}`];
}

describe('what stands at a line', () => {
  test.each<[string, string, number | null, unknown]>([
    ['a record a line', `${line(A)}\n${line(B)}\n`, 2, ['b', 2, 2, '1 of 1']],
    ['the last line, without a newline behind', `${line(A)}\n${line(B)}`, 2, ['b', 2, 2, '1 of 1']],
    ['without a line: the first record', `\n\n${line(A)}\n${line(B)}\n`, null, ['a', 3, 3, '1 of 1']],
    ['without a line: the first record, whatever is before it', `x\n{"a":\n${line(A)}`, null, ['a', 3, 3, '1 of 1']],
    ['a document over several lines, its first', `${pretty(A)}\n${pretty(B)}\n`, 6, ['b', 6, 10, '1 of 1']],
    ['a document over several lines, inside', `${pretty(A)}\n${pretty(B)}\n`, 3, ['a', 1, 5, '1 of 1']],
    ['a document over several lines, its last', `${pretty(A)}\n${pretty(B)}\n`, 10, ['b', 6, 10, '1 of 1']],
    ['an array over several lines', pretty([A, B, C]), 9, ['b', 7, 11, '1 of 1']],
    ['an envelope over several lines', pretty({ records: [A, B] }), 10, ['b', 8, 12, '1 of 1']],
    ['an envelope with something beside', pretty({ extra: [{ x: 1 }], value: [A, B] }), 15, ['b', 13, 17, '1 of 1']],
    ['an array in one line: its first', `${line([A, B])}\n${line(C)}`, 1, ['a', 1, 1, '1 of 2']],
    ['an array with a record a line', `[\n${line(A)},\n${line(B)}\n]`, 3, ['b', 3, 3, '1 of 1']],
    ['several documents in one line', `${line(A)}${line(B)}`, 1, ['a', 1, 1, '1 of 2']],
    ['an envelope in an array', pretty([{ records: [A] }, { records: [B] }]), 16, ['b', 13, 17, '1 of 1']],
    ['with \\r\\n', `${pretty(A)}\n${pretty(B)}\n`.replaceAll('\n', '\r\n'), 7, ['b', 6, 10, '1 of 1']],
    ['two records that are equal', pretty([A, A]), 8, ['a', 7, 11, '1 of 1']],
    ['a line that is no JSON', `${line(A)}\nnotes\n`, 2, { kind: 'invalid', reason: 'not_json', line: 2 }],
    [
      'a record that is cut off',
      `${line(A)}\n${line(B).slice(0, 20)}\n${line(C)}`,
      2,
      { kind: 'invalid', reason: 'truncated', line: 2 },
    ],
    ['the record behind one that is cut off', `${line(A).slice(0, 20)}\n${line(C)}`, 2, ['c', 2, 2, '1 of 1']],
    [
      'no record at all: why the first line is none',
      'notes\nmore\n',
      null,
      { kind: 'invalid', reason: 'not_json', line: 1 },
    ],
    ['binary data', '\u0089PNG\u0000\u0000', null, { kind: 'invalid', reason: 'binary', line: 1 }],
    ['a number', '5\n', 1, { kind: 'invalid', reason: 'not_an_object', line: 1 }],
    [
      'what is nested too deeply, inside',
      `{"a":\n${'['.repeat(200)}${']'.repeat(200)}\n}\n`,
      2,
      { kind: 'invalid', reason: 'too_deep', line: 1 },
    ],
    ['a blank line', `${line(A)}\n\n${line(B)}\n`, 2, { kind: 'nothing', lines: 3, before: 1 }],
    ['behind the end', `${pretty(A)}\n`, 9, { kind: 'nothing', lines: 5, before: 1 }],
    ['the bracket behind the last record', pretty([A]), 7, { kind: 'nothing', lines: 7, before: 2 }],
    ['an empty file', '', null, { kind: 'nothing', lines: 0, before: null }],
  ])('%s', (_name, text, wanted, expected) => {
    // In one piece, and in pieces that end anywhere.
    expect(told(at(text, wanted))).toEqual(expected);
    expect(told(at(text, wanted, 1, 7))).toEqual(expected);
  });

  test.each<[number, unknown]>([
    [2, ['b', 1, 1, '2 of 3']],
    [3, ['c', 1, 1, '3 of 3']],
    [4, { kind: 'too_few', line: 1, of: 3 }],
  ])('the record %i of a line', (nth, expected) => {
    expect(told(at(line([A, B, C]), 1, nth))).toEqual(expected);
    expect(told(at(line([A, B, C]), null, nth))).toEqual(expected);
  });
});

test('reading stops behind what was asked for', () => {
  const locator = new Locator(1);
  locator.push(Buffer.from(`${line(A)}\n`));
  expect(locator.isFound).toBe(false);
  locator.push(Buffer.from(`${line(B)}\n`));
  expect(locator.isFound).toBe(true);
});

/** Each record with the first line that the decoder of a scan tells. */
function decoded(text: string): { readonly value: JsonObject; readonly line: number }[] {
  const found: { value: JsonObject; line: number }[] = [];
  const sink = {
    record: (value: JsonObject, first: number) => found.push({ value, line: first }),
    skimmed: () => {},
    invalid: () => {},
  };
  const decoder = new Decoder({ known: isKnown, skim: null, sink });
  decoder.push(Buffer.from(text));
  decoder.end();
  return found;
}

test('law: whatever the framing, each record of a scan is found at each of its lines, and at no other', () => {
  const named = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { minLength: 1, maxLength: 5 });
  const framings: ((records: readonly JsonObject[]) => string)[] = [
    (records) => records.map(line).join('\n'),
    (records) => records.map(pretty).join('\n'),
    (records) => pretty(records),
    (records) => pretty({ records }),
    (records) => `[\n${records.map(line).join(',\n')}\n]`,
  ];
  fc.assert(
    fc.property(named, fc.constantFrom(...framings), fc.integer({ min: 1, max: 50 }), (names, frame, size) => {
      const text = frame(names.map(record));
      const lines = text.split('\n').length;
      const seen = new Map<unknown, number[]>();
      for (let wanted = 1; wanted <= lines; wanted++) {
        const found = at(text, wanted, 1, size);
        if (found.kind !== 'record') continue;
        expect([found.place.line <= wanted, wanted <= found.place.last]).toEqual([true, true]);
        seen.set(found.value['name'], [...(seen.get(found.value['name']) ?? []), wanted]);
      }
      expect([...seen.keys()]).toEqual(decoded(text).map(({ value }) => value['name']));
      for (const own of seen.values()) expect(own).toEqual(own.map((_, index) => own[0]! + index));
    }),
    { numRuns: 60 },
  );
});
