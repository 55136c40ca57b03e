import { describe, expect, it } from 'vitest';
import { commandsIn, makePages, stalePages } from '../scripts/generate.ts';
import { outline } from '../scripts/outline.ts';
import { groupActions, table } from '../scripts/reference.ts';
import { ACTIONS } from '../src/events/vocabulary.ts';
import type { Match } from '../src/ir/ir.ts';

const pages = await makePages();

describe('pages of docs/reference', () => {
  it.each([
    ['actions.md', '`cosmosdb.keys.list`'],
    ['cli.md', '## cosmowatch scan'],
    ['errors.md', '| `CW-2001` | no such file or folder; '],
    ['fields.md', '| `cosmosdb.account` | keyword |'],
    ['forms.md', '| `ActivityLog` | `event_grid` | Event Grid event |'],
    ['rules.md', '## cosmosdb_no_logs'],
    ['settings.md', '| `publicNetworkAccess` | network |'],
    ['../sigma.md', '| `windash` | every dash that begins a word'],
  ])('%s tells %s', (name, text) => {
    expect(pages.get(name)).toContain(text);
  });

  it.each([...pages])('%s is Markdown without loose ends', (_name, text) => {
    expect(text).toMatch(/^# [A-Z].*\n\n/);
    expect(text.endsWith('\n') && !text.endsWith('\n\n')).toBe(true);
    expect(text).not.toMatch(/undefined|\[object Object\]|NaN| $/m);
  });

  it('every action is listed once', () => {
    const listed = groupActions(ACTIONS).flatMap(({ actions }) => actions);
    expect([...listed].sort()).toEqual([...ACTIONS].sort());
  });

  it('stale is what is missing or differs', () => {
    const wanted = new Map([
      ['a.md', 'a'],
      ['b.md', 'b'],
      ['c.md', 'c'],
    ]);
    expect(stalePages(wanted, (name) => ({ 'a.md': 'a', 'b.md': 'old' })[name] ?? null)).toEqual(['b.md', 'c.md']);
  });
});

describe('pieces', () => {
  it('a table keeps its shape whatever stands in it', () => {
    expect(table(['a', 'b'], [['x|y', 'one\ntwo']])).toBe('| a | b |\n|---|---|\n| x\\|y | one two |');
  });

  it('commands stand before the options, under any heading', () => {
    const help =
      'x\n\nStart here\n  one             First\n  two <path...>   Second\n\nMore\n  three   Third\n\nOptions\n  four  no\n';
    expect(commandsIn(help)).toEqual(['one', 'two', 'three']);
  });

  const is = (field: string, value: string): Match => ({
    kind: 'field',
    field,
    test: { kind: 'text', pattern: [value], cased: false },
  });

  it.each<[string, Match, string]>([
    ['a short match is one line', { kind: 'all', of: [is('a', 'x'), is('b', 'y')] }, 'a = "x" and b = "y"'],
    ['values of one field are a choice', { kind: 'any', of: [is('a', 'x'), is('a', 'y')] }, 'a = "x" or "y"'],
    [
      'a choice stands on its own line',
      { kind: 'all', of: [is('b', 'z'), { kind: 'any', of: [is('a', 'x'), is('a', 'y')] }] },
      'all of\n  b = "z"\n  a = "x" or "y"',
    ],
    [
      'a long match is an outline',
      { kind: 'not', of: { kind: 'any', of: [is('a', 'x'.repeat(60)), is('b', 'y'.repeat(60))] } },
      `not\n  any of\n    a = "${'x'.repeat(60)}"\n    b = "${'y'.repeat(60)}"`,
    ],
  ])('%s', (_name, match, text) => {
    expect(outline(match)).toBe(text);
  });
});
