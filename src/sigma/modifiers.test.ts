import { describe, expect, it } from 'vitest';
import { matches } from './evaluate.test-support.ts';
import { errorsOf, only, rule, warningsOf } from './rules.test-support.ts';

/** What one line of a selection makes of events. */
function judge(line: string, event: Record<string, unknown>): boolean {
  return matches(only(rule(line), { placeholders: LISTS }).match, event);
}

const LISTS = { admins: ['ann', 'b*'], ranges: ['10.0.0.0/8', 'fd00::/8'], empty: [], dots: ['a.b'] };

describe('values', () => {
  it.each([
    ['whole value', 'f: abc', { f: 'abc' }, { f: 'abcd' }],
    ['case folded', 'f: ÄBC', { f: 'äbc' }, { f: 'abc' }],
    ['wildcard over newlines', 'f: a*z', { f: 'a\nz' }, { f: 'a\nzz.' }],
    ['one character', 'f: a?c', { f: 'abc' }, { f: 'ac' }],
    ['number and its text', 'f: 5', { f: '5' }, { f: '55' }],
    ['number and equal number', 'f: 5', { f: 5.0 }, { f: true }],
    ['text of digits and number', "f: '5'", { f: 5 }, { f: 6 }],
    ['boolean and its text', 'f: true', { f: 'True' }, { f: 'yes' }],
    ['null is missing', 'f: null', {}, { f: '' }],
    ['null is null', 'f: null', { f: null }, { f: 0 }],
    ['empty is present and empty', "f: ''", { f: '' }, {}],
    ['list is or', 'f: [a, null, 5]', {}, { f: 'b' }],
    ['array has it', 'f: a', { f: ['b', 'a'] }, { f: [] }],
    ['dotted path', 'a.b: x', { a: { b: 'x' } }, { a: 'x' }],
    ['literal dotted key', 'a.b: x', { 'a.b': 'x' }, { b: 'x' }],
    ['large numbers keep their digits', 'f: 9007199254740993', { f: '9007199254740993' }, { f: '9007199254740992' }],
    ['yes is a text', 'f: yes', { f: 'yes' }, { f: true }],
    ['two lines are and', 'f|startswith: a\nf|endswith: z', { f: 'abz' }, { f: 'ab' }],
    ['maps in a list are or', '- f: a\n- g: b', { g: 'b' }, { f: 'b' }],
  ])('%s', (_, line, yes, no) => {
    expect([judge(line, yes), judge(line, no)]).toEqual([true, false]);
  });
});

describe('keywords', () => {
  it.each([
    ['anywhere in any value', '- whoami', { a: { b: ['run WHOAMI now'] } }, { whoami: 'x' }],
    ['wildcards inside', '- a*z', { a: 'x a-z x' }, { a: 'z a' }],
    ['all', "'|all': [a1, b2]", { x: 'a1', y: 'b2' }, { x: 'a1' }],
    ['number', '- 4625', { a: 'id 4625' }, { a: 'id' }],
    ['regular expression', "'|re': '^ab+$'", { a: 'abb' }, { a: 'xabb' }],
    ['range', "'|cidr': 10.0.0.0/8", { a: '10.1.2.3' }, { a: '11.1.2.3' }],
    ['at the start', "'|startswith': ab", { a: 'abc' }, { a: 'cab' }],
  ])('%s', (_, line, yes, no) => {
    expect([judge(line, yes), judge(line, no)]).toEqual([true, false]);
  });
});

