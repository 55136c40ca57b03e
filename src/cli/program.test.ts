import { describe, expect, it } from 'vitest';
import { ERRORS } from '../lib/errors.ts';
import { VERSION } from '../lib/version.ts';
import { run } from './cli.test-support.ts';

const COMMANDS = [
  ...['demo', 'scan', 'rules', 'logs', 'simulate', 'explain'],
  ...['init', 'serve', 'status', 'alerts', 'drill', 'tokens', 'users', 'config', 'backup', 'restore'],
];

describe('help', () => {
  it.each(['', ...COMMANDS])('of "%s" fits 80 columns and says how to call it', async (name) => {
    const { code, out, err } = await run([name, '--help'].filter(Boolean));
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(out).toMatch(/^Usage: cosmowatch /m);
    expect(out).toContain('--quiet');
    expect(out).not.toMatch(/[^\S\n]$|undefined/m);
    expect(out.endsWith('\n')).toBe(true);
  });

  it.each([[['--help']], [['-h']], [['help']]])('%j is the help of the program', async (words) => {
    const { code, out } = await run(words);
    expect(code).toBe(0);
    for (const name of COMMANDS) expect(out).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
  });

  it('without a command it is shown too, but that is a mistake', async () => {
    const { code, out } = await run([]);
    expect([code, out.includes('Usage:')]).toEqual([2, true]);
  });

  it.each([['rules'], ['logs'], ['alerts'], ['tokens'], ['users'], ['config'], ['explain']])(
    '%s needs a word more',
    async (name) => {
      const { code, out } = await run([name]);
      expect([code, out.includes('Usage:')]).toEqual([2, true]);
    },
  );
});

describe('version', () => {
  it.each(['--version', '-V'])('%s', async (word) => {
    expect(await run([word])).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
  });
});

describe('what is not there', () => {
  it.each([
    [
      'a command',
      ['scann'],
      'error CW-1001: unknown command scann\n  did you mean scan ?\n  cure: see: cosmowatch --help\n',
    ],
    ['a command like none', ['weather'], 'error CW-1001: unknown command weather\n  cure: see: cosmowatch --help\n'],
    ['an option', ['--versoin'], 'error CW-1001: unknown option --versoin\n  cure: see: cosmowatch --help\n'],
    [
      'a name that every object has',
      ['constructor'],
      'error CW-1001: unknown command constructor\n  cure: see: cosmowatch --help\n',
    ],
    [
      'an option of a command',
      ['demo', '--sed', '1'],
      'error CW-1001: unknown option --sed\n  did you mean --seed ?\n  cure: see: cosmowatch demo --help\n',
    ],
  ])('%s', async (_name, words, err) => {
    expect(await run(words)).toEqual({ code: 2, out: '', err });
  });

  it('what a name holds never reaches the terminal as it is', async () => {
    const { err } = await run(['\u001b[31mscan\u202e']);
    expect(err).toContain('<U+001B>[31mscan<U+202E>');
    for (const character of ['\u001b', '\u202e']) expect(err).not.toContain(character);
  });
});

describe('explain', () => {
  it.each(Object.entries(ERRORS))('%s', async (code, { means, exit }) => {
    const ran = await run(['explain', code.toLowerCase()]);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain(means);
    expect(ran.out).toContain(`exit code ${exit}`);
  });

  it('a code that is none', async () => {
    const { code, err } = await run(['explain', 'CW-20001']);
    expect(code).toBe(2);
    expect(err).toMatch(/^error CW-1002: .*CW-20001\n {2}did you mean CW-2001 \?\n/);
  });
});
