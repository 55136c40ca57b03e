import { createInterface } from 'node:readline';
import type { Ask } from './streams.ts';

/**
 * Asks on the terminal; what is printed for people goes to standard error. Ctrl-D is no answer. One reader for all questions: it may have read
 * more lines than were asked for, as when somebody pastes. Between questions it is paused, so that it keeps no process alive.
 */
class Terminal {
  readonly #lines: string[] = [];
  readonly #reader = createInterface({ input: process.stdin, output: process.stderr });
  #waiting: ((line: string | null) => void) | null = null;
  #isClosed = false;

  constructor() {
    this.#reader.on('line', (line) => {
      this.#lines.push(line);
      this.#give();
    });
    this.#reader.on('close', () => {
      this.#isClosed = true;
      this.#give();
    });
  }

  ask(question: string): Promise<string | null> {
    this.#reader.setPrompt(question);
    if (!this.#isClosed) this.#reader.prompt();
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#give();
    });
  }

  #give(): void {
    if (this.#waiting === null || (this.#lines.length === 0 && !this.#isClosed)) return;
    const resolve = this.#waiting;
    this.#waiting = null;
    if (!this.#isClosed) this.#reader.pause();
    resolve(this.#lines.shift() ?? null);
  }
}

let terminal: Terminal | null = null;

export const ask: Ask = (question) => {
  terminal ??= new Terminal();
  return terminal.ask(question);
};
