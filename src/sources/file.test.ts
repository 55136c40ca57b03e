import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../lib/errors.ts';
import { type FileIo, listInputs, nodeIo, readInput } from './file.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-sources-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A file below the test's folder, with its folders. */
function put(path: string, content: string | Uint8Array): string {
  const full = join(root, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, content);
  return full;
}

/** All that a file gives, and the error that ended it. */
async function read(path: string, io: FileIo = nodeIo): Promise<{ text: string; error: UserError | null }> {
  const pieces: Buffer[] = [];
  try {
    // A chunk is only valid until the next one.
    for await (const chunk of readInput({ path, size: null }, io)) pieces.push(Buffer.from(chunk));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { text: Buffer.concat(pieces).toString(), error };
  }
  return { text: Buffer.concat(pieces).toString(), error: null };
}

function failing(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}

const LINES = Array.from(
  { length: 60_000 },
  (_, at) => `{"line":${at},"id":"${(at * 2_654_435_761) % 4_294_967_296}"}\n`,
).join('');

describe('reading', () => {
  it.each<[string, string, string | Uint8Array]>([
    ['a plain file', 'plain.json', LINES],
    ['gzip', 'one.json.gz', gzipSync(LINES)],
    ['gzip with another name', 'named.json', gzipSync(LINES)],
    ['zstd', 'one.json.zst', zstdCompressSync(LINES)],
    ['zstd with another name', 'zstd.log', zstdCompressSync(LINES)],
    ['a plain file that is called gzip', 'liar.json.gz', LINES],
    ['UTF-16, as PowerShell writes it', 'shell.json', Buffer.from(`\ufeff${LINES}`, 'utf16le')],
    ['UTF-16 the other way round', 'big.json', Buffer.from(`\ufeff${LINES}`, 'utf16le').swap16()],
    ['UTF-16 in gzip', 'shell.json.gz', gzipSync(Buffer.from(`\ufeff${LINES}`, 'utf16le'))],
  ])('%s', async (_name, path, content) => {
    const { text, error } = await read(put(path, content));
    expect(error).toBeNull();
    expect(text === LINES).toBe(true);
  });

  it('every member of a gzip file, as blobs that were appended to have them', async () => {
    const half = LINES.indexOf('\n', LINES.length / 2) + 1;
    const members = Buffer.concat([gzipSync(LINES.slice(0, half)), gzipSync(LINES.slice(half))]);
    const { text, error } = await read(put('members.gz', members));
    expect(error).toBeNull();
    expect(text === LINES).toBe(true);
  });

  it('nothing of an empty file', async () => {
    expect(await read(put('empty.json', ''))).toEqual({ text: '', error: null });
  });

  it('of a truncated gzip file what could be had, and the error', async () => {
    const whole = gzipSync(LINES);
    const { text, error } = await read(put('cut.json.gz', whole.subarray(0, Math.floor(whole.length / 2))));
    expect(error).toMatchObject({ code: 'CW-2006' });
    expect(error?.cure).not.toBeNull();
    expect(LINES.startsWith(text)).toBe(true);
    expect(text.length).toBeGreaterThan(LINES.length / 4);
  });

  it.each<[string, Uint8Array]>([
    ['gzip', Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(100, 0x55)])],
    ['zstd', Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), Buffer.alloc(100, 0xff)])],
  ])('damaged %s is an error and no crash', async (kind, content) => {
    const { text, error } = await read(put(`damaged.${kind}`, content));
    expect(text).toBe('');
    expect(error).toMatchObject({ code: 'CW-2006' });
  });

  it.each<[string, Uint8Array]>([
    ['gzip', gzipSync(Buffer.alloc(80 << 20), { level: 9 })],
    ['zstd', zstdCompressSync(Buffer.alloc(80 << 20))],
  ])('stops at a %s file that expands without end', async (kind, content) => {
    const { text, error } = await read(put(`bomb.${kind}`, content));
    expect(error).toMatchObject({ code: 'CW-2006' });
    expect(error?.message).toContain('expands');
    expect(text.length).toBeLessThan(80 << 20);
  });

  it('gives what came before a read that fails, and closes the file', async () => {
    let reads = 0;
    let closed = 0;
    const io: FileIo = {
      ...nodeIo,
      open: () => 7,
      read: (_file, into) => {
        reads += 1;
        if (reads > 2) throw failing('EIO');
        into.fill(0x61, 0, 10);
        return 10;
      },
      close: () => {
        closed += 1;
      },
    };
    const { text, error } = await read('/logs/a.json', io);
    expect(text).toBe('a'.repeat(20));
    expect(error).toMatchObject({ code: 'CW-2007' });
    expect(error?.message).toContain('EIO');
    expect(closed).toBe(1);
  });

  it.each(['EACCES', 'EPERM'])('%s is told with what to do', async (code) => {
    const io: FileIo = {
      ...nodeIo,
      open: () => {
        throw failing(code);
      },
    };
    const { error } = await read('/logs/a.json', io);
    expect(error).toMatchObject({ code: 'CW-2002' });
    expect(error?.cure).toContain('/logs/a.json');
  });

  it('closes a file that nobody reads to its end', async () => {
    let closed = 0;
    const io: FileIo = {
      ...nodeIo,
      close: (file) => {
        closed += 1;
        nodeIo.close(file);
      },
    };
    let chunks = 0;
    for await (const _chunk of readInput({ path: put('stopped.json', LINES), size: null }, io)) {
      chunks += 1;
      if (chunks === 2) break;
    }
    expect([chunks, closed]).toEqual([2, 1]);
  });
});

