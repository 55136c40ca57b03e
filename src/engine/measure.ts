import type { Correlation } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import { asNumber, asText } from './match.ts';
import type { Tally } from './ports.ts';
import type { FactView } from './view.ts';

/** All that one second brought to a key of a correlation. */
export interface Second {
  readonly at: number;
  /** Distinct events; one that stands for many requests counts them all. */
  readonly count: number;
  /** value_count: distinct values. */
  readonly values: ReadonlySet<string>;
  /** value_sum and the like: one number an event. */
  readonly numbers: readonly number[];
  /** Indexes, in the correlation's list, of the rules that hit. */
  readonly rules: ReadonlySet<number>;
  readonly tally: Tally;
}

/**
 * The seconds in the window of one key, oldest first. What is counted is kept up to date as seconds come and go, so that a busy key costs
 * what it brings, not what its window holds; sums are of the seconds' own sums.
 */
export class Contents {
  #seconds: Second[] = [];
  #start = 0;
  #count = 0;
  readonly #values = new Map<string, number>();
  readonly #rules = new Map<number, number>();

  push(second: Second): void {
    this.#seconds.push(second);
    this.#count += second.count;
    for (const value of second.values) add(this.#values, value, 1);
    for (const rule of second.rules) add(this.#rules, rule, 1);
  }

  /** Drops the seconds before this one. */
  prune(first: number): void {
    for (let second = this.#seconds[this.#start]; second && second.at < first; second = this.#seconds[this.#start]) {
      this.#start += 1;
      this.#count -= second.count;
      for (const value of second.values) add(this.#values, value, -1);
      for (const rule of second.rules) add(this.#rules, rule, -1);
    }
    if (this.#start * 2 <= this.#seconds.length) return;
    this.#seconds = this.#seconds.slice(this.#start);
    this.#start = 0;
  }

  hasRule(index: number): boolean {
    return this.#rules.has(index);
  }

  get isEmpty(): boolean {
    return this.#start === this.#seconds.length;
  }

  get latest(): Second | undefined {
    return this.isEmpty ? undefined : this.#seconds.at(-1);
  }

  *[Symbol.iterator](): Generator<Second> {
    for (let at = this.#start; at < this.#seconds.length; at++) yield this.#seconds[at]!;
  }

  /** What the correlation's condition is about; null: there is nothing to say it of. The order of rules is the business of `Chains`. */
  measure({ type, percentile: share }: Correlation): number | null {
    switch (type) {
      case 'event_count':
        return this.#count;
      case 'value_count':
        return this.#values.size;
      case 'temporal':
      case 'temporal_ordered':
        return this.#rules.size;
      case 'value_sum':
        return this.#sum();
      case 'value_avg': {
        const count = this.#numbers().length;
        return count === 0 ? null : this.#sum() / count;
      }
      case 'value_median':
        return percentile(this.#numbers(), 50);
      case 'value_percentile':
        return percentile(this.#numbers(), share ?? 50);
    }
  }

  #numbers(): number[] {
    return [...this].flatMap(({ numbers }) => numbers);
  }

  #sum(): number {
    let total = 0;
    for (const { numbers } of this) total += sum(numbers);
    return total;
  }
}

function add<K>(counts: Map<K, number>, key: K, change: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

function sum(numbers: readonly number[]): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/** By linear interpolation between the neighbours. */
function percentile(numbers: readonly number[], share: number): number | null {
  if (numbers.length === 0) return null;
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = (share / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(place)]!;
  return low + (sorted[Math.ceil(place)]! - low) * (place - Math.floor(place));
}

/** The value that value_count tells apart: one field's, or a tuple's. Null or missing: none. */
export function distinctValueOf(view: FactView, fields: readonly string[]): string | null {
  const values = fields.map((field) => view.values(field)?.find((value) => value !== null));
  if (values.some((value) => value === undefined)) return null;
  return values.length === 1 ? textOf(values[0]!) : JSON.stringify(values);
}

export function numberOf(view: FactView, fields: readonly string[]): number | null {
  return asNumber(view.values(fields[0] ?? '')?.[0]);
}

function textOf(value: Json): string {
  return asText(value) ?? JSON.stringify(value);
}
