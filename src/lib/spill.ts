import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Spill } from './sorter.ts';

const BLOCK = 1 << 20;
/** As many runs as are merged at a time have a buffer each. */
const READ = 1 << 17;

/** Runs as files in a folder of their own below the system's temporary folder, made when the first one is written, mode 0700. */
export function diskSpill(parent: string = tmpdir()): Spill {
  let folder: string | null = null;
  const path = (run: number): string => {
    folder ??= mkdtempSync(join(parent, 'cosmowatch-'));
    return join(folder, `${run}.ndjson`);
  };
  return {
    write(run, lines) {
      const file = openSync(path(run), 'w', 0o600);
      try {
        writeLines(file, lines);
      } finally {
        closeSync(file);
      }
    },
    read: (run) => readLines(path(run)),
    remove(run) {
      if (folder === null) return;
      if (run === undefined) rmSync(folder, { recursive: true, force: true });
      else rmSync(path(run), { force: true });
      if (run === undefined) folder = null;
    },
  };
}

function writeLines(file: number, lines: Iterable<string>): void {
  let block: string[] = [];
  let length = 0;
  for (const line of lines) {
    block.push(line);
    length += line.length + 1;
    if (length < BLOCK) continue;
    writeAll(file, Buffer.from(`${block.join('\n')}\n`));
    block = [];
    length = 0;
  }
  if (block.length > 0) writeAll(file, Buffer.from(`${block.join('\n')}\n`));
}

function writeAll(file: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}

function* readLines(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(READ);
    let rest = Buffer.alloc(0);
    for (;;) {
      const length = readSync(file, buffer, 0, READ, null);
      if (length === 0) break;
      const block = Buffer.concat([rest, buffer.subarray(0, length)]);
      let start = 0;
      for (let end = block.indexOf(10, start); end !== -1; end = block.indexOf(10, start)) {
        yield block.toString('utf8', start, end);
        start = end + 1;
      }
      rest = Buffer.from(block.subarray(start));
    }
  } finally {
    closeSync(file);
  }
}
