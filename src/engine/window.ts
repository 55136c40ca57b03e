import type { Fact } from '../events/fact.ts';
import type { Correlation } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import { compare } from './match.ts';
import { Contents, distinctValueOf, numberOf, type Second } from './measure.ts';
import type { Episode, Key, Tally } from './ports.ts';
import { FactView } from './view.ts';

/** A fact, or another correlation's opening, that a rule of this correlation matched. */
export interface Arrival {
  /** Index in the correlation's own list of rules. */
  readonly of: number;
  readonly ruleId: string;
  readonly fact: Fact;
  /** An opening: what it tells of its own facts. */
  readonly told: Tally | null;
}

/** A condition that began to hold. */
export interface Opening {
  readonly key: Key;
  readonly tally: Tally;
}

interface Open {
  readonly opened: number;
  last: number;
  /** The last second whose facts are in the tally. */
  told: number;
  readonly tally: Tally;
  readonly values: Set<string>;
  count: number;
}

/** One key's window: the seconds in it, and the episode that is open. */
interface State {
  readonly key: Key;
  readonly contents: Contents;
  readonly armed: number;
  open: Open | null;
  /** The last second at which the condition was asked, and what it said. */
  asked: number;
  held: boolean;
  /** temporal_ordered: the latest start of a chain up to each rule. */
  readonly chains: number[];
}

/**
 * One correlation: sliding windows `[s - W, s]` by key, fed second by second in order of time.
 *
 * A key is *counting* (the condition does not hold) or *open* (it holds: an episode runs); it is forgotten when its window is empty and the
 * condition does not hold of nothing. Conditions that more facts can only make true are asked at each second that brings facts. The
 * others are asked when facts leave the window, and at the end, never before `W` after the key's first fact; new facts can only end them.
 */
export class Window {
  readonly rule: number;
  readonly correlation: Correlation;
  readonly #isMonotone: boolean;
  readonly #newTally: () => Tally;
  readonly #emit: (episode: Episode) => void;
  readonly #states = new Map<string, State>();
  /** When facts leave the window, by key: in order, because facts come in order. */
  #leaving: { second: number; key: string }[] = [];
  #left = 0;

  constructor(rule: number, correlation: Correlation, newTally: () => Tally, emit: (episode: Episode) => void) {
    this.rule = rule;
    this.correlation = correlation;
    this.#isMonotone = isMonotone(correlation);
    this.#newTally = newTally;
    this.#emit = emit;
  }

  /** Keys that are not forgotten. */
  get keys(): number {
    return this.#states.size;
  }

  /** All that a second brings. Returns what opened with it. */
  advance(second: number, arrivals: readonly Arrival[]): Opening[] {
    this.#leave(second);
    const opened: Opening[] = [];
    for (const [text, own] of byKey(this.correlation, arrivals)) {
      const state = this.#stateOf(text, own.key, second);
      const brought = secondOf(this.correlation, second, own.arrivals, this.#newTally());
      state.contents.push(brought);
      lengthen(state.chains, brought);
      this.#leaving.push({ second: second + this.correlation.window + 1, key: text });
      if (this.#arrived(state, second)) opened.push({ key: state.key, tally: state.open!.tally });
    }
    return opened;
  }

  finish(end: number): void {
    this.#leave(end + 1);
    for (const state of this.#states.values()) {
      const holds = this.#holds(state, end);
      if (!this.#isMonotone && end - state.armed >= this.correlation.window) this.#judge(state, end, holds);
      if (state.open !== null) this.#close(state, !holds);
    }
    this.#states.clear();
  }

  #stateOf(text: string, key: Key, second: number): State {
    const known = this.#states.get(text);
    if (known) return known;
    const state: State = {
      key,
      contents: new Contents(),
      armed: second,
      open: null,
      asked: Number.NEGATIVE_INFINITY,
      held: false,
      chains: this.correlation.rules.map(() => Number.NEGATIVE_INFINITY),
    };
    this.#states.set(text, state);
    return state;
  }

  /** True if the condition opened. */
  #arrived(state: State, second: number): boolean {
    const holds = this.#holds(state, second);
    return (this.#isMonotone || state.open !== null) && this.#judge(state, second, holds);
  }

  #leave(before: number): void {
    const queue = this.#leaving;
    for (; this.#left < queue.length && queue[this.#left]!.second < before; this.#left++) {
      const { second, key } = queue[this.#left]!;
      const state = this.#states.get(key);
      if (state !== undefined) this.#hasLeft(key, state, second);
    }
    if (this.#left > 1024 && this.#left * 2 > queue.length) {
      this.#leaving = queue.slice(this.#left);
      this.#left = 0;
    }
  }

  #hasLeft(key: string, state: State, second: number): void {
    const holds = this.#holds(state, second);
    if (!this.#isMonotone) this.#judge(state, second, holds);
    if (!state.contents.isEmpty || (holds && !this.#isMonotone)) return;
    if (state.open !== null) this.#close(state, true);
    this.#states.delete(key);
  }

  #holds({ contents, chains }: State, second: number): boolean {
    const { type, conditions, window, rules } = this.correlation;
    contents.prune(second - window);
    if (type === 'temporal_ordered') return chains.at(-1)! >= second - window;
    const value = contents.measure(this.correlation);
    if (value === null) return false;
    if (conditions.length === 0) return value >= rules.length;
    return conditions.every((condition) => compare(value, condition.op, condition.value));
  }

  /** Opens, goes on or ends by what the condition says at a second. True if it opened. */
  #judge(state: State, second: number, holds: boolean): boolean {
    // A condition that only facts can make true has not held in between if they are more than a window apart.
    const goesOn = state.held && !(this.#isMonotone && second - state.asked > this.correlation.window);
    state.asked = second;
    state.held = holds;
    if (state.open !== null && (!holds || !goesOn)) this.#close(state, true);
    if (!holds) return false;
    const isNew = state.open === null;
    state.open ??= this.#opened(second);
    tell(state.open, isNew ? state.contents : [state.contents.latest], second);
    return isNew;
  }

  #opened(second: number): Open {
    return {
      opened: second,
      last: second,
      told: Number.NEGATIVE_INFINITY,
      tally: this.#newTally(),
      values: new Set(),
      count: 0,
    };
  }

  #close(state: State, ended: boolean): void {
    const { opened, last, tally, values, count } = state.open!;
    const isValues = this.correlation.type === 'value_count';
    this.#emit({
      rule: this.rule,
      key: state.key,
      opened,
      last,
      ended,
      count: isValues ? values.size : count,
      tally,
      values: [...values].sort().slice(0, 100),
    });
    state.open = null;
  }
}

