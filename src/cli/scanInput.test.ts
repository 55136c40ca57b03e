import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyRead, type Ran, run, TERMINAL } from './cli.test-support.ts';

let root = '';
const at = (name: string): string => join(root, name);
const scan = (...words: string[]): Promise<Ran> => run(['scan', ...words]);

const READ = keyRead('2026-11-24T01:00:00.0000000Z');
const MANY = Array.from({ length: 60 }, (_, n) =>
  keyRead(`2026-11-24T01:00:${`${n}`.padStart(2, '0')}.0000000Z`, { correlationId: `c${(n * 7919) % 1000}` }),
).join('');
const PNG = Uint8Array.from([
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 1,
]);

const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'list.json': '[]',
  'value.json': '{"value":[]}',
  'records.json': '{"records":[]}',
  'nothing.json': '',
  'blank.json': ' \n\n',
  'packed.json.gz': gzipSync(''),
  'text.txt': 'hello\nworld\n',
  'photo.json': '{"width":1,"height":2,"camera":"x"}\n',
  'photo.png': PNG,
  'scalars.json': 'null\n1\n',
  'other.json': '{"time":"2026-11-24T00:00:00Z","category":"SignInLogs"}\n',
  'late.json': keyRead('2099-01-01T00:00:00Z'),
  'read.json': READ,
  'scattered.json': `${READ}x\n${READ}y\n${READ}z\n`,
  'cut.json.gz': gzipSync(MANY, { level: 0 }).subarray(0, MANY.length / 2),
  'members.json': `{"records":[${READ.trim()},"x",null,{"a":1}]}`,
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-input-'));
  mkdirSync(at('folder'));
  for (const [name, content] of Object.entries(FILES)) writeFileSync(at(name), content);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('nothing to read', () => {
  it.each(['list.json', 'value.json', 'records.json', 'nothing.json', 'blank.json', 'packed.json.gz'])(
    '%s is valid and empty: no error, and it is said',
    async (name) => {
      const { code, err } = await scan(at(name), '--strict');
      expect(code).toBe(0);
      expect(err).toMatch(/^No alerts\./);
      expect(err.replaceAll('\n', ' ')).toContain(`note: no record is in ${at(name)}.`);
      expect(err).not.toContain('--strict');
    },
  );

  it('an empty folder is no error', async () => {
    const { code, err } = await scan(at('folder'));
    expect([code, err.split('\n')[1]]).toEqual([0, 'note: there was no file to read.']);
  });

  it.each<[string, string[], string[]]>([
    ['text', ['text.txt'], ['not JSON', 'lines 1 and 2', 'look closer: cosmowatch logs explain ']],
    ['a picture', ['photo.png'], ['photo.png: not a log; binary data']],
    ['JSON that is no log', ['photo.json'], ['first object has the keys: width, height, camera']],
    ['no objects', ['scalars.json'], ['not an object']],
    ['each of several', ['text.txt', 'photo.png'], ['not JSON', 'binary data']],
  ])('%s is an error, whatever else was asked for', async (_name, names, texts) => {
    const { code, out, err } = await scan(...names.map(at), '--strict');
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^error CW-2003: .* holds? no log record that is known\n/);
    for (const text of texts) expect(err).toContain(text);
  });

  it.each<[string, string[]]>([
    ['a record of another log', ['other.json']],
    ['a record with an impossible time', ['late.json']],
    ['good and bad', ['text.txt', 'photo.json', 'read.json']],
    ['empty and bad', ['text.txt', 'list.json']],
    ['good and missing', ['nowhere', 'read.json']],
  ])('%s is no error', async (_name, names) => {
    expect((await scan(...names.map(at))).code).toBe(0);
  });

  it('of one file or folder its own error is told', async () => {
    const { code, err } = await scan(at('read.jsn'));
    expect(code).toBe(1);
    expect(err).toBe(`error CW-2001: no such file or folder: ${at('read.jsn')}\n  did you mean ${at('read.json')} ?\n`);
  });

  it('of several what was wrong with each', async () => {
    const { code, err } = await scan(at('nowhere'), at('elsewhere'));
    expect(code).toBe(1);
    expect(err).toMatch(/^error CW-2001: nothing could be read of /);
    expect(err.match(/no such file or folder: /g)).toHaveLength(2);
  });

  // Root may read everything.
  it.skipIf(process.getuid?.() === 0)('no permission is told with its owner and the cure', async () => {
    writeFileSync(at('own.json'), READ);
    chmodSync(at('own.json'), 0o200);
    const alone = await scan(at('own.json'));
    expect(alone.code).toBe(1);
    expect(alone.err).toContain(`error CW-2002: no permission to read ${at('own.json')}\n  owner `);
    expect(alone.err).toContain(`\n  cure: chmod u+r ${at('own.json')}\n`);
    const beside = await scan(at('own.json'), at('read.json'));
    expect([beside.code, beside.err.includes(`\n  cure: chmod u+r ${at('own.json')}\n`)]).toEqual([0, true]);
    rmSync(at('own.json'));
  });
});

