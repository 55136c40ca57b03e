import type { Fact } from '../events/fact.ts';
import type { Correlation } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import { compare } from './match.ts';
import { countOf, distinctValueOf, distinctValues, measure, numberOf, type Second } from './measure.ts';
import type { Episode, Key, Tally } from './ports.ts';
import { FactView } from './view.ts';

/** A fact, or another correlation's opening, that a rule of this correlation matched. */
export interface Arrival {
  /** Index in the correlation's own list of rules. */
  readonly of: number;
  readonly ruleId: string;
  readonly fact: Fact;
}

interface Open {
  readonly opened: number;
  last: number;
  readonly tally: Tally;
  readonly values: Set<string>;
  count: number;
}

/** One key's window: the seconds in it, and the episode that is open. */
interface State {
  readonly key: Key;
  readonly seconds: Second[];
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
 * A key is *quiet* (no facts in its window: it is forgotten), *counting* (facts, the condition does not hold) or *open* (it holds: an
 * episode runs). Conditions that more facts can only make true are asked at each second that brings facts; the others are asked when
 * facts leave the window, and at the end, never before `W` after the key's first fact.
 */
export class Window {
  readonly rule: number;
  readonly correlation: Correlation;
  readonly #newTally: () => Tally;
  readonly #emit: (episode: Episode) => void;
  readonly #states = new Map<string, State>();
  /** When facts leave the window, by key: in order, because facts come in order. */
  #leaving: { second: number; key: string }[] = [];
  #left = 0;

  constructor(rule: number, correlation: Correlation, newTally: () => Tally, emit: (episode: Episode) => void) {
    this.rule = rule;
    this.correlation = correlation;
    this.#newTally = newTally;
    this.#emit = emit;
  }

  /** All that a second brings. Returns the keys whose condition opened with it. */
  advance(second: number, arrivals: readonly Arrival[]): Key[] {
    this.#leave(second);
    const opened: Key[] = [];
    for (const [text, own] of this.#byKey(arrivals)) {
      const state = this.#stateOf(text, own.key, second);
      state.seconds.push(this.#secondOf(second, own.arrivals, state));
      this.#leaving.push({ second: second + this.correlation.window + 1, key: text });
      if (this.#asks(isMonotone(this.correlation), state, second)) opened.push(state.key);
    }
    return opened;
  }

  finish(end: number): void {
    this.#leave(end + 1);
    for (const [text, state] of this.#states) {
      this.#prune(state, end);
      const holds = this.#holds(state, end);
      if (!isMonotone(this.correlation) && end - state.armed >= this.correlation.window) this.#judge(state, end, holds);
      if (state.open !== null) this.#close(state, !holds);
      this.#states.delete(text);
    }
  }

  #byKey(arrivals: readonly Arrival[]): Map<string, { key: Key; arrivals: Arrival[] }> {
    const keys = new Map<string, { key: Key; arrivals: Arrival[] }>();
    for (const arrival of arrivals) {
      const key = keyOf(this.correlation, arrival);
      if (key === null) continue;
      const text = JSON.stringify(key);
      const own = keys.get(text);
      if (own) own.arrivals.push(arrival);
      else keys.set(text, { key, arrivals: [arrival] });
    }
    return keys;
  }

  #stateOf(text: string, key: Key, second: number): State {
    const known = this.#states.get(text);
    if (known) return known;
    const state: State = {
      key,
      seconds: [],
      armed: second,
      open: null,
      asked: Number.NEGATIVE_INFINITY,
      held: false,
      chains: this.correlation.rules.map(() => Number.NEGATIVE_INFINITY),
    };
    this.#states.set(text, state);
    return state;
  }

