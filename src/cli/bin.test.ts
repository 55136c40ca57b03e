import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '../lib/version.ts';
import { keyRead } from './cli.test-support.ts';

const BIN = fileURLToPath(new URL('../../bin/cosmowatch.js', import.meta.url));
const NODE = process.execPath;
const OLDER = olderNode();

/** A Node before 24, if the machine has one. */
function olderNode(): string | null {
  const found = ['/usr/bin/node', '/usr/local/bin/node'].filter(existsSync).find((path) => {
    const version = /^v(\d+)\./.exec(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout);
    return version !== null && Number(version[1]) < 24;
  });
  return found ?? null;
}

function start(node: string, words: readonly string[], input = ''): { code: number | null; out: string; err: string } {
  const ran = spawnSync(node, [BIN, ...words], { encoding: 'utf8', input, timeout: 30_000 });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

describe('bin/cosmowatch.js', () => {
  it('runs the sources as they are', () => {
    expect(start(NODE, ['--version'])).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
  });

  it('reads standard input, and ends with the code of the command', () => {
    const ran = start(
      NODE,
      ['scan', '-', '--format', 'ndjson', '--fail-on', 'medium', '-q'],
      keyRead('2026-11-24T01:00:00Z'),
    );
    expect([ran.code, ran.err]).toEqual([3, '']);
    expect(JSON.parse(ran.out)).toMatchObject({ rule: 'cosmosdb_access_keys_viewed', count: 1 });
  });

  it('ends quietly when its reader has enough', async () => {
    const child = spawn(NODE, [BIN, 'scan', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (piece) => {
      err += String(piece);
    });
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect([code, err]).toEqual([0, '']);
  });
});

describe.skipIf(OLDER === null)('under an older Node (skipped where the machine has none)', () => {
  let alone = '';
  beforeAll(() => {
    alone = mkdtempSync(join(tmpdir(), 'cosmowatch-bin-'));
    mkdirSync(join(alone, 'bin'));
    cpSync(BIN, join(alone, 'bin/cosmowatch.js'));
  });
  afterAll(() => rmSync(alone, { recursive: true, force: true }));

  it('hands over to the Node beside it: arguments, streams and exit code', () => {
    const ran = start(
      OLDER!,
      ['scan', '-', '--format', 'ndjson', '--fail-on', 'medium', '-q'],
      keyRead('2026-11-24T01:00:00Z'),
    );
    expect([ran.code, ran.err]).toEqual([3, '']);
    expect(JSON.parse(ran.out)).toMatchObject({ rule: 'cosmosdb_access_keys_viewed' });
  });

  it('says what to do if there is none', () => {
    const ran = spawnSync(OLDER!, [join(alone, 'bin/cosmowatch.js'), 'demo'], { encoding: 'utf8' });
    expect(ran.status).toBe(1);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toMatch(/^error CW-9002: cosmowatch needs Node 24[^\n]*\n {2}cure: npm ci/);
  });
});
