import { accepted, condition, correlating, line, type Point, refused, selecting, warned } from './case.ts';
import { CORRELATION_POINTS } from './correlationPoints.ts';

const ABC = 'a: {f: 1}\nb: {f: 2}\nc: {f: 3}';

/** What implementers of Sigma get wrong or decide differently, with our decision. Rules and events first, correlations after them. */
export const POINTS: readonly Point[] = [
  {
    about: 'precedence in conditions',
    decision: 'or, and, not, `x of`, parentheses, weakest first; operators in lower case only',
    cases: [
      condition('not before and before or', ABC, 'not a and b or c', [{ f: 2 }, { f: 3 }], [{ f: 1 }, { f: 4 }]),
      condition('parentheses', ABC, 'not (a or b)', [{ f: 3 }], [{ f: 1 }, { f: 2 }]),
      refused(
        'AND',
        selecting('f: 1').replace('condition: selection', 'condition: selection AND selection'),
        'CW-3005 6:24',
      ),
    ],
  },
  {
    about: '`1 of them`, patterns, names that look like words',
    decision:
      '`*` may stand anywhere in a pattern; names that begin with `_` are only meant by patterns that do; a pattern that matches no selection is an error, because its part of the condition would vanish',
    cases: [
      condition('1 of them passes over _names', 'a: {f: 1}\n_b: {f: 2}', '1 of them', [{ f: 1 }], [{ f: 2 }]),
      condition('a star in the middle', 's_x_1: {f: 1}\ns_y_1: {f: 2}', 'all of s*x*', [{ f: 1 }], [{ f: 2 }]),
      condition(
        'selections called note and order',
        'note: {f: 1}\norder: {g: 1}',
        'note and order',
        [{ f: 1, g: 1 }],
        [{ f: 1 }],
      ),
      refused(
        'a pattern of nothing',
        selecting('f: 1')
          .replace('n: s', 'n: s')
          .replace(/selection\n$/, '1 of x_*\n'),
        'CW-3020 6:14',
      ),
      refused('2 of', selecting('f: 1').replace(/selection\n$/, '2 of sel*\n'), 'CW-3005 6:14'),
    ],
  },
  {
    about: 'what a plain value matches',
    decision: 'the whole value, without case, beyond ASCII too; `re` is case-sensitive and matches anywhere',
    cases: [
      line('the whole value', 'f: abc', { f: 'ABC' }, { f: 'abcd' }),
      line('without case beyond ASCII', 'f: \u00c4BC', { f: '\u00e4bc' }, { f: 'abc' }),
      line('letters that fold in two ways', 'f: \u03a3\u03a3', { f: '\u03c3\u03c2' }, { f: '\u03c3' }),
    ],
  },
  {
    about: 'backslashes',
    decision: 'a backslash escapes `*`, `?` and itself; before anything else, and at the end, it is a backslash',
    cases: [
      line('before a letter', "f: 'C:\\Windows'", { f: 'c:\\windows' }, { f: 'C:Windows' }),
      line('before a star', "f: 'a\\*'", { f: 'a*' }, { f: 'ab' }),
      line('two before a star: a backslash, then anything', "f: 'a\\\\*'", { f: 'a\\bc' }, { f: 'a*' }),
      line('three before a star: a backslash and a star', "f: 'a\\\\\\*'", { f: 'a\\*' }, { f: 'a\\b' }),
      line('two: one backslash', "f: 'a\\\\b'", { f: 'a\\b' }, { f: 'a\\\\b' }),
      line('four: two backslashes', "f: 'a\\\\\\\\b'", { f: 'a\\\\b' }, { f: 'a\\b' }),
      line('one at the end of |contains', "f|contains: 'a\\'", { f: 'xa\\b' }, { f: 'xa*b' }),
    ],
  },
  {
    about: '`?` and newlines',
    decision: '`?` is exactly one character, also one of two UTF-16 units; wildcards match newlines',
    cases: [
      line('one character', 'f: a?c', { f: 'abc' }, { f: 'ac' }),
      line('one character beyond 16 bits', 'f: a?c', { f: 'a\u{1f600}c' }, { f: 'abbc' }),
      line('over newlines', 'f: a*z', { f: 'a\nz' }, { f: 'a\nzz.' }),
    ],
  },
  {
    about: 'null, the empty text, a missing field',
    decision:
      'null is a missing field or null, also in a list of values or of the event; the empty text is present and empty',
    cases: [
      line('null is missing', 'f: null', {}, { f: '' }),
      line('null is null', 'f: null', { f: null }, { f: 0 }),
      line('null in a list', 'f: [a, null]', {}, { f: 'b' }),
      line('a key without a value is null', 'f:', {}, { f: 'a' }),
      line('the empty text', "f: ''", { f: '' }, {}),
      line('null in an array of the event', 'f: null', { f: ['x', null] }, { f: [] }),
    ],
  },
  {
    about: '`not` over a missing field',
    decision: 'plain logic: an event that does not match is matched by `not`',
    cases: [condition('not of a missing field', 'a: {f: 1}', 'not a', [{}, { f: null }, { f: 2 }], [{ f: 1 }])],
  },
  {
    about: '`exists`',
    decision:
      'presence only; true or false, also as YAML 1.1 writes them (`yes`, `no`), but no quoted text and no other modifier',
    cases: [
      line('null exists', 'f|exists: true', { f: null }, { g: 1 }),
      line('a bare yes', 'f|exists: yes', { f: '' }, {}),
      refused('a quoted yes', selecting("f|exists: 'yes'"), 'CW-3009 5:15'),
      refused('exists|contains', selecting('f|exists|contains: true'), 'CW-3009 5:24'),
    ],
  },
  {
    about: 'keywords',
    decision:
      'anywhere in any value of the event at any depth, joined by OR; `|all` joins them by AND; wildcards work inside; names of fields are no values',
    cases: [
      line('a part of any value', '- whoami', { a: { b: ['run WHOAMI now'] } }, { whoami: 'x' }),
      line('several are or', '- a1\n- b2', { x: 'b2' }, { x: 'c3' }),
      line('wildcards inside', '- a*z', { a: 'x a-z x' }, { a: 'z a' }),
      line("'|all'", "'|all': [a1, b2]", { x: 'a1', y: 'b2' }, { x: 'a1' }),
      line('a number', '- 4625', { a: 'id 4625' }, { a: 'id' }),
      line("'|re'", "'|re': '^ab+$'", { a: 'abb' }, { a: 'xabb' }),
      line("'|cidr'", "'|cidr': 10.0.0.0/8", { a: '10.1.2.3' }, { a: '11.1.2.3' }),
      line("'|startswith'", "'|startswith': ab", { a: 'abc' }, { a: 'cab' }),
      refused("'|exists'", selecting("'|exists': true"), 'CW-3009 5:16'),
    ],
  },
  {
    about: '`all` with one value, empty lists',
    decision:
      'both accepted with a warning; an empty list matches nothing; values that a modifier multiplies are OR inside the AND of `all`',
    cases: [
      warned('|all with one value', selecting('f|all: a'), 'CW-3058'),
      warned('an empty list', selecting('f: []'), 'CW-3059'),
      condition('an empty list matches nothing', 'a: {f: []}', 'not a', [{}, { f: null }, { f: 'x' }], []),
      line('or inside the and of |all', 'f|windash|contains|all: [-a, -b]', { f: '/a -b' }, { f: '/a' }),
    ],
  },
  {
    about: '`windash`',
    decision: '- / \u2013 \u2014 \u2015 where one begins a word, in all permutations; a dash inside a word stays',
    cases: [
      line('all five, mixed', 'f|windash: -a /b', { f: '\u2014a \u2015b' }, { f: 'a b' }),
      line('inside a word', 'f|windash: -a-b', { f: '/a-b' }, { f: '/a/b' }),
    ],
  },
  {
    about: '`base64offset`, `wide`',
    decision:
      'three variants, cut where neighbours decide; UTF-16 comes before base64; wildcards and non-ASCII texts are errors',
    cases: [
      line('offset 0', 'f|base64offset: foobar', { f: 'Zm9vYmFy' }, { f: 'foobar' }),
      line('offset 1', 'f|base64offset: foobar', { f: 'Zvb2Jhc' }, { f: 'Zm9v' }),
      line('offset 2', 'f|base64offset: foobar', { f: 'mb29iYX' }, { f: 'YmFy' }),
      refused('a wildcard', selecting("f|base64: 'a*'"), 'CW-3009 5:15'),
      refused('beyond ASCII', selecting('f|utf16be|base64: \u00e4'), 'CW-3009 5:23'),
    ],
  },
  {
    about: '`cidr`',
    decision:
      'host bits are an error with the range that was meant; what is no address, also `1` and `0x7f.1`, does not match; IPv4 written as IPv6 is IPv4',
    cases: [
      line('no address', 'f|cidr: 0.0.0.0/0', { f: '203.0.113.7' }, { f: '0x7f.1' }),
      line('IPv4 written as IPv6', 'f|cidr: 203.0.113.0/24', { f: '::ffff:203.0.113.7' }, { f: '::1' }),
      refused('host bits', selecting('f|cidr: 10.0.0.1/8'), 'CW-3014 5:13'),
    ],
  },
  {
    about: 'numbers, booleans and their texts',
    decision:
      "in a rule `5` is a number and `'5'` a text, and comparisons refuse the text; in an event a text that is a decimal number in full counts as one, `0x5` and booleans do not; whole numbers beyond 2^53 are compared as text",
    cases: [
      line('a number and its text', 'f: 5', { f: '5' }, { f: '55' }),
      line('a number and an equal one', 'f: 5', { f: '5.0' }, { f: true }),
      line('a text of digits and a number', "f: '5'", { f: 5 }, { f: '5.0' }),
      line('true and its text', 'f: true', { f: 'True' }, { f: 'yes' }),
      line('hexadecimal is no number', 'f|gte: 0', { f: '0' }, { f: '0xff' }),
      line('beyond 2^53', 'f: 9007199254740993', { f: '9007199254740993' }, { f: '9007199254740992' }),
      line('a list is or', 'f|gt: [100, 5]', { f: 6 }, { f: 5 }),
      refused('gt of a quoted number', selecting("f|gt: '5'"), 'CW-3009 5:11'),
    ],
  },
  {
    about: 'comparing what is no number',
    decision: 'no match; no error',
    cases: [
      line('a text', 'f|lt: 5', { f: 4 }, { f: 'four' }),
      line('an object, null, a boolean', 'f|gte: 0', { f: [{ a: 1 }, null, false, 1] }, { f: [{ a: 1 }, null, false] }),
    ],
  },
  {
    about: '`fieldref`',
    decision: 'a missing field on either side is no match, with `neq` too; arrays match by any pair',
    cases: [
      line('both there', 'f|fieldref: g', { f: 'A', g: 'a' }, { f: 'a' }),
      line('neq: both must be there', 'f|fieldref|neq: g', { f: 'a', g: 'b' }, { f: 'a' }),
      line('arrays', 'f|fieldref: g', { f: ['a', 'b'], g: ['b', 'c'] }, { f: ['a'], g: ['b'] }),
    ],
  },
  {
    about: '`expand`',
    decision:
      'placeholders are read with `expand` only, and come from the lists of the configuration; without a list the rule stays loaded, matches nothing and a warning says so, so that it never matches the placeholder itself and never loses a filter',
    cases: [
      line('without expand it is a text', "f: '%admins%'", { f: '%admins%' }, { f: 'ann' }),
      line('an escaped percent sign', "f|expand: '\\%x\\%%dots%'", { f: '%x%a.b' }, { f: 'a.b' }),
      warned('an unknown list', selecting("f|expand: '%nobody%'"), 'CW-3012'),
      condition('an unknown list in a filter', "a: {f: 1}\nb: {g|expand: '%nobody%'}", 'a and not b', [], [{ f: 1 }]),
      condition('an empty list', "a: {f: 1}\nb: {g|expand: '%empty%'}", 'a and not b', [{ f: 1 }], [{}]),
    ],
  },
  {
    about: '`re` with other modifiers',
    decision: '`i`, `m`, `s`; `contains`, `startswith`, `endswith` behind it; nothing before it',
    cases: [
      line('re|contains', 'f|re|contains: b.d', { f: 'abcde' }, { f: 'bd' }),
      line('re|i|m', 'f|re|i|m: ^b$', { f: 'a\nB' }, { f: 'ab' }),
      refused('contains|re', selecting('f|contains|re: a'), 'CW-3009 5:20'),
      refused('base64|re', selecting('f|base64|re: a'), 'CW-3009 5:18'),
    ],
  },
  {
    about: 'lists, maps, dotted names, arrays',
    decision:
      'a map is AND, a list of maps or values OR; a name with dots is looked for as it is, then as a path; names are found without case; an array matches by any element, also inside a path',
    cases: [
      line('one field twice', 'f|startswith: a\nf|endswith: z', { f: 'abz' }, { f: 'ab' }),
      line('a list of maps', '- f: a\n- g: b', { g: 'b' }, { f: 'b' }),
      line('a path', 'a.b: x', { a: { b: 'x' } }, { a: 'x' }),
      line('a name with a dot before a path', 'a.b: x', { 'a.b': 'x', a: { b: 'y' } }, { 'a.b': 'y', a: { b: 'x' } }),
      line('names without case', 'Actor.Name: x', { actor: { NAME: 'x' } }, { actor: 'x' }),
      line('any element', 'f: a', { f: ['b', 'a'] }, { f: [] }),
      line('any element on the way', 'a.b: x', { a: [{ b: 'y' }, { b: 'x' }] }, { a: [{ c: 'x' }] }),
      refused('a map as a value', selecting('f: {a: 1}'), 'CW-3001 5:8'),
      refused('a field twice, the same way', selecting('f: a\nf: b'), 'CW-3003 6:5'),
    ],
  },
  {
    about: '`neq` and parts of times',
    decision: '`neq` negates the whole list; parts of times are whole numbers of the time in the field, in UTC',
    cases: [
      line('neq of a list', 'f|neq: [a, b]', { f: 'c' }, { f: 'b' }),
      line('neq of an array of the event', 'f|neq: a', { f: ['b'] }, { f: ['a', 'b'] }),
      line('seconds since 1970', 'f|hour: 1', { f: 3600 }, { f: 7200 }),
    ],
  },
  ...CORRELATION_POINTS,
  {
    about: 'attributes that are missing or unknown',
    decision:
      'without a level a rule is medium; unknown keys are allowed, lint points at likely slips; an id may be any text, lint asks for a UUID; a later `sigma-version` and its `field[0]` give a warning',
    cases: [
      accepted('no level, no status, no id', selecting('f: 1')),
      accepted('an empty description', `${selecting('f: 1')}description: ''\nauthor:\n`),
      accepted('a key of another tool', `${selecting('f: 1')}our_field: {x: 1}\n`),
      accepted('an id that is no UUID', `${selecting('f: 1')}id: my-rule-1\n`),
      warned('a rule of Sigma 3', `${selecting('f[0]: 1')}sigma-version: 3\n`, 'CW-3022', 'CW-3022'),
      refused('a level that does not exist', `${selecting('f: 1')}level: hihg\n`, 'CW-3018 7:8'),
    ],
  },
  {
    about: 'lists of conditions, counting in conditions, `timeframe`',
    decision:
      'a list is OR; `| count() by x > 5` is an error that shows the correlation to write, unless the rule says `status: unsupported`; `timeframe` has no meaning and gives a warning',
    cases: [
      condition('a list of conditions', ABC, '[a, b]', [{ f: 1 }, { f: 2 }], [{ f: 3 }]),
      refused('counting', selecting('f: 1').replace(/selection\n$/, 'selection | count() by g > 5\n'), 'CW-3006 6:24'),
      warned(
        'counting in an unsupported rule',
        `${selecting('f: 1').replace(/selection\n$/, 'selection | count() > 5\n')}status: unsupported\n`,
        'CW-3006',
      ),
      warned('timeframe of a detection', `${selecting('f: 1')}  timeframe: 5m\n`, 'CW-3057'),
      warned(
        'timeframe of a correlation',
        correlating('type: event_count\nrules: a\ntimeframe: 5m\ncondition: {gte: 2}'),
        'CW-3057',
      ),
    ],
  },
];