  #secondOf(at: number, arrivals: readonly Arrival[], state: State): Second {
    const { type, fields } = this.correlation;
    const second: Second = {
      at,
      events: new Map(),
      values: new Set(),
      numbers: [],
      rules: new Set(),
      tally: this.#newTally(),
    };
    for (const { of, fact } of arrivals) {
      second.rules.add(of);
      if (second.events.has(fact.id)) continue;
      second.events.set(fact.id, countOf(fact));
      second.tally.add(fact);
      if (fields.length === 0) continue;
      const view = new FactView(fact);
      const value = type === 'value_count' ? distinctValueOf(view, fields) : null;
      if (value !== null) second.values.add(value);
      const number = type === 'value_count' ? null : numberOf(view, fields);
      if (number !== null) second.numbers.push(number);
    }
    for (let of = 0; of < state.chains.length; of++) {
      if (second.rules.has(of)) state.chains[of] = Math.max(state.chains[of]!, of === 0 ? at : state.chains[of - 1]!);
    }
    return second;
  }

  /** At a second with facts. True if the condition opened. */
  #asks(monotone: boolean, state: State, second: number): boolean {
    this.#prune(state, second);
    const holds = this.#holds(state, second);
    if (monotone) return this.#judge(state, second, holds);
    // More facts may have ended it; they cannot open it.
    if (state.open !== null && !holds) this.#judge(state, second, false);
    return false;
  }

  #leave(before: number): void {
    const queue = this.#leaving;
    for (; this.#left < queue.length && queue[this.#left]!.second < before; this.#left++) {
      const { second, key } = queue[this.#left]!;
      const state = this.#states.get(key);
      if (state !== undefined) this.#onLeave(key, state, second);
    }
    if (this.#left > 1024 && this.#left * 2 > queue.length) {
      this.#leaving = queue.slice(this.#left);
      this.#left = 0;
    }
  }

  #onLeave(key: string, state: State, second: number): void {
    this.#prune(state, second);
    if (!isMonotone(this.correlation)) {
      if (second - state.armed >= this.correlation.window) this.#judge(state, second, this.#holds(state, second));
      return;
    }
    if (state.seconds.length > 0) return;
    if (state.open !== null) this.#close(state, true);
    this.#states.delete(key);
  }

  #prune(state: State, second: number): void {
    let gone = 0;
    while (gone < state.seconds.length && state.seconds[gone]!.at < second - this.correlation.window) gone++;
    if (gone > 0) state.seconds.splice(0, gone);
  }

  #holds(state: State, second: number): boolean {
    const { type, conditions, window, rules } = this.correlation;
    if (type === 'temporal_ordered') return state.chains.at(-1)! >= second - window && state.seconds.length > 0;
    const value = measure(this.correlation, state.seconds);
    if (value === null) return false;
    if (conditions.length === 0) return value >= rules.length;
    return conditions.every((condition) => compare(value, condition.op, condition.value));
  }

  /** Opens, goes on or ends by what the condition says at a second. True if it opened. */
  #judge(state: State, second: number, holds: boolean): boolean {
    const goesOn = state.held && second - state.asked <= this.correlation.window;
    state.asked = second;
    state.held = holds;
    if (state.open !== null && (!holds || !goesOn)) this.#close(state, true);
    if (!holds) return false;
    const isNew = state.open === null;
    if (isNew) state.open = this.#opened(state, second);
    else this.#goOn(state.open!, state.seconds.at(-1), second);
    return isNew;
  }

  #opened(state: State, second: number): Open {
    const open: Open = { opened: second, last: second, tally: this.#newTally(), values: new Set(), count: 0 };
    for (const one of state.seconds) addTo(open, one);
    return open;
  }

  #goOn(open: Open, latest: Second | undefined, second: number): void {
    open.last = second;
    if (latest?.at === second) addTo(open, latest);
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

function addTo(open: Open, second: Second): void {
  open.tally.merge(second.tally);
  for (const count of second.events.values()) open.count += count;
  for (const value of distinctValues([second])) open.values.add(value);
}

/** Can more facts only make the condition true? */
function isMonotone({ type, conditions }: Correlation): boolean {
  if (type === 'value_avg' || type === 'value_percentile' || type === 'value_median') return false;
  return conditions.every(({ op }) => op === 'gt' || op === 'gte');
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
