import type { Act, Expectation } from './acts.ts';
import { HOUR } from './life.ts';
import { idOf } from './world.ts';

/** An alert that the scenario must raise. */
export interface Truth {
  readonly rule: string;
  /** Lower-case ARM id. */
  readonly account: string;
  /** ISO 8601 in UTC, whole seconds. */
  readonly firstSeen: string;
  readonly count: number;
  readonly actors: readonly string[];
}

/** Expectations folded as alerts are: the same rule, account and key, neighbours at most an hour apart. */
export class TruthKeeper {
  readonly #open = new Map<string, { first: number; last: number; count: number; expectation: Expectation }>();
  readonly #done: Truth[] = [];

  /** Acts come in order of time. */
  add(act: Act): void {
    for (const expectation of act.expect ?? []) {
      const key = `${expectation.rule}|${expectation.account.name}|${expectation.key}`;
      const second = Math.floor(act.time / 1000) * 1000;
      const open = this.#open.get(key);
      if (open !== undefined && second - open.last <= HOUR) {
        open.last = second;
        open.count += expectation.count ?? 1;
        continue;
      }
      if (open !== undefined) this.#close(open);
      this.#open.set(key, { first: second, last: second, count: expectation.count ?? 1, expectation });
    }
  }

  /** A silence is no act: it is told by itself. */
  addSilence(truth: Truth): void {
    this.#done.push(truth);
  }

  list(): Truth[] {
    for (const open of this.#open.values()) this.#close(open);
    this.#open.clear();
    return [...this.#done].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
  }

  #close({ first, count, expectation }: { first: number; count: number; expectation: Expectation }): void {
    this.#done.push({
      rule: expectation.rule,
      account: idOf(expectation.account).toLowerCase(),
      firstSeen: `${new Date(first).toISOString().slice(0, 19)}Z`,
      count,
      actors: expectation.actor === null ? [] : [expectation.actor],
    });
  }
}

function textOf(truth: Truth): string {
  return `${truth.firstSeen}|${truth.rule}|${truth.account}`;
}
