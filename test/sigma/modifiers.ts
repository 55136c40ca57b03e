import { line, type Point, refused, selecting, warned } from './case.ts';

/** Every modifier of Sigma 2.1, in the order of its appendix. */
export const MODIFIER_POINTS: Readonly<Record<string, Omit<Point, 'about'>>> = {
  all: {
    decision: 'all values of the list must match; with one value it changes nothing, and a warning says so',
    cases: [
      line('|contains|all: every part', 'f|contains|all: [a, b]', { f: 'xbya' }, { f: 'xb' }),
      line('|all of an array: each by any element', 'f|all: [a, b]', { f: ['b', 'a', 'c'] }, { f: ['a', 'c'] }),
    ],
  },
  startswith: {
    decision: 'the value stands at the start; case is folded; of `re` and `fieldref` too',
    cases: [
      line('|startswith', 'f|startswith: ab', { f: 'ABc' }, { f: 'cab' }),
      line('|re|startswith: all alternatives', 'f|re|startswith: b|c', { f: 'ca' }, { f: 'ac' }),
    ],
  },
  endswith: {
    decision: 'the value stands at the end',
    cases: [line('|endswith', "f|endswith: '\\x.exe'", { f: 'C:\\x.exe' }, { f: 'C:x.exe' })],
  },
  contains: {
    decision: 'the value stands anywhere; numbers are read as text',
    cases: [
      line('|contains', 'f|contains: b', { f: 'abc' }, { f: 'ac' }),
      line('|contains of a number', 'f|contains: 12', { f: 'x123' }, { f: 'x13' }),
      refused('|contains of null', selecting('f|contains: null'), 'CW-3009 5:17'),
    ],
  },
  exists: {
    decision: 'only asks whether the field is there; a null or empty one is',
    cases: [
      line('|exists: true', 'f|exists: true', { f: null }, {}),
      line('|exists: false', 'f|exists: false', {}, { f: '' }),
    ],
  },
  cased: {
    decision: 'letter by letter',
    cases: [
      line('|cased', 'f|cased: Ab', { f: 'Ab' }, { f: 'ab' }),
      line('|contains|cased', 'f|contains|cased: Ab', { f: 'xAbx' }, { f: 'xabx' }),
      refused('|re|cased', selecting('f|re|cased: a'), 'CW-3009 5:17'),
    ],
  },
  neq: {
    decision:
      'no value of the list matches; an event without the field differs, but two fields differ only if both are there',
    cases: [
      line('|neq', 'f|neq: 5', { f: 6 }, { f: '5' }),
      line('|neq: a missing field differs', 'f|neq: [a, b]', {}, { f: 'b' }),
      line('|contains|neq', 'f|contains|neq: a', { f: 'x' }, { f: 'xa' }),
      line('|neq|all: not all of them', 'f|contains|neq|all: [a, b]', { f: 'a' }, { f: 'ab' }),
    ],
  },
  windash: {
    decision:
      'every dash that begins a word may be any of - / \u2013 \u2014 \u2015, in all permutations; at most five in a value',
    cases: [
      line('|windash|contains', 'f|windash|contains: -enc', { f: 'x /enc y' }, { f: 'x enc y' }),
      line('|contains|windash: the order does not matter', 'f|contains|windash: -e', { f: 'x \u2014e' }, { f: 'x e' }),
      line('|windash|contains|all: or inside and', 'f|windash|contains|all: [-a, -b]', { f: '/a -b' }, { f: '/a' }),
      refused('|windash of six options', selecting('f|windash: -a -b -c -d -e -f'), 'CW-3009 5:16'),
    ],
  },
  re: {
    decision:
      'case-sensitive, anywhere in the value, backslashes as written; the syntax of RE2, which runs in linear time',
    cases: [
      line('|re is cased and unanchored', 'f|re: b+', { f: 'abb' }, { f: 'aBB' }),
      line('|re keeps backslashes', "f|re: '\\\\x\\d'", { f: 'a\\x5' }, { f: '\\xd' }),
      line('|re of a number in the event', 'f|re: ^4\\d\\d$', { f: 404 }, { f: 4040 }),
      refused('|re with lookahead', selecting("f|re: 'a(?=b)'"), 'CW-3013 5:11'),
      refused('|re with a backreference', selecting("f|re: '(a)\\1'"), 'CW-3013 5:11'),
      refused('|re that is none', selecting("f|re: '(a'"), 'CW-3013 5:11'),
      refused('|re whose repeats multiply', selecting("f|re: '((a{50}){50}){50}'"), 'CW-3013 5:11'),
      refused('|re of a thousand classes', selecting(`f|re: '${'\\p{L}'.repeat(51)}'`), 'CW-3013 5:11'),
    ],
  },
  i: {
    decision: 'after `re`: without case',
    cases: [
      line('|re|i', 'f|re|i: B+', { f: 'abb' }, { f: 'a' }),
      refused('|i without |re', selecting('f|i: a'), 'CW-3009 5:10'),
    ],
  },
  m: {
    decision: 'after `re`: ^ and $ are the ends of lines',
    cases: [line('|re|m', 'f|re|m: ^b$', { f: 'a\nb\nc' }, { f: 'a\nbc' })],
  },
  s: {
    decision: 'after `re`: a dot matches newlines too',
    cases: [line('|re|s', 'f|re|s: a.b', { f: 'a\nb' }, { f: 'ab' })],
  },
  base64: {
    decision: 'the value encoded; no wildcards',
    cases: [
      line('|base64', 'f|base64: foobar', { f: 'Zm9vYmFy' }, { f: 'foobar' }),
      line('|base64|contains', 'f|base64|contains: foobar', { f: 'x Zm9vYmFy' }, { f: 'foobar' }),
      line('|base64 of an escaped star', "f|base64: 'a\\*'", { f: 'YSo=' }, { f: 'YVwq' }),
    ],
  },
  base64offset: {
    decision: 'the three ways in which the value can look inside a longer encoded text; lint asks for |contains',
    cases: [
      line('|base64offset|contains', 'f|base64offset|contains: foobar', { f: 'xxZvb2Jhcxx' }, { f: 'foobar' }),
      refused('|base64offset of a wildcard', selecting("f|base64offset|contains: 'a*'"), 'CW-3009 5:30'),
    ],
  },
  utf16le: {
    decision: 'two bytes a character, low byte first; ASCII only',
    cases: [line('|utf16le|base64', 'f|utf16le|base64: cmd', { f: 'YwBtAGQA' }, { f: 'Y21k' })],
  },
  utf16be: {
    decision: 'two bytes a character, high byte first; ASCII only',
    cases: [line('|utf16be|base64', 'f|utf16be|base64: A', { f: 'AEE=' }, { f: 'QQA=' })],
  },
  utf16: {
    decision: 'the byte-order mark FF FE, then as utf16le',
    cases: [line('|utf16|base64', 'f|utf16|base64: A', { f: '//5BAA==' }, { f: 'QQA=' })],
  },
  wide: {
    decision: 'another name of utf16le',
    cases: [
      line('|wide|base64', 'f|wide|base64: A', { f: 'QQA=' }, { f: 'QQ==' }),
      line('|wide|base64offset|contains', 'f|wide|base64offset|contains: ab', { f: 'xYQBiAx' }, { f: 'YWI=' }),
      refused('|wide beyond ASCII', selecting('f|wide|base64: foob\u00e4r'), 'CW-3009 5:20'),
    ],
  },
  lt: {
    decision: 'a number; texts that are one in full count as numbers',
    cases: [line('|lt: a list is or', 'f|lt: [1, 5]', { f: 4 }, { f: 5 })],
  },
  lte: { decision: 'as lt', cases: [line('|lte', 'f|lte: 5', { f: '5.0' }, { f: 5.1 })] },
  gt: { decision: 'as lt', cases: [line('|gt', 'f|gt: 5', { f: 6 }, { f: 'six' })] },
  gte: {
    decision: 'as lt',
    cases: [line('|gte: the text of a number', 'f|gte: 5', { f: '5' }, { f: '4.9' })],
  },
  minute: {
    decision: 'of the time in the field, in UTC',
    cases: [line('|minute', 'f|minute: 12', at('03:12:59'), at('12:13:00'))],
  },
  hour: {
    decision: 'as minute; with lt, lte, gt, gte behind it a range',
    cases: [
      line('|hour', 'f|hour: 3', at('03:12:07'), at('04:12:07')),
      line('|hour|gte', 'f|hour|gte: 22', at('23:00:00'), at('21:59:59')),
      line('|hour of a time with a zone', 'f|hour: 1', { f: '2026-11-24T03:12:07+02:00' }, at('03:12:07')),
      line('|hour of what is no time', 'f|hour|gte: 0', at('00:00:00'), { f: 'yesterday' }),
      refused('|hour of a text', selecting('f|hour: three'), 'CW-3009 5:13'),
    ],
  },
  day: { decision: 'of the month', cases: [line('|day', 'f|day: 24', at('00:00:00'), { f: '2026-11-25T00:00:00Z' })] },
  week: {
    decision: 'of the year, by ISO 8601',
    cases: [line('|week', 'f|week: 1', { f: '2026-01-01T00:00:00Z' }, { f: '2026-12-31T00:00:00Z' })],
  },
  month: { decision: '1 to 12', cases: [line('|month', 'f|month: 11', at('00:00:00'), { f: '2026-12-01T00:00:00Z' })] },
  year: {
    decision: 'as it is',
    cases: [line('|year', 'f|year|lt: 2026', { f: '2025-12-31T23:59:59Z' }, at('00:00:00'))],
  },
  cidr: {
    decision: 'IPv4 and IPv6; an address alone is a range of one; what is no address does not match',
    cases: [
      line('|cidr of IPv4', 'f|cidr: 10.0.0.0/8', { f: '10.255.0.1' }, { f: 'no address' }),
      line('|cidr of IPv6', 'f|cidr: fd00::/8', { f: 'fdab::1' }, { f: '10.0.0.1' }),
      line('|cidr: IPv4 written as IPv6', 'f|cidr: 10.0.0.0/8', { f: '::ffff:10.1.2.3' }, { f: '::1' }),
      refused('|cidr with host bits', selecting('f|cidr: 192.168.1.1/24'), 'CW-3014 5:13'),
      refused('|cidr with a wildcard', selecting("f|cidr: '10.*'"), 'CW-3014 5:13'),
      refused('|cidr that is too long', selecting('f|cidr: 10.0.0.0/33'), 'CW-3014 5:13'),
    ],
  },
  expand: {
    decision: 'placeholders are lists of the configuration; their entries may hold wildcards; in |re they are quoted',
    cases: [
      line('|expand', "f|expand: 'x-%admins%'", { f: 'x-bert' }, { f: 'x-%admins%' }),
      line('|contains|expand, two lists', "f|contains|expand: '%admins%@%dots%'", { f: '<ann@a.b>' }, { f: 'ann@axb' }),
      line('|re|expand quotes', "f|re|expand: '^%dots%$'", { f: 'a.b' }, { f: 'axb' }),
      line('|cidr|expand', "f|cidr|expand: '%ranges%'", { f: '10.9.9.9' }, { f: '11.9.9.9' }),
      warned('|expand of nothing', selecting('f|expand: a'), 'CW-3058'),
    ],
  },
  fieldref: {
    decision: 'compares two fields of one event; as text, or as numbers with lt, lte, gt, gte',
    cases: [
      line('|fieldref', 'f|fieldref: g', { f: 'A', g: 'a' }, { f: 'a' }),
      line('|fieldref|cased', 'f|fieldref|cased: g', { f: 'a', g: 'a' }, { f: 'A', g: 'a' }),
      line('|fieldref|startswith', 'f|fieldref|startswith: g', { f: 'abc', g: 'ab' }, { f: 'abc', g: 'bc' }),
      line('|fieldref|endswith', 'f|fieldref|endswith: g', { f: 'abc', g: 'bc' }, { f: 'abc', g: 'ab' }),
      line('|fieldref|contains', 'f|fieldref|contains: g', { f: 'abc', g: 'b' }, { f: 'abc', g: 'd' }),
      line('|fieldref|lt', 'f|fieldref|lt: g', { f: 9, g: '10' }, { f: 'a', g: 'b' }),
      line('|fieldref of a dotted field', 'f|fieldref: g.h', { f: 'a', g: { h: 'a' } }, { f: 'a', g: { h: 'b' } }),
      refused('|re|fieldref', selecting('f|re|fieldref: g'), 'CW-3009 5:20'),
    ],
  },
};

function at(time: string): { readonly f: string } {
  return { f: `2026-11-24T${time}Z` };
}
