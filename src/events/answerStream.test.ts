import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../lib/json.ts';
import { AnswerStream } from './answerStream.ts';
import { itemsOf, type TableItem } from './tables.ts';

/** Feeds a text in pieces, as a decoder does: what was not used comes again with the next piece. */
function stream(text: string, size: number): { items: TableItem[]; state: string; unused: number } {
  const items: TableItem[] = [];
  const reader = new AnswerStream((item) => items.push(item));
  const bytes = Buffer.from(text);
  let from = 0;
  for (let to = size; from < bytes.length; to = Math.min(bytes.length, to + size)) {
    from += reader.take(bytes.subarray(from, to));
    if (to >= bytes.length || reader.state !== 'open') break;
  }
  return { items, state: reader.state, unused: bytes.length - from };
}

const scalar = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null));
const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }), fc.jsonValue({ maxDepth: 2 }));
const type = fc.constantFrom('string', 'dynamic', 'bool', 'real', '');
const table = fc.array(fc.tuple(fc.string({ minLength: 1 }), type), { minLength: 1, maxLength: 4 }).chain((named) =>
  fc.record({
    name: fc.constantFrom('PrimaryResult', 'AzureActivity', 'rows'),
    columns: fc.constant(named.map(([name, of]) => ({ name: `c${name}`, type: of }))),
    rows: fc.array(
      fc.oneof(
        { weight: 9, arbitrary: fc.array(value, { minLength: named.length, maxLength: named.length }) },
        { weight: 1, arbitrary: fc.array(value) },
      ),
      { maxLength: 5 },
    ),
  }),
);
const answer = fc.record({ tables: fc.array(table, { minLength: 1, maxLength: 3 }), statistics: value, render: value });

describe('an answer that is read while it arrives', () => {
  it('gives what it gives when it is read as a whole, wherever it is cut', () => {
    fc.assert(
      fc.property(answer, fc.integer({ min: 1, max: 60 }), fc.constantFrom(0, 1), (given, size, indent) => {
        const text = JSON.stringify(given, null, indent);
        const told = stream(text, size);
        expect(told).toEqual({ items: itemsOf(JSON.parse(text) as JsonObject), state: 'done', unused: 0 });
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, string, string, number]>([
    ['cut in a row', '{"tables":[{"columns":[{"name":"a"}],"rows":[[1],[2', 'open', 1],
    ['cut in a name', '{"tables":[{"columns":[{"name":"a"}],"rows":[[1]],"na', 'open', 1],
    ['a record in place of a row', '{"tables":[{"columns":[{"name":"a"}],"rows":[[1],7', 'failed', 1],
    ['brackets that do not match', '{"tables":[{"columns":[{"name":"a"}],"rows":[[1]}', 'failed', 1],
    ['rows before their columns', '{"tables":[{"rows":[[1]],"columns":[{"name":"a"}]}]}', 'failed', 0],
    ['no bracket', '"tables"', 'failed', 0],
    ['a damaged row', '{"tables":[{"columns":[{"name":"a"}],"rows":[[tru],[1]]}]}', 'done', 2],
  ])('%s', (_, text, state, items) => {
    const told = stream(text, 1000);
    expect([told.state, told.items.length]).toEqual([state, items]);
  });

  it('what is deep or long beside the rows is passed over', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const text = `{"statistics":${deep},"tables":[{"columns":[{"name":"a"}],"rows":[[${deep}],[1],{"a":${deep}}]}]}`;
    const { items, state } = stream(text, 1_000_000);
    expect(state).toBe('done');
    expect(items.map(({ kind }) => kind)).toEqual(['row', 'row', 'query_error']);
    expect((items[1] as { value: Json }).value).toEqual({ a: 1 });
  });
});