describe('modifiers', () => {
  it.each([
    ['contains', 'f|contains: b', { f: 'abc' }, { f: 'ac' }],
    ['contains, one backslash at the end', "f|contains: 'a\\'", { f: 'xa\\b' }, { f: 'xa*b' }],
    ['contains|all', 'f|contains|all: [a, b]', { f: 'xbya' }, { f: 'xb' }],
    ['contains a number', 'f|contains: 12', { f: 'x123' }, { f: 'x13' }],
    ['startswith', 'f|startswith: ab', { f: 'ABc' }, { f: 'cab' }],
    ['endswith', "f|endswith: '\\x.exe'", { f: 'C:\\x.exe' }, { f: 'C:x.exe' }],
    ['cased', 'f|cased: Ab', { f: 'Ab' }, { f: 'ab' }],
    ['contains|cased', 'f|contains|cased: Ab', { f: 'xAbx' }, { f: 'xabx' }],
    ['exists', 'f|exists: true', { f: null }, {}],
    ['exists: no', 'f|exists: no', {}, { f: '' }],
    ['re is cased and unanchored', 'f|re: b+', { f: 'abb' }, { f: 'aBB' }],
    ['re|i', 'f|re|i: B+', { f: 'abb' }, { f: 'a' }],
    ['re|m', 'f|re|m: ^b$', { f: 'a\nb\nc' }, { f: 'a\nbc' }],
    ['re|s', 'f|re|s: a.b', { f: 'a\nb' }, { f: 'ab' }],
    ['re|startswith', 'f|re|startswith: b|c', { f: 'ca' }, { f: 'ac' }],
    ['re keeps backslashes', "f|re: '\\\\x\\d'", { f: 'a\\x5' }, { f: '\\xd' }],
    ['cidr v4', 'f|cidr: 10.0.0.0/8', { f: '10.255.0.1' }, { f: 'no address' }],
    ['cidr v6', 'f|cidr: fd00::/8', { f: 'fdab::1' }, { f: '10.0.0.1' }],
    ['base64', 'f|base64: foobar', { f: 'Zm9vYmFy' }, { f: 'foobar' }],
    ['base64offset|contains', 'f|base64offset|contains: foobar', { f: 'xxZvb2Jhcxx' }, { f: 'foobar' }],
    ['wide|base64', 'f|wide|base64: A', { f: 'QQA=' }, { f: 'QQ==' }],
    ['utf16|base64 with its mark', 'f|utf16|base64: A', { f: '//5BAA==' }, { f: 'QQA=' }],
    ['utf16be|base64', 'f|utf16be|base64: A', { f: 'AEE=' }, { f: 'QQA=' }],
    ['windash|contains', 'f|windash|contains: -enc', { f: 'x /enc y' }, { f: 'x enc y' }],
    ['windash|contains|all: or inside and', 'f|windash|contains|all: [-a, -b]', { f: '/a -b' }, { f: '/a' }],
    ['fieldref', 'f|fieldref: g', { f: 'A', g: 'a' }, { f: 'a' }],
    ['fieldref|startswith', 'f|fieldref|startswith: g', { f: 'abc', g: 'ab' }, { f: 'abc', g: 'bc' }],
    ['fieldref|neq', 'f|fieldref|neq: g', { f: 'a', g: 'b' }, { f: 'a' }],
    ['gt', 'f|gt: 5', { f: 6 }, { f: 'six' }],
    ['gte, text of a number', 'f|gte: 5', { f: '5' }, { f: '4.9' }],
    ['lt, a list is or', 'f|lt: [1, 5]', { f: 4 }, { f: 5 }],
    ['neq', 'f|neq: 5', { f: 6 }, { f: '5' }],
    ['neq, missing', 'f|neq: [a, b]', {}, { f: 'b' }],
    ['neq|contains', 'f|contains|neq: a', { f: 'x' }, { f: 'xa' }],
    ['hour', 'f|hour: 3', { f: '2026-11-24T03:12:07Z' }, { f: '2026-11-24T04:12:07Z' }],
    ['hour|gte', 'f|hour|gte: 22', { f: '2026-11-24T23:00:00Z' }, { f: '2026-11-24T21:59:59Z' }],
    ['week', 'f|week: 1', { f: '2026-01-01T00:00:00Z' }, { f: '2026-12-31T00:00:00Z' }],
    ['expand', "f|expand: 'x-%admins%'", { f: 'x-bert' }, { f: 'x-%admins%' }],
    ['contains|expand, two lists', "f|contains|expand: '%admins%@%dots%'", { f: '<ann@a.b>' }, { f: 'ann@axb' }],
    ['re|expand quotes', "f|re|expand: '^%dots%$'", { f: 'a.b' }, { f: 'axb' }],
    ['cidr|expand', "f|cidr|expand: '%ranges%'", { f: '10.9.9.9' }, { f: '11.9.9.9' }],
    ['escaped percent', "f|expand: '\\%x\\%%dots%'", { f: '%x%a.b' }, { f: 'a.b' }],
  ] as [string, string, Record<string, unknown>, Record<string, unknown>][])('%s', (_, line, yes, no) => {
    expect([judge(line, yes), judge(line, no)]).toEqual([true, false]);
  });

  it.each([
    ['unknown', 'f|contians: a', 'CW-3008 5:7'],
    ['empty name', 'f|: a', 'CW-3008 5:7'],
    ['gt of a quoted number', "f|gt: '5'", 'CW-3009 5:11'],
    ['exists of a quoted text', "f|exists: 'yes'", 'CW-3009 5:15'],
    ['exists|contains', 'f|exists|contains: true', 'CW-3009 5:24'],
    ['contains|re', 'f|contains|re: a', 'CW-3009 5:20'],
    ['base64|re', 'f|base64|re: a', 'CW-3009 5:18'],
    ['re|fieldref', 'f|re|fieldref: g', 'CW-3009 5:20'],
    ['re|base64offset', 'f|re|base64offset: a.*', 'CW-3009 5:24'],
    ['i without re', 'f|i: a', 'CW-3009 5:10'],
    ['lookahead', "f|re: 'a(?=b)'", 'CW-3013 5:11'],
    ['backreference', "f|re: '(a)\\1'", 'CW-3013 5:11'],
    ['no regular expression', "f|re: '(a'", 'CW-3013 5:11'],
    ['host bits', 'f|cidr: 192.168.1.1/24', 'CW-3014 5:13'],
    ['wildcard range', "f|cidr: '10.*'", 'CW-3014 5:13'],
    ['prefix too long', 'f|cidr: 10.0.0.0/33', 'CW-3014 5:13'],
    ['base64 of a wildcard', "f|base64offset|contains: 'a*'", 'CW-3009 5:30'],
    ['wide beyond ASCII', 'f|wide|base64: foobär', 'CW-3009 5:20'],
    ['contains null', 'f|contains: null', 'CW-3009 5:17'],
    ['keyword without text', "'|exists': true", 'CW-3009 5:16'],
    ['map as a value', 'f: {a: 1}', 'CW-3001 5:8'],
    ['hour of a text', 'f|hour: three', 'CW-3009 5:13'],
  ])('refuses: %s', (_, line, error) => {
    expect(errorsOf(rule(line))).toEqual([error]);
  });

  it.each([
    ['|all with one value', 'f|all: a', 'CW-3058'],
    ['an empty list', 'f: []', 'CW-3059'],
    ['an unknown placeholder', "f|expand: '%nobody%'", 'CW-3012'],
    ['|expand of nothing', 'f|expand: a', 'CW-3058'],
  ])('warns: %s', (_, line, code) => {
    expect(warningsOf(rule(line))).toEqual([code]);
  });

  it('an unknown placeholder puts the rule out of use, also where it only filters', () => {
    const text = `title: T
logsource: {product: azure, service: cosmosdb}
detection:
  sel: {f: a}
  filter: {g|expand: '%nobody%'}
  condition: sel and not filter
`;
    expect(only(text).match).toEqual({ kind: 'constant', value: false });
    expect(matches(only(text, { placeholders: { nobody: [] } }).match, { f: 'a' })).toBe(true);
  });

  it('numbers beyond the limit are refused, not expanded', () => {
    const many = Array.from({ length: 20 }, () => '- "-a -b -c -d -e"').join('\n');
    expect(errorsOf(rule(`f|windash:\n  ${many.replaceAll('\n', '\n  ')}`))).toEqual(['CW-3004 22:9']);
  });
});
