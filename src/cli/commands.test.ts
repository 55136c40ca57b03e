import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './cli.test-support.ts';
import { type CommandSpec, helpOf, parseCommand } from './command.ts';
import { replaceFile } from './replaceFile.ts';

let root = '';
const at = (name: string): string => join(root, name);
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-commands-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a command line', () => {
  const SPEC: CommandSpec = {
    name: 'cook',
    summary: 'Cook something',
    usage: '<what...>',
    sections: [
      {
        title: 'Options',
        options: [
          { flags: '-s, --salt <G>', text: 'Grams of salt' },
          {
            flags: '--with <THING>',
            text: 'May be given more than once, and has a text that is longer than a line can be',
            many: true,
          },
          { flags: '--slowly', text: 'Take your time' },
          { flags: '--no-lid', text: 'Not to be told', hidden: true },
        ],
      },
      { title: 'Nobody sees', options: [{ flags: '--secret', text: 'x', hidden: true }] },
    ],
    after: 'Example\n  cosmowatch cook soup',
  };

  const parsed = (words: string[]) => {
    const { args, text, many, isOn, help } = parseCommand(SPEC, words);
    return { args, salt: text('salt'), with: many('with'), slowly: isOn('slowly'), lid: isOn('lid'), help };
  };
  const PLAIN = { args: [], salt: null, with: [], slowly: false, lid: true, help: false };

  it.each<[string, string[], Partial<ReturnType<typeof parsed>>]>([
    [
      'has options before, between and behind words',
      ['--slowly', 'soup', '-s', '5', 'rice'],
      { args: ['soup', 'rice'], slowly: true, salt: '5' },
    ],
    ['collects what may be given more than once', ['--with', 'a', '--with=b'], { with: ['a', 'b'] }],
    ['knows what is switched off', ['--no-lid'], { lid: false }],
    ['asks for help', ['soup', '-h'], { args: ['soup'], help: true }],
    ['names lines of standard input', ['-:8:2', '--slowly', '-:8'], { args: ['-:8:2', '-:8'], slowly: true }],
    ['has any text as a value', ['--with', '-:8', '-s', '-:9', ':8'], { args: [':8'], with: ['-:8'], salt: '-:9' }],
  ])('%s', (_name, words, expected) => {
    expect(parsed(words)).toEqual({ ...PLAIN, ...expected });
  });

  it('is not changed by one that was parsed before', () => {
    parsed(['--with', 'a']);
    expect(parsed(['--with', 'b']).with).toEqual(['b']);
  });

  it('is told as it is parsed, without what is hidden', () => {
    expect(helpOf(SPEC)).toBe(`Cook something

Usage: cosmowatch cook <what...>

Options
  -s, --salt G         Grams of salt
      --with THING     May be given more than once, and has a text that is
                       longer than a line can be
      --slowly         Take your time

Example
  cosmowatch cook soup
`);
  });
});

describe('rules', () => {
  it('list: name, level and title of each', async () => {
    const { code, out } = await run(['rules', 'list']);
    expect(code).toBe(0);
    expect(out.split('\n').filter((line) => line.startsWith('cosmosdb_'))).toHaveLength(12);
  });

  it('lint: the built-in rules are without fault', async () => {
    const { code, out } = await run(['rules', 'lint']);
    expect([code, out.includes(' 0 errors, 0 warnings.')]).toEqual([0, true]);
  });

  it('lint: a folder that is named twice, or is the built-in one, is read once', async () => {
    const { code, out } = await run(['rules', 'lint', 'rules', 'rules/../rules/cosmosdb']);
    expect([code, out.includes(' 0 errors, 0 warnings.')]).toEqual([0, true]);
  });

  it('lint: every mistake with its place, and exit code 2', async () => {
    writeFileSync(
      at('bad.yml'),
      'title: Bad\nlogsource:\n  product: azure\ndetection:\n  a:\n    b: c\n  condition: nothing\n',
    );
    const { code, out } = await run(['rules', 'lint', at('bad.yml')]);
    expect(code).toBe(2);
    expect(out).toMatch(/bad\.yml:7:\d+: error CW-3002: /);
  });

  it('test: what is not as expected, and exit code 1', async () => {
    mkdirSync(at('wrong'));
    writeFileSync(
      at('wrong/keys.test.yml'),
      'rule: cosmosdb_item_deleted\ntemplates:\n  one: { a: b }\ncases:\n  - name: never\n    records:\n      - { at: 0, one: {} }\n    alerts:\n      - { at: 0 }\n',
    );
    const { code, out } = await run(['rules', 'test', at('wrong/keys.test.yml')]);
    expect(code).toBe(1);
    expect(out).toContain('never');
    expect(out).toContain('0 cases as expected, 1 not.');
  });

  it.each([
    [['rules', 'cook'], 'CW-1001', 2],
    [['rules', 'list', '/no/such/folder'], 'CW-2001', 2],
  ])('%j: %s', async (words, error, exit) => {
    const { code, err } = await run(words);
    expect([code, err.includes(`error ${error}: `)]).toEqual([exit, true]);
  });
});

