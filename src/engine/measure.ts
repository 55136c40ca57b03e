import type { Fact } from '../events/fact.ts';
import type { Correlation } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import { asNumber, asText } from './match.ts';
import type { Tally } from './ports.ts';
import type { FactView } from './view.ts';

/** All that one second brought to a key of a correlation. */
export interface Second {
  readonly at: number;
  /** Events by id, with what each counts: one id is one event. */
  readonly events: Map<string, number>;
  /** value_count: distinct values. */
  readonly values: Set<string>;
  /** value_sum and the like: one number an event. */
  readonly numbers: number[];
  /** Indexes, in the correlation's list, of the rules that hit. */
  readonly rules: Set<number>;
  readonly tally: Tally;
}

/** What a correlation's condition is about, over the seconds of a window. */
export function measure(correlation: Correlation, seconds: readonly Second[]): number | null {
  switch (correlation.type) {
    case 'event_count':
      return sum(seconds.flatMap(({ events }) => [...events.values()]));
    case 'value_count':
      return distinctValues(seconds).length;
    case 'temporal':
    case 'temporal_ordered':
      return new Set(seconds.flatMap(({ rules }) => [...rules])).size;
    case 'value_sum':
      return sum(seconds.flatMap(({ numbers }) => numbers));
    case 'value_avg': {
      const numbers = seconds.flatMap((second) => second.numbers);
      return numbers.length === 0 ? null : sum(numbers) / numbers.length;
    }
    case 'value_median':
      return percentile(
        seconds.flatMap(({ numbers }) => numbers),
        50,
      );
    case 'value_percentile':
      return percentile(
        seconds.flatMap(({ numbers }) => numbers),
        correlation.percentile ?? 50,
      );
  }
}

export function distinctValues(seconds: readonly Second[]): string[] {
  return [...new Set(seconds.flatMap(({ values }) => [...values]))].sort();
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

export function countOf(fact: Fact): number {
  return fact.count;
}
