import { describe, expect, it } from 'vitest';
import { type CommandSpec, parseCommand } from './command.ts';

const SPEC: CommandSpec = {
  ...{ name: 'x', summary: 'X', usage: '' },
  sections: [
    {
      title: 'Options',
      options: [
        { flags: '--rules <DIR>', text: '', many: true },
        { flags: '--now <T>', text: '' },
        { flags: '-q, --quiet', text: '' },
      ],
    },
  ],
};

describe('a place on standard input is no option', () => {
  it.each<[string[], string[], object]>([
    [['explain', '-:8'], ['explain', '-:8'], {}],
    [['-:8:2', 'b', '-q'], ['-:8:2', 'b'], { quiet: true }],
    [['-q', '-:8', '-'], ['-:8', '-'], { quiet: true }],
    [['--rules', '-:8', '--now', '-:9', ':8'], [':8'], { rules: ['-:8'], now: '-:9' }],
  ])('%j', (words, args, options) => {
    expect(parseCommand(SPEC, words)).toMatchObject({ args, options });
  });

  it('but -: is', () => {
    expect(() => parseCommand(SPEC, ['-:'])).toThrow('unknown option -:');
  });
});