/** Lets an episode go on until a second; what the seconds brought is told once. */
function tell(open: Open, seconds: Iterable<Second | undefined>, until: number): void {
  open.last = until;
  for (const second of seconds) {
    if (second === undefined || second.at <= open.told) continue;
    open.told = second.at;
    open.tally.merge(second.tally);
    open.count += second.count;
    for (const value of second.values) open.values.add(value);
  }
}

/** Equal ids are one event, whatever rules they hit. */
export function secondOf(
  { type, fields }: Correlation,
  at: number,
  arrivals: readonly Arrival[],
  tally: Tally,
): Second {
  const rules = new Set(arrivals.map(({ of }) => of));
  const facts = new Map(arrivals.map((arrival) => [arrival.fact, arrival]));
  const counts = new Map<string, number>();
  const values = new Set<string>();
  const numbers: number[] = [];
  for (const { fact, told } of facts.values()) {
    if (told === null) tally.add(fact);
    else tally.merge(told);
    const isNew = !counts.has(fact.id);
    counts.set(fact.id, fact.count);
    if (fields.length === 0) continue;
    const view = new FactView(fact);
    const value = type === 'value_count' ? distinctValueOf(view, fields) : null;
    if (value !== null) values.add(value);
    const number = type !== 'value_count' && isNew ? numberOf(view, fields) : null;
    if (number !== null) numbers.push(number);
  }
  let count = 0;
  for (const one of counts.values()) count += one;
  return { at, count, values, numbers, rules, tally };
}

/** Chains `e1 <= ... <= en`: each rule that hit takes over the latest start of a chain up to the rule before it. */
export function lengthen(chains: number[], { at, rules }: Second): void {
  for (let of = 0; of < chains.length; of++) {
    if (rules.has(of)) chains[of] = Math.max(chains[of]!, of === 0 ? at : chains[of - 1]!);
  }
}

/** Can more facts only make the condition true? */
function isMonotone({ type, conditions }: Correlation): boolean {
  if (type === 'value_avg' || type === 'value_percentile' || type === 'value_median') return false;
  return conditions.every(({ op }) => op === 'gt' || op === 'gte');
}

export function byKey(
  correlation: Correlation,
  arrivals: readonly Arrival[],
): Map<string, { readonly key: Key; readonly arrivals: Arrival[] }> {
  const keys = new Map<string, { key: Key; arrivals: Arrival[] }>();
  for (const arrival of arrivals) {
    const key = keyOf(correlation, arrival);
    if (key === null) continue;
    const text = JSON.stringify(key);
    const own = keys.get(text);
    if (own) own.arrivals.push(arrival);
    else keys.set(text, { key, arrivals: [arrival] });
  }
  return keys;
}

/** The values of the group-by fields; null: one is missing, so the event has no key and does not count. */
function keyOf(correlation: Correlation, { ruleId, fact }: Arrival): Key | null {
  const key: Record<string, Json> = {};
  const view = new FactView(fact);
  for (const { name, fieldByRule } of correlation.groupBy) {
    const value = view.values(fieldByRule[ruleId] ?? name)?.[0];
    if (value === undefined || value === null) return null;
    key[name] = value;
  }
  return key;
}
