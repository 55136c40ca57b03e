import { describe, expect, it } from 'vitest';
import { nextCommands } from './again.ts';
import { TERMINAL } from './cli.test-support.ts';
import { parseCommand } from './command.ts';
import { SCAN } from './scanOptions.ts';

function next(...words: string[]) {
  const parsed = parseCommand(SCAN, words);
  return nextCommands(parsed, parsed.args, TERMINAL);
}

describe('commands that read the same again', () => {
  it.each<[string, string[], string, string]>([
    ['paths', ['logs/', 'a.json'], 'scan logs/ a.json', 'logs stats logs/ a.json'],
    ['words that a shell would take apart', ['sp ace.json', "it's"], `scan 'sp ace.json' 'it'\\''s'`, ''],
    ['a path like an option', ['--', '-x'], 'scan ./-x', 'logs stats ./-x'],
    [
      'what decides what is found',
      ['l', '--set', 'r.p=1', '--set', 'r.q=2', '--inventory', 'i.json@2026-11-24', '--since', '24h', '--rules', 'own'],
      'scan l --rules own --since 24h --inventory i.json@2026-11-24 --set r.p=1 --set r.q=2',
      'logs stats l --rules own',
    ],
    [
      'the rest of it',
      ['l', '--expect-account', '/x/y', '--only', 'a,b', '--until', '2026-11-24', '--now', '2026-11-25'],
      'scan l --now 2026-11-25 --until 2026-11-24 --expect-account /x/y --only a,b',
      'logs stats l --now 2026-11-25',
    ],
    [
      'not how it is printed',
      ['l', '-f', 'json', '-o', 'x', '--fail-on', 'low', '--strict', '-q'],
      'scan l',
      'logs stats l',
    ],
  ])('%s', (_name, words, scan, stats) => {
    const found = next(...words);
    expect(found?.scan).toBe(`cosmowatch ${scan}`);
    if (stats !== '') expect(found?.stats).toBe(`cosmowatch ${stats}`);
  });

  it('there are none for standard input, nor for names that cannot be pasted', () => {
    expect(next('a', '-')).toEqual({ scan: null, stats: null });
    expect(next('a\u001b[2J')).toEqual({ scan: null, stats: null });
  });

  it.each([
    { isOutTerminal: false, isErrTerminal: true },
    { isOutTerminal: true, isErrTerminal: false },
  ])('nobody reads them: %o', (streams) => {
    expect(nextCommands(parseCommand(SCAN, ['l']), ['l'], streams)).toBeNull();
  });
});
