import { createInterface } from 'node:readline/promises';
import type { Ask } from './streams.ts';

/** Asks on the terminal; what is printed for people goes to standard error. Ctrl-D is no answer. */
export const ask: Ask = async (question) => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
  try {
    return await Promise.race([lines.question(question), closed]);
  } finally {
    lines.close();
  }
};
