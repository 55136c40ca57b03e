import { describe, expect, it } from 'vitest';
import type { Match, Test } from './ir.ts';
import { printMatch } from './print.ts';

const field = (name: string, test: Test): Match => ({ kind: 'field', field: name, test });
const a = field('a', { kind: 'text', pattern: ['x'], cased: false });
const b = field('b', { kind: 'number', op: 'gte', value: 5 });

describe('printMatch', () => {
  it.each<[string, Match, string]>([
    [
      'text',
      field('f', { kind: 'text', pattern: [{ wild: 'any' }, 'a*"\\', { wild: 'one' }], cased: true }),
      'f == "*a\\*\\"\\\\?"',
    ],
    ['number', b, 'b >= 5'],
    ['boolean', field('f', { kind: 'boolean', value: true }), 'f = true'],
    ['null', field('f', { kind: 'null' }), 'f is null or missing'],
    ['exists', field('f', { kind: 'exists', value: false }), 'f does not exist'],
    ['regex', field('f', { kind: 'regex', source: 'a+', flags: 'i' }), 'f ~ /a+/i'],
    ['cidr', field('f', { kind: 'cidr', range: '10.0.0.0/8' }), 'f in 10.0.0.0/8'],
    ['fieldref', field('f', { kind: 'fieldref', other: 'g', op: 'neq', cased: false }), 'f != field g'],
    ['time', field('f', { kind: 'time', part: 'hour', op: 'lt', value: 6 }), 'hour of f < 6'],
    ['keyword', { kind: 'keyword', test: { kind: 'regex', source: 'x', flags: '' } }, 'any value ~ /x/'],
    ['constant', { kind: 'constant', value: false }, 'nothing'],
    ['or inside and', { kind: 'all', of: [a, { kind: 'any', of: [a, b] }] }, 'a = "x" and (a = "x" or b >= 5)'],
    ['and inside or', { kind: 'any', of: [{ kind: 'all', of: [a, b] }, b] }, 'a = "x" and b >= 5 or b >= 5'],
    ['not of a group', { kind: 'not', of: { kind: 'all', of: [a, b] } }, 'not (a = "x" and b >= 5)'],
    ['an empty group', { kind: 'any', of: [] }, 'nothing'],
  ])('%s', (_, match, line) => {
    expect(printMatch(match)).toBe(line);
  });
});
