import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyRead } from '../../src/cli/cli.test-support.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NODES = [process.execPath, '/usr/bin/node', '/usr/local/bin/node'].filter(existsSync);

/** What `npm pack` packs, installed as somebody's dependency: its own dependencies lie beside it. */
describe('the published package', () => {
  let home = '';
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'cosmowatch-package-'));
    cpSync(ROOT, join(home, 'clone'), {
      recursive: true,
      filter: (path) => !/[\\/](?:node_modules|\.git|dist)$/.test(path),
    });
    symlinkSync(join(ROOT, 'node_modules'), join(home, 'clone/node_modules'));
    execFileSync('npm', ['run', '-s', 'build'], { cwd: join(home, 'clone') });
    const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', home], { cwd: join(home, 'clone') });
    const modules = join(home, 'use/node_modules');
    mkdirSync(join(modules, 'cosmowatch'), { recursive: true });
    for (const name of readdirSync(join(ROOT, 'node_modules'))) {
      if (!name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    }
    const archive = join(home, packed.toString().trim());
    execFileSync('tar', ['-xzf', archive, '--strip-components=1', '-C', join(modules, 'cosmowatch')]);
  }, 120_000);
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it.each(NODES)('scans what comes in, under %s', (node) => {
    const bin = join(home, 'use/node_modules/cosmowatch/bin/cosmowatch.js');
    const words = [bin, 'scan', '-', '--format', 'ndjson', '-q'];
    const ran = spawnSync(node, words, { encoding: 'utf8', input: keyRead('2026-11-24T01:00:00Z') });
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    expect(JSON.parse(ran.stdout)).toMatchObject({ rule: 'cosmosdb_access_keys_viewed' });
  });
});
