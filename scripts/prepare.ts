import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * What `npm ci` does by itself: build the console. Without the tools that build it (`npm ci --omit=dev`), or in a package that has it
 * built already, there is nothing to do.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const vite = join(root, 'node_modules/vite/bin/vite.js');
if (existsSync(vite) && existsSync(join(root, 'web/index.html'))) {
  const args = [vite, 'build', 'web', '--logLevel', 'warn'];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
