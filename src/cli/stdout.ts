import { writeSync } from 'node:fs';

/**
 * Writes to standard output at once. A stream would keep every piece until the event loop turns, which a long list of alerts does not
 * let it do. A reader that has enough (`| head`) ends the program quietly.
 */
export function writeOut(text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(1, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw error;
      // The reader is slower than we are: wait a little, without turning the loop.
      Atomics.wait(PAUSE, 0, 0, 2);
    }
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));
