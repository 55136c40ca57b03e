import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/lib/json.ts';
import { CELLS } from '../support/cells.ts';
import { between, type Neighbour, neighbour, tell } from '../support/neighbours.ts';

/** Other projects' hostile texts: not part of this repository; without them these tests are skipped. */
const DATA = fileURLToPath(new URL('../../../shared/conformance', import.meta.url));
const present = existsSync(DATA);
if (!present) console.warn(`skipped: no hostile texts at ${DATA}`);

const JSON_TEXTS = `${DATA}/json-parsing`;
const files = (folder: string) => (present ? readdirSync(`${JSON_TEXTS}/${folder}`) : []);
const bytesOf = (folder: string, name: string) => readFileSync(`${JSON_TEXTS}/${folder}/${name}`);

const [BEFORE, AFTER] = ['DataPlaneRequests, export', 'ActivityLog, REST'].map((name) =>
  neighbour(CELLS.find((cell) => cell.name === name)!.record),
) as [Neighbour, Neighbour];

/** No JSON, and yet nothing is wrong with them in a file of records: white space, and brackets and commas around records. */
const FRAMING: ReadonlySet<string> = new Set([
  'n_array_just_comma.json',
  'n_single_space.json',
  'n_structure_UTF8_BOM_no_data.json',
  'n_structure_double_array.json',
  'n_structure_end_array.json',
  'n_structure_lone-open-bracket.json',
  'n_structure_no_data.json',
  'n_structure_open_array_comma.json',
  'n_structure_open_array_open_object.json',
  'n_structure_open_object_open_array.json',
  'n_structure_whitespace_formfeed.json',
]);
/** A record but for the bracket before it: the first line of a list with a record a line. */
const RECORD_IN_LIST = 'n_array_unclosed_with_object_inside.json';

describe.skipIf(!present)('published JSON texts', () => {
  it.each(files('test_parsing'))('%s', (name) => {
    for (const isSkimming of [false, true]) {
      const { faults, records, invalid } = between(BEFORE, bytesOf('test_parsing', name), AFTER, { isSkimming });
      expect(faults).toEqual([]);
      if (name.startsWith('y_')) expect(invalid.filter((reason) => reason !== 'not_an_object')).toEqual([]);
      if (name.startsWith('y_object')) expect(records).toHaveLength(1);
      if (!name.startsWith('n_') || name === RECORD_IN_LIST) continue;
      expect(records).toEqual([]);
      expect(invalid.length > 0).toBe(!FRAMING.has(name));
    }
  });

  it.each(files('test_parsing'))('%s by itself, cut at every byte', (name) => {
    const bytes = bytesOf('test_parsing', name);
    if (bytes.length > 1000) return;
    expect(() => tell(bytes)).not.toThrow();
  });

  it.each(files('test_transform'))('%s: what one may make of it is open, but not of its neighbours', (name) => {
    expect(between(BEFORE, bytesOf('test_transform', name), AFTER).faults).toEqual([]);
  });
});

const NAUGHTY: readonly string[] = present
  ? (JSON.parse(readFileSync(`${DATA}/naughty-strings/blns.json`, 'utf8')) as string[])
  : [];

/** The record with a text in place of each of its texts, one at a time: in `properties` too, and where those are a text, in there. */
function* withText(record: JsonObject, text: string): Generator<JsonObject> {
  for (const [name, value] of Object.entries(record)) {
    if (typeof value === 'string') yield { ...record, [name]: text };
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const inner of withText(value as JsonObject, text)) yield { ...record, [name]: inner };
    }
  }
  yield { ...record, [text]: text as Json };
}

describe.skipIf(!present)('naughty strings', () => {
  it.each(CELLS.map((cell, at) => [cell.name, cell.record, at] as const))('in every text of %s', (_, record, at) => {
    // Each of them stands in some cells, and each cell gets its share: all in all would take minutes.
    const texts = NAUGHTY.filter((_, index) => index % 32 === at % 32);
    expect(texts.length).toBeGreaterThan(10);
    for (const text of texts) {
      const lines = [...withText(record, text)].map((each) => JSON.stringify(each));
      const { faults, records, invalid } = between(BEFORE, Buffer.from(lines.join('\n')), AFTER);
      expect(faults, text).toEqual([]);
      expect(records).toHaveLength(lines.length);
      expect(invalid).toEqual([]);
    }
  });
});
