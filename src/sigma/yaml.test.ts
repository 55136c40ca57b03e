import { describe, expect, it } from 'vitest';
import { Problems } from './diagnostic.ts';
import type { Tree } from './tree.ts';
import { LIMITS, readYaml } from './yaml.ts';

function read(text: string): { values: unknown[]; problems: string[] } {
  const problems = new Problems('f');
  const values = readYaml(text, problems).map(plain);
  return { values, problems: problems.found.map(({ code, line, column }) => `${code} ${line}:${column}`) };
}

function plain(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(plain);
  return Object.fromEntries(tree.entries.map(({ key, value }) => [key, plain(value)]));
}

describe('readYaml', () => {
  it.each([
    ['booleans of 1.2 only', 'a: [true, False, yes, on, no]', { a: [true, false, 'yes', 'on', 'no'] }],
    ['numbers', 'a: [1, 1.5, 0x1F, 0o17, 010, 1_000, 1e3]', { a: [1, 1.5, 31, 15, 10, '1_000', 1000] }],
    ['no infinities', 'a: [.inf, .nan, 1e999]', { a: ['.inf', '.nan', '1e999'] }],
    ['large whole numbers', 'a: 9007199254740993', { a: '9007199254740993' }],
    ['dates are texts', 'a: 2026-11-24', { a: '2026-11-24' }],
    ['nothing', 'a:\nb: ~\nc: null', { a: null, b: null, c: null }],
    ['quoted is text', `a: ['1', "true", 'null']`, { a: ['1', 'true', 'null'] }],
    ['aliases', 'a: &x [1]\nb: *x', { a: [1], b: [1] }],
    ['keys as written', '1: a\ntrue: b', { 1: 'a', true: 'b' }],
    ['a byte-order mark', '\ufeffa: 1\nb: 2', { a: 1, b: 2 }],
    ['a key that JavaScript knows', '__proto__: 1\nconstructor: 2', JSON.parse('{"__proto__": 1, "constructor": 2}')],
  ])('%s', (_, text, value) => {
    expect(read(text)).toEqual({ values: [value], problems: [] });
  });

  it.each([
    ['a key twice', 'a: 1\na: 2', 'CW-3003 2:1'],
    ['a merge key', 'a: &x {b: 1}\nc:\n  <<: *x', 'CW-3003 3:3'],
    ['a tag', 'a: !!binary aGk=', 'CW-3003 1:13'],
    ['a map as key', '? {a: 1}\n: 2', 'CW-3003 1:3'],
    ['an alias without anchor', 'a: *x', 'CW-3003 1:4'],
    ['an alias inside its anchor', 'a: &x [*x]', 'CW-3003 1:8'],
    ['not YAML', 'a: [1', 'CW-3003 1:6'],
    ['a tab', 'a:\n\tb: 1', 'CW-3003 2:1'],
    ['too deep', `a: ${'['.repeat(70)}${']'.repeat(70)}`, 'CW-3004 1:68'],
    ['deeper than the stack', '['.repeat(200_000), 'CW-3004 0:0'],
    ['too large', `a: ${'x'.repeat(LIMITS.bytes)}`, 'CW-3004 0:0'],
    ['too many rules', '---\na: 1\n'.repeat(201), 'CW-3004 402:1'],
  ])('refuses: %s', (_, text, problem) => {
    expect(read(text).problems).toContain(problem);
  });

  it('refuses an alias bomb before it grows', () => {
    const bomb = 'abcdefgh'
      .split('')
      .map((name, i, all) => `${name}: &${name} [${`*${all[i - 1] ?? ''},`.repeat(i ? 9 : 0)}1]`);
    expect(read(bomb.join('\n')).problems[0]).toMatch(/^CW-3004/);
  });

  it('leaves out a document that is refused, and reads the others', () => {
    expect(read('a: 1\n---\nb: 1\nb: 2\n---\nc: 3')).toEqual({
      values: [{ a: 1 }, { c: 3 }],
      problems: ['CW-3003 4:1'],
    });
  });
});