describe('simulate', () => {
  const files = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('json'))
      .sort();

  it('writes the same bytes for the same seed, and what must be found beside them', async () => {
    for (const name of ['one', 'other']) {
      const { code, err } = await run(['simulate', '--records', '200', '--seed', '7', '--out', at(name)]);
      expect([code, err.includes('truth.ndjson')]).toEqual([0, true]);
    }
    expect(files(at('one'))).toEqual(files(at('other')));
    expect(files(at('one'))).toContain('truth.ndjson');
    for (const name of files(at('one'))) {
      expect(readFileSync(at(`one/${name}`), 'utf8') === readFileSync(at(`other/${name}`), 'utf8'), name).toBe(true);
    }
  });

  it.each<[string, string[], string, number]>([
    ['no folder', [], 'CW-1001', 2],
    ['an unknown scenario', ['--out', 'x', '--scenario', 'picnic'], 'CW-1002', 2],
    ['no days', ['--out', 'x', '--days', '0'], 'CW-1002', 2],
    ['half a record', ['--out', 'x', '--records', '1.5'], 'CW-1002', 2],
    ['an unknown form', ['--out', 'x', '--variant', 'fax'], 'CW-1002', 2],
    ['requests as something else', ['--out', 'x', '--requests-as', '1h'], 'CW-1002', 2],
    ['a start that is no time', ['--out', 'x', '--start', 'soon'], 'CW-1002', 2],
  ])('%s', async (_name, words, error, exit) => {
    const { code, err } = await run(['simulate', ...words]);
    expect([code, err.startsWith(`error ${error}: `)]).toEqual([exit, true]);
    expect(existsSync('x')).toBe(false);
  });

  it('writes requests summed up, in any form', async () => {
    const words = ['--records', '200', '--variant', 'azure_diagnostics', '--requests-as', '15m', '--out', at('sums')];
    const { code } = await run(['simulate', ...words]);
    expect(code).toBe(0);
    const logs = new Set(files(at('sums')).map((name) => name.split('/')[0]));
    expect(logs.has('insights-logs-dataplanerequests15m')).toBe(true);
    expect(logs.has('insights-logs-dataplanerequests')).toBe(false);
  });

  it('never writes into a folder that holds something', async () => {
    mkdirSync(at('full'));
    writeFileSync(at('full/mine.txt'), 'mine');
    const { code, err } = await run(['simulate', '--out', at('full')]);
    expect([code, err.startsWith('error CW-2004: ')]).toEqual([1, true]);
    expect(readdirSync(at('full'))).toEqual(['mine.txt']);
  });
});

describe('replacing a file', () => {
  it('leaves the old one whole if the new one cannot be made', () => {
    writeFileSync(at('old.txt'), 'old');
    const failing = function* (): Generator<string> {
      yield 'half';
      throw new Error('no more');
    };
    expect(() => replaceFile(at('old.txt'), failing())).toThrow();
    expect(readFileSync(at('old.txt'), 'utf8')).toBe('old');
    expect(readdirSync(root).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('writes pieces one behind the other', () => {
    replaceFile(at('pieces.txt'), ['a', 'b', 'ü']);
    expect(readFileSync(at('pieces.txt'), 'utf8')).toBe('abü');
  });
});
