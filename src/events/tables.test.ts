import { describe, expect, it } from 'vitest';
import { answerOf, CELLS } from '../../test/support/cells.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import { Decoder } from './decode.ts';
import { NOW } from './families/forms.test-support.ts';
import { isKnown, normalise } from './normalise.ts';

interface Read {
  readonly records: JsonObject[];
  /** `line.index` of each record. */
  readonly places: string[];
  readonly invalid: string[];
}

function read(text: string, cut = 1 << 20, limit?: number): Read {
  const found: Read = { records: [], places: [], invalid: [] };
  const decoder = new Decoder({
    known: isKnown,
    skim: null,
    ...(limit === undefined ? {} : { limit }),
    sink: {
      record: (value, line, index) => {
        found.records.push(value);
        found.places.push(`${line}.${index}`);
      },
      skimmed: () => {},
      invalid: (reason, line, detail) => found.invalid.push(`${reason}@${line}: ${detail}`),
    },
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += cut) decoder.push(bytes.subarray(at, at + cut));
  decoder.end();
  return found;
}

function eventOf(record: JsonObject) {
  const told = normalise(record, { source: 'x', line: 1, index: 0 }, { now: NOW });
  if (told.kind !== 'event') throw new Error(JSON.stringify(told));
  const { raw: _, ...event } = told.event;
  return event;
}

const columns = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'n', type: 'string' },
];
const row = (n: number): Json[] => [`2026-11-10T08:00:0${n}Z`, `${n}`];
const numbers = ({ records }: Read) => records.map(({ n }) => n);

describe('rows of an answer', () => {
  it.each(CELLS.filter(({ isRow }) => isRow).map((cell) => [cell.name, cell] as const))(
    '%s tells the same as the record by itself',
    (_, { record }) => {
      const { records, invalid } = read(JSON.stringify(answerOf([record])));
      expect(invalid).toEqual([]);
      expect(records.map(eventOf)).toEqual([eventOf(record)]);
    },
  );

  it('of several logs in one table: blank columns of another log mislead nobody', () => {
    const rows = CELLS.filter(({ isRow }) => isRow).map(({ record }) => record);
    const { records } = read(JSON.stringify(answerOf(rows), null, 2));
    expect(records.map(eventOf)).toEqual(rows.map(eventOf));
  });

  it.each(['AzureActivity', 'CDBDataPlaneRequests5M', 'CDBGremlinRequests', 'CassandraAudit'])(
    '%s without its column Type: the name of the table tells',
    (name) => {
      const found = CELLS.find(({ record }) => record['Type'] === name)!;
      const { Type: _, ...record } = found.record;
      expect(read(JSON.stringify(answerOf([record], name))).records.map(eventOf)).toEqual([eventOf(found.record)]);
      const sourced = { ...record, $table: name };
      expect(read(JSON.stringify(answerOf([sourced]))).records.map(eventOf)).toEqual([eventOf(found.record)]);
    },
  );

  it('as az prints them: an object each, all values as texts, None for what is missing', () => {
    for (const { record } of CELLS.filter(({ isRow }) => isRow)) {
      const printed = { TableName: 'PrimaryResult', OperationNameValue: 'None', Category: 'None', ...record };
      expect(read(JSON.stringify([printed], null, 2)).records.map(eventOf)).toEqual([eventOf(record)]);
    }
  });
});

const FORMS: { name: string; answer: Json; expected?: unknown[]; invalid?: string[] }[] = [
  { name: 'one table', answer: { tables: [{ name: 'PrimaryResult', columns, rows: [row(1), row(2)] }] } },
  {
    name: 'several tables, statistics between',
    answer: {
      tables: [
        { name: 'a', columns, rows: [row(1)] },
        { name: 'b', columns, rows: [row(2)] },
      ],
      statistics: { rows: [[3]] },
    },
  },
  {
    name: 'the older interface',
    answer: {
      Tables: [
        {
          TableName: 'Table_0',
          Columns: [
            { ColumnName: 'TimeGenerated', DataType: 'DateTime', ColumnType: 'datetime' },
            { ColumnName: 'n', DataType: 'String' },
          ],
          Rows: [row(1), row(2)],
        },
      ],
    },
  },
  {
    name: 'a batch',
    answer: {
      responses: [1, 2].map((n) => ({
        id: `${n}`,
        status: 200,
        body: { tables: [{ name: 'x', columns, rows: [row(n)] }] },
      })),
    },
  },
  { name: 'several in a list', answer: [1, 2].map((n) => ({ tables: [{ name: 'x', columns, rows: [row(n)] }] })) },
  { name: 'a table by itself', answer: { columns, name: 'x', rows: [row(1), row(2)] } },
  { name: 'no rows', answer: { tables: [{ name: 'x', columns, rows: [] }] }, expected: [] },
  { name: 'no tables', answer: { tables: [] }, expected: [] },
  {
    name: 'a row too short and one too long',
    answer: { tables: [{ name: 'x', columns, rows: [['t'], row(1), [1, 2, 3], row(2)] }] },
    invalid: ['bad_row@1: row 1 of x has 1 values for 2 columns', 'bad_row@1: row 3 of x has 3 values for 2 columns'],
  },
  {
    name: 'a part, and why it is one',
    answer: {
      tables: [{ name: 'x', columns, rows: [row(1), row(2)] }],
      error: { code: 'PartialError', message: 'too many rows' },
    },
    invalid: ['query_error@1: PartialError: too many rows'],
  },
  {
    name: 'an error in place of a row',
    answer: {
      Tables: [{ TableName: 'x', Columns: columns, Rows: [row(1), row(2), { Exceptions: ['it ended early'] }] }],
    },
    invalid: ['query_error@1: it ended early'],
  },
  {
    name: 'nothing but an error',
    answer: { error: { code: 'BadArgument', message: 'no such table' } },
    expected: [],
    invalid: ['query_error@1: BadArgument: no such table'],
  },
];

