import { inspect } from 'node:util';

/** A secret value that prints as nothing: whoever needs it must ask. Never put what `reveal` gives in a log, an error or the store. */
export class Secret {
  readonly #value: string;
  /** Where it came from, for people: `env:SLACK_URL`. */
  readonly from: string;

  constructor(value: string, from: string) {
    this.#value = value;
    this.from = from;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return `[secret of ${this.from}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
