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

const stop = new AbortController();
process.once('SIGINT', () => {
  stop.abort();
  process.exit(130);
});
process.once('SIGTERM', () => {
  stop.abort();
  process.exit(143);
});

process.exitCode = await runProgram(process.argv.slice(2), streams, undefined, stop.signal).catch((error: unknown) => {
  streams.err(`error CW-9001: cosmowatch made a mistake\n${error instanceof Error ? error.stack : String(error)}\n`);
  streams.err('  cure: please report it, with this text and the command\n');
  return 1;
});
