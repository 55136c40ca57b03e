import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../store/open.ts';
import { NOW, run } from './cli.test-support.ts';

let root = '';
const at = (name: string): string => join(root, name);
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-backup-'));
  openStore(at('data'), NOW).close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('backup and restore', () => {
  it('say what they did', async () => {
    const file = at('copy.db');
    expect(await run(['backup', '--data', at('data'), file])).toEqual({
      code: 0,
      out: '',
      err: expect.stringMatching(/^\S+copy\.db: the database of \S+data, \d.*, every page checked\n$/),
    });
    expect(await run(['restore', '--data', at('data'), file])).toEqual({
      code: 0,
      out: '',
      err: expect.stringMatching(/restored from \S+copy\.db; what was there is kept as \S+\.before-\d{8}T\d{6}Z\n$/),
    });
    expect(await run(['restore', '--data', at('new'), file, '-q'])).toEqual({ code: 0, out: '', err: '' });
    expect(readdirSync(at('new')).sort()).toEqual(['cosmowatch.db', 'lock']);
  });

  it.each([
    [['backup'], 2, 'CW-1001: backup needs a data folder and one file'],
    [['backup', 'x.db'], 2, 'CW-1001'],
    [['backup', '--data', 'x', 'a', 'b'], 2, 'cure: cosmowatch backup --data DIR FILE'],
    [['restore', '--data', 'x'], 2, 'CW-1001: restore needs a data folder and one file'],
    [['backup', '--dat', 'x'], 2, '--data'],
    [['backup', '--data', '/nowhere', 'x.db'], 1, 'CW-4008: /nowhere holds no database'],
    [['restore', '--data', '/nowhere', '/nowhere.db'], 1, 'CW-4009: /nowhere.db cannot be restored'],
  ])('%j ends with %i', async (words, code, text) => {
    const ran = await run(words);
    expect([ran.code, ran.out]).toEqual([code, '']);
    expect(ran.err).toContain(text);
  });

  it.each(['backup', 'restore'])('%s --help', async (name) => {
    const { code, out } = await run([name, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: cosmowatch ${name} --data <DIR> <FILE>`);
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  });
});