describe('forms', () => {
  it.each(FORMS)('$name', ({ answer, expected = ['1', '2'], invalid = [] }) => {
    for (const indent of [undefined, 2]) {
      const told = read(JSON.stringify(answer, null, indent));
      expect(numbers(told)).toEqual(expected);
      // An element of a list has a line of its own.
      if (!Array.isArray(answer) || indent === undefined) expect(told.invalid).toEqual(invalid);
    }
  });

  it('values by their type: dynamic columns as objects, numbers for yes and no', () => {
    const typed = {
      columns: [
        { name: 'a', type: 'dynamic' },
        { name: 'b', type: 'bool' },
        { name: 'c', type: 'dynamic' },
        { name: 'd', type: 'string' },
      ],
      rows: [['{"x":1}', 0, '{x', '{"x":1}']],
    };
    expect(read(JSON.stringify(typed)).records).toEqual([{ a: { x: 1 }, b: false, c: '{x', d: '{"x":1}' }]);
  });

  it('a column may be called __proto__', () => {
    const { records } = read(
      '{"tables":[{"columns":[{"name":"__proto__","type":"dynamic"}],"rows":[["{\\"polluted\\":1}"]]}]}',
    );
    expect(Object.keys(records[0]!)).toEqual(['__proto__']);
    expect((records[0] as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('what only looks like an answer is no answer', () => {
    const texts = [
      '{"tables":"x"}',
      '{"columns":[{"name":"a"}]}',
      '{"columns":[1],"rows":[[1]]}',
      '{"data":{"a":1}}',
      '{"error":{"code":"x","message":"y"},"time":"t"}',
    ];
    for (const text of texts) expect(read(text)).toEqual({ records: [JSON.parse(text)], places: ['1.0'], invalid: [] });
  });
});

describe('long answers', () => {
  const many = Array.from({ length: 7000 }, (_, n): Json[] => [`2026-11-10T08:00:00Z`, `${n}${'é,"]}'.repeat(30)}`]);
  const answer = {
    tables: [
      { name: 'x', columns, rows: many },
      { name: 'y', columns, rows: [row(1)] },
    ],
    error: { code: 'PartialError', message: 'm' },
  };
  const forms: [string, string][] = [
    ['on one line', JSON.stringify(answer)],
    ['on many lines', JSON.stringify(answer, null, 1)],
    ['a row a line', JSON.stringify(answer).replaceAll('],[', '],\n[')],
  ];

  it.each(forms)('%s, longer than a document may be: rows are told as they come', (_, text) => {
    expect(text.length).toBeGreaterThan(1.3e6);
    const told = read(`{"n":"before"}\n${text}\n{"n":"behind"}`, 50_000, 1_300_000);
    const { records, invalid } = told;
    expect(records).toHaveLength(7003);
    expect([records[0]!['n'], records[1]!['n'], records[7001]!['n'], records[7002]!['n']]).toEqual([
      'before',
      many[0]![1],
      '1',
      'behind',
    ]);
    expect(told.places[7001]).toBe('2.7000');
    expect(invalid).toEqual(['query_error@2: PartialError: m']);
    expect(numbers(read(text))).toEqual([...many.map(([, n]) => n), '1']);
  });

  it.each(forms)('%s, cut off: what came is told, and what follows', (form, text) => {
    const known = JSON.stringify(CELLS[0]!.record);
    for (const length of [1_100_000, 1_199_991, 1_199_994]) {
      for (const cut of [40_000, 1 << 24]) {
        const { records, invalid } = read(`${text.slice(0, length)}\n${known}\n${known}`, cut);
        expect(records.slice(-2)).toEqual([CELLS[0]!.record, CELLS[0]!.record]);
        const whole = records.length - 2;
        expect(whole, form).toBeGreaterThan(4000);
        expect(numbers({ records: records.slice(0, -2), places: [], invalid })).toEqual(
          many.slice(0, whole).map(([, n]) => n),
        );
        expect(invalid[0]).toBe(`truncated@1: a query answer that ends behind item ${whole}`);
        // What is left of its last row is at most three lines.
        expect(invalid.length).toBeLessThan(5);
      }
    }
  });

  it('a short one on one line, cut off or with a damaged row, gives its other rows', () => {
    const text = JSON.stringify({ tables: [{ name: 'x', columns, rows: [row(1), row(2), row(3)] }] });
    const cut = read(`${text.slice(0, text.indexOf('"3"'))}\n{"n":"4"}`);
    expect([numbers(cut), cut.invalid]).toEqual([
      ['1', '2', '4'],
      ['truncated@1: a query answer that ends behind item 2'],
    ]);
    const damaged = read(`${text.replace('"2"', '"2')}\n{"n":"4"}`);
    expect(damaged.records.at(-1)).toEqual({ n: '4' });
    const bad = read(`${text.replace('"2"', 'tru')}\n{"n":"4"}`);
    expect([numbers(bad), bad.invalid]).toEqual([['1', '3', '4'], ['bad_row@1: row 2 of x is no JSON']]);
  });
});
