import { describe, expect, it } from 'vitest';
import { UserError } from '../lib/errors.ts';
import { formatError, lookOf, type Streams } from './streams.ts';

type Given = Partial<Pick<Streams, 'columns' | 'env'>>;

function look(given: Given, color = 'auto', isTerminal = true) {
  const streams: Streams = {
    out: () => {},
    err: () => {},
    isOutTerminal: isTerminal,
    isErrTerminal: isTerminal,
    columns: given.columns,
    env: given.env ?? {},
  };
  return lookOf(streams, color, isTerminal);
}

describe('how it looks', () => {
  it.each<[string, Given, string, boolean, boolean]>([
    ['colour on a terminal', {}, 'auto', true, true],
    ['none in a pipe', {}, 'auto', false, false],
    ['colour in a pipe if asked for', {}, 'always', false, true],
    ['none on a terminal if unwanted', {}, 'never', true, false],
    ['none with NO_COLOR', { env: { NO_COLOR: '1' } }, 'auto', true, false],
    ['an empty NO_COLOR says nothing', { env: { NO_COLOR: '' } }, 'auto', true, true],
    ['none on a dumb terminal', { env: { TERM: 'dumb' } }, 'auto', true, false],
    ['the option is stronger than NO_COLOR', { env: { NO_COLOR: '1' } }, 'always', true, true],
  ])('%s', (_name, given, color, isTerminal, expected) => {
    expect(look(given, color, isTerminal).colour).toBe(expected);
  });

  it.each([
    [undefined, 80],
    [20, 60],
    [100, 100],
    [400, 120],
  ])('%s columns are %i', (columns, width) => {
    expect(look({ columns }).width).toBe(width);
  });

  it.each<[Record<string, string>, boolean, boolean]>([
    [{ LANG: 'en_US.UTF-8' }, true, true],
    [{ LANG: 'en_US.utf8' }, true, true],
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, true, false],
    [{ LC_CTYPE: 'C.UTF-8' }, true, true],
    [{}, true, false],
    [{ LANG: 'en_US.UTF-8' }, false, false],
  ])('Unicode with %j, on a terminal: %s', (env, isTerminal, unicode) => {
    expect(look({ env }, 'auto', isTerminal).unicode).toBe(unicode);
  });
});

describe('errors', () => {
  it('say what, the facts, and the cure', () => {
    const error = new UserError('CW-2001', 'no such file: a', { facts: ['did you mean b ?'], cure: 'give b' });
    expect(formatError(error, false)).toBe('error CW-2001: no such file: a\n  did you mean b ?\n  cure: give b\n');
  });

  it('are red where there is colour', () => {
    expect(formatError(new UserError('CW-2001', 'x'), true)).toBe('\u001b[31merror\u001b[39m CW-2001: x\n');
  });

  it.each([
    ['a control character', 'a\u0007b', 'a<U+0007>b'],
    ['a line break', 'a\nb', 'a<U+000A>b'],
    ['a character that turns the text around', 'a\u202eb', 'a<U+202E>b'],
    ['half a character', 'a\ud800b', 'a<U+D800>b'],
    ['letters of any script', 'größe 日本', 'größe 日本'],
  ])('show %s', (_name, text, shown) => {
    expect(formatError(new UserError('CW-2001', text), false)).toBe(`error CW-2001: ${shown}\n`);
  });
});
