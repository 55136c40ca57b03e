import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_DEPTH, skipSpace, skipValue } from './walk.ts';

const SUITE = join(import.meta.dirname, '../../../shared/conformance/json-parsing/test_parsing');

/** Is it one value, with nothing but white space around? The buffer holds more on both sides. */
function walks(bytes: Uint8Array): boolean {
  const buffer = Buffer.concat([Buffer.from('"}'), bytes, Buffer.from('0"}]')]);
  const end = 2 + bytes.length;
  const behind = skipValue(buffer, skipSpace(buffer, 2, end), end, 0);
  return behind >= 0 && skipSpace(buffer, behind, end) === end;
}

function parses(bytes: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(bytes).toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

describe('the walk accepts what JSON.parse accepts', () => {
  test.each([
    '0',
    '-0',
    '01',
    '-',
    '+1',
    '1.',
    '.5',
    '1.5',
    '1e5',
    '1E+5',
    '1e',
    '1e-',
    '1.e1',
    '0x1',
    '1 2',
    '-a',
    '1a',
    'true',
    'tru',
    'truex',
    'True',
    'null',
    'nul',
    'false',
    'fals',
    'NaN',
    'Infinity',
    '',
    '""',
    '"a',
    'a"',
    '"\\u00e9"',
    '"\\u00g9"',
    '"\\u12"',
    '"\\x"',
    '"\\"',
    '"\\\\"',
    '"\\/"',
    '"\t"',
    '"é"',
    "'a'",
    '[]',
    '[,]',
    '[1,]',
    '[1 2]',
    '[1,2',
    '[',
    ']',
    '[[]]',
    '[1]]',
    '[1}',
    '[ ]',
    '{}',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{a:1}',
    '{"a" : 1 , "b":[{}]}',
    '{"a":1 "b":2}',
    '{"a":1,,"b":2}',
    '{1:2}',
    '{',
    '{"a":1}}',
    '{"a":1]',
    '\ufeff{}',
    '\u00a0{}',
    '{}\f',
  ])('%s', (text) => {
    const bytes = new TextEncoder().encode(text);
    expect(walks(bytes)).toBe(parses(bytes));
  });

  test('to a depth, and no deeper', () => {
    const nested = (levels: number) => new TextEncoder().encode(`${'['.repeat(levels)}${']'.repeat(levels)}`);
    expect(walks(nested(MAX_DEPTH))).toBe(true);
    expect(walks(nested(MAX_DEPTH + 1))).toBe(false);
    expect(walks(nested(1_000_000))).toBe(false);
  });

  test('law: of any value, and of any value damaged', () => {
    const damage = fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...'{}[]",:\\u0e-+.tn \n\t\u0001'));
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.option(damage), fc.nat(3), (value, damaged, indent) => {
        let text = JSON.stringify(value, null, indent);
        if (damaged !== null) {
          const at = damaged[0] % (text.length + 1);
          text = text.slice(0, at) + damaged[2] + text.slice(at + damaged[1]);
        }
        const bytes = new TextEncoder().encode(text);
        expect(walks(bytes)).toBe(parses(bytes));
      }),
      { numRuns: 5000 },
    );
  });
});

describe.skipIf(!existsSync(SUITE))('JSONTestSuite (only where it lies beside the repository)', () => {
  const files = existsSync(SUITE) ? readdirSync(SUITE) : [];
  // 500 levels: more than a log record has; such a record is left to the parser.
  test.each(files.filter((name) => name !== 'i_structure_500_nested_arrays.json'))('%s', (name) => {
    const bytes = readFileSync(join(SUITE, name));
    expect(walks(bytes)).toBe(parses(bytes));
    if (name.startsWith('y_')) expect(walks(bytes)).toBe(true);
    if (name.startsWith('n_')) expect(walks(bytes)).toBe(false);
  });
});
