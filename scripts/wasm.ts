import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Builds src/skim/skim.wasm from assembly/. `--check` writes nothing and exits with 1 if the file is not what it would be: the compiler is
 * pinned, and the same sources give the same bytes.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = join(root, 'node_modules/assemblyscript/bin/asc.js');
const target = join(root, 'src/skim/skim.wasm');

/** Of 64 KiB: what `assembly/layout.ts` lays out, a chunk, and a line that waits for its end. */
const PAGES = '321';

const OPTIONS = [
  ...['--runtime', 'stub', '--enable', 'simd', '-O3', '--noAssert', '--use', 'abort='],
  ...['--initialMemory', PAGES, '--maximumMemory', PAGES],
];

function buildWasm(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'cosmowatch-wasm-'));
  try {
    const file = join(folder, 'skim.wasm');
    const words = [compiler, 'assembly/index.ts', '--outFile', file, ...OPTIONS];
    const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
    if (status !== 0) throw new Error('assembly/ does not compile');
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function main(words: readonly string[]): number {
  const bytes = buildWasm();
  if (existsSync(target) && readFileSync(target).equals(bytes)) return 0;
  if (words.includes('--check')) {
    process.stderr.write('src/skim/skim.wasm is stale: npm run generate\n');
    return 1;
  }
  writeFileSync(target, bytes);
  process.stdout.write('src/skim/skim.wasm\n');
  return 0;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
