import { setFlagsFromString } from 'node:v8';
import { ask } from './cli/ask.ts';
import { runProgram } from './cli/program.ts';
import { writeOut } from './cli/stdout.ts';
import type { Streams } from './cli/streams.ts';

const streams: Streams = {
  out: writeOut,
  err: (text) => void process.stderr.write(text),
  isOutTerminal: process.stdout.isTTY === true,
  isErrTerminal: process.stderr.isTTY === true,
  columns: process.stdout.columns,
  env: process.env,
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : null,
};

// A scan's live data stay small; without this the heap grows to several times of them before it is cleaned.
setFlagsFromString('--heap-growing-percent=50');
setFlagsFromString('--max-semi-space-size=16');

/** A service finishes what it began; everything else can be cut off at any point. The demo becomes one. */
const isService = ['serve', 'demo'].includes(process.argv[2] ?? '');
const stop = new AbortController();
for (const [name, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(name, () => {
    const isSecond = stop.signal.aborted;
    stop.abort();
    if (!isService || isSecond) process.exit(code);
  });
}

process.exitCode = await runProgram(process.argv.slice(2), streams, undefined, stop.signal).catch((error: unknown) => {
  streams.err(`error CW-9001: cosmowatch made a mistake\n${error instanceof Error ? error.stack : String(error)}\n`);
  streams.err('  cure: please report it, with this text and the command\n');
  return 1;
});
// Libraries of sources keep timers that nothing needs any more.
if (isService) process.exit();