describe('listing', () => {
  beforeAll(() => {
    put('tree/b.json', 'bb');
    put('tree/a.json', 'a');
    put('tree/y=2026/m=11/PT1H.json', 'pt');
    put('tree/ä.json', 'ae');
  });

  const names = (paths: readonly string[], io: FileIo = nodeIo): string[] =>
    listInputs(
      paths.map((path) => (path === '-' ? path : join(root, path))),
      io,
    ).files.map(({ path }) => path.replace(`${root}/`, ''));

  it.each<[string, string[], string[]]>([
    ['a file', ['tree/b.json'], ['tree/b.json']],
    [
      'a folder, recursively and in order',
      ['tree'],
      ['tree/a.json', 'tree/b.json', 'tree/y=2026/m=11/PT1H.json', 'tree/ä.json'],
    ],
    [
      'a file once, however often it is named',
      ['tree', 'tree/a.json', 'tree/./a.json'],
      ['tree/a.json', 'tree/b.json', 'tree/y=2026/m=11/PT1H.json', 'tree/ä.json'],
    ],
    ['a glob', ['tree/?.json'], ['tree/a.json', 'tree/b.json', 'tree/ä.json']],
    ['a glob of folders', ['tree/y=*'], ['tree/y=2026/m=11/PT1H.json']],
    ['a glob over folders', ['tree/**/PT*.json'], ['tree/y=2026/m=11/PT1H.json']],
    ['standard input beside files', ['tree/b.json', '-', '-'], ['-', 'tree/b.json']],
  ])('%s', (_name, paths, expected) => {
    expect(names(paths)).toEqual(expected);
  });

  it('the order in which files are named does not matter', () => {
    expect(names(['tree/b.json', 'tree/a.json'])).toEqual(names(['tree/a.json', 'tree/b.json']));
  });

  it('sizes are in bytes; that of standard input is not known', () => {
    const { files } = listInputs([join(root, 'tree/b.json'), '-']);
    expect(files.map(({ size }) => size)).toEqual([null, 2]);
  });

  it('a missing file is told with the one that was meant, and the rest is read on', () => {
    const { files, problems } = listInputs([join(root, 'tree/a.jsn'), join(root, 'tree/b.json')]);
    expect(files).toHaveLength(1);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.error).toMatchObject({
      code: 'CW-2001',
      facts: [`did you mean ${join(root, 'tree/a.json')} ?`],
    });
  });

  it.each(['nowhere/at/all.json', 'tree/*.nothing', 'tree/a.json/below'])('%s: nothing is suggested', (path) => {
    const { problems } = listInputs([join(root, path)]);
    expect(problems[0]?.error).toMatchObject({ code: 'CW-2001', facts: [] });
  });

  it('a folder without permission is told, its neighbours are read', () => {
    const closed = join(root, 'tree/y=2026');
    const io: FileIo = {
      ...nodeIo,
      list: (folder) => {
        if (folder === closed) throw failing('EACCES');
        return nodeIo.list(folder);
      },
    };
    const { files, problems } = listInputs([join(root, 'tree')], io);
    expect(files).toHaveLength(3);
    expect(problems).toMatchObject([{ path: closed, error: { code: 'CW-2002' } }]);
  });

  it('a file that vanishes between listing and reading is told', () => {
    const gone = join(root, 'tree/b.json');
    const io: FileIo = {
      ...nodeIo,
      stat: (path) => {
        if (path === gone) throw failing('ENOENT');
        return nodeIo.stat(path);
      },
    };
    const { files, problems } = listInputs([join(root, 'tree')], io);
    expect(files).toHaveLength(3);
    expect(problems).toMatchObject([{ path: gone, error: { code: 'CW-2001' } }]);
  });
});