describe('what was left out', () => {
  const notesOf = async (...names: string[]): Promise<string> => {
    const { err } = await run(['scan', ...names.map(at)], { columns: 120 });
    return err.replaceAll(`${root}/`, '').replace(/\n(?! |note:|Add |Exit)/g, ' ');
  };

  it.each<[string, string[], string]>([
    [
      'a file that is no text',
      ['read.json', 'photo.png'],
      'note: 1 file was skipped: photo.png (not a log; binary data)',
    ],
    ['two lines', ['read.json', 'text.txt'], '  2  not JSON  text.txt, lines 1 and 2'],
    ['lines here and there', ['scattered.json'], '  3  not JSON  scattered.json, first at line 2'],
    ['members of a list', ['members.json'], '  2  not an object            members.json, line 1'],
    ['keys of what is no log', ['members.json'], '  1  JSON, but no log record  members.json, line 1: keys a'],
  ])('%s', async (_name, names, text) => {
    expect(await notesOf(...names)).toContain(text);
  });

  it('a damaged file says how much of it was read', async () => {
    const notes = await notesOf('cut.json.gz');
    expect(notes).toMatch(/^note: 1 file was not read to the end: cut\.json\.gz is damaged: /m);
    const [, count] = /; (\d+) records before that were read/.exec(notes) ?? [];
    expect(Number(count)).toBeGreaterThan(5);
    expect(MANY.split('\n').length).toBeGreaterThan(Number(count));
    expect(notes).toMatch(/^ {2}cure: copy the file again/m);
  });

  it('does not advise --strict to who gave it', async () => {
    const { code, err } = await scan(at('scattered.json'), '--strict');
    expect(code).toBe(4);
    expect(err).toContain('Exit code 4: with --strict');
    expect(err).not.toContain('Add --strict');
  });

  it('what --min-level keeps back is counted', async () => {
    const { err } = await scan(at('read.json'), '--min-level', 'high');
    expect(err).toMatch(/^No alerts of that level\. /);
    expect(err).toContain('Found and not printed, because of --min-level: 1 medium.');
    const { code, err: why } = await scan(at('read.json'), '--min-level', 'high', '--explain', '0');
    expect([code, why.split('\n')[1]]).toEqual([2, '  --min-level keeps some back, and they are not looked at']);
  });
});

describe('what to do next', () => {
  it('is told to people, as a command that finds the same', async () => {
    const { err } = await run(['scan', at('read.json'), '--since', '24h'], TERMINAL);
    expect(err.replaceAll(' \\\n  ', ' ')).toMatch(/^Next: cosmowatch scan \S+ --since 24h --explain [0-9a-f]{8}$/m);
    expect((await scan(at('read.json'))).err).not.toContain('Next:');
  });
});

describe('where it is written', () => {
  it.each(['--stats', '--output'])('%s to a place that is none: nothing is read or printed', async (option) => {
    const { code, out, err } = await scan(at('read.json'), option, at('no/folder/x'));
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe(
      `error CW-2004: ${at('no/folder/x')} could not be written (ENOENT)\n  cure: give another place with ${option}\n`,
    );
  });

  it('a link stays one, a device is written to', async () => {
    writeFileSync(at('real.json'), 'old');
    symlinkSync(at('real.json'), at('link.json'));
    await scan(at('read.json'), '--stats', at('link.json'), '--output', '/dev/null');
    expect(JSON.parse(readFileSync(at('real.json'), 'utf8'))).toMatchObject({ records: 1 });
    expect(readdirSync('/dev').filter((name) => name.startsWith('null'))).toEqual(['null']);
  });
});

describe('--set that no rule takes', () => {
  it.each([
    [
      'cosmosdb_no_logs.huors=1',
      /no rule has the parameter cosmosdb_no_logs\.huors; did you mean cosmosdb_no_logs\.hours \?/,
    ],
    ['nope.foo=1', /no rule has the parameter nope\.foo\n/],
    ['cosmosdb_multiple_tables_created.tables=0', /tables must be at least 1, not 0/],
    ['cosmosdb_no_logs.hours=2.5', /hours must be a whole number, not 2\.5/],
  ])('%s', async (value, what) => {
    const { code, err } = await scan(at('read.json'), '--set', value);
    expect(code).toBe(2);
    expect(err).toMatch(/^error CW-1002: --set: /);
    expect(err).toMatch(what);
    expect(err).not.toMatch(/\.yml|--rules/);
  });
});
