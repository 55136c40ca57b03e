import type { Fact } from '../events/fact.ts';
import type { Correlation } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import { Chains } from './chains.ts';
import { type Course, courseOf, isMet } from './course.ts';
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

/** A condition that began to hold, with the facts that it held of. */
export interface Opening {
  readonly key: Key;
  readonly second: number;
  readonly tally: Tally;
}

interface Open {
  readonly opened: number;
  last: number;
  /** The last second whose facts are in the tally. */
  told: number;
  readonly tally: Tally;
  readonly values: Set<string>;
  readonly rules: Set<number>;
  count: number;
}

/** A second at which a key is asked; `isLeaving`: facts are no longer in the window then. */
interface Due {
  readonly second: number;
  readonly key: string;
  readonly isLeaving: boolean;
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
  /** temporal_ordered only. */
  readonly chains: Chains | null;
}

/**
 * One correlation: sliding windows `[s - W, s]` by key, fed second by second in order of time.
 *
 * A key is *counting* (the condition does not hold) or *open* (it holds: an episode runs); it is forgotten when its window is empty and the
 * condition does not hold of nothing. When the condition is asked depends on what more facts can do to it (`Course`):
 * - *rising*: only make it true. Asked at each second that brings facts.
 * - *falling*: only make it false (`lt`). Asked when facts have left the window, and at the end of the clock.
 * - *mixed*: both (a range, an average, `a and not b`). Asked in the last second of facts in the window, so that what a whole time span
 *   holds is judged, when they have left it, and at the end of the clock.
 * The last two open never before `W` after the key's first fact; new facts can only end them.
 */
export class Window {
  readonly rule: number;
  readonly correlation: Correlation;
  readonly #isCounted: boolean;
  readonly #course: Course;
  readonly #newTally: () => Tally;
  readonly #emit: (episode: Episode) => void;
  readonly #states = new Map<string, State>();
  /** When keys are asked again because of facts that go: in order, because facts come in order. */
  #due: Due[] = [];
  #done = 0;
  #opened: Opening[] = [];

  /** @param isCounted false: nobody asks what opened, so it is not kept */
  constructor(
    rule: number,
    correlation: Correlation,
    newTally: () => Tally,
    emit: (episode: Episode) => void,
    isCounted = true,
  ) {
    this.rule = rule;
    this.#isCounted = isCounted;
    this.correlation = correlation;
    this.#course = courseOf(correlation);
    this.#newTally = newTally;
    this.#emit = emit;
  }

  /** Keys that are not forgotten. */
  get keys(): number {
    return this.#states.size;
  }

  /** Can it open between the seconds that bring facts? */
  get opensLate(): boolean {
    return this.#course !== 'rising';
  }

  /** All that a second brings. Returns what has opened since the last time, in order. */
  advance(second: number, arrivals: readonly Arrival[]): Opening[] {
    this.#leave(second);
    for (const [text, own] of byKey(this.correlation, arrivals)) {
      const state = this.#stateOf(text, own.key, second);
      const brought = secondOf(this.correlation, second, own.arrivals, this.#newTally());
      state.contents.push(brought);
      state.chains?.add(second, brought.rules);
      this.#remember(text, second);
      const holds = this.#holds(state, second);
      if (this.#course === 'rising' || state.open !== null) this.#judge(state, second, holds);
    }
    return this.#takeOpened();
  }

  /** Nothing more comes before this second. Returns what has opened until then. */
  settle(second: number): Opening[] {
    this.#leave(second);
    return this.#takeOpened();
  }

  /** The clock stands at the end. Returns what has opened until then, and with it. */
  finish(end: number): Opening[] {
    this.#leave(end + 1);
    for (const state of this.#states.values()) {
      const holds = this.#holds(state, end);
      if (this.opensLate && end - state.armed >= this.correlation.window) this.#judge(state, end, holds);
      if (state.open !== null) this.#close(state, !holds);
    }
    this.#states.clear();
    return this.#takeOpened();
  }

  #takeOpened(): Opening[] {
    const opened = this.#opened;
    if (opened.length > 0) this.#opened = [];
    return opened;
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
      chains: this.correlation.type === 'temporal_ordered' ? new Chains(this.correlation.rules.length) : null,
    };
    this.#states.set(text, state);
    return state;
  }

  #remember(key: string, second: number): void {
    const last = second + this.correlation.window;
    if (this.#course === 'mixed') this.#due.push({ second: last, key, isLeaving: false });
    this.#due.push({ second: last + 1, key, isLeaving: true });
  }

  #leave(before: number): void {
    const queue = this.#due;
    for (; this.#done < queue.length && queue[this.#done]!.second < before; this.#done++) {
      const { second, key, isLeaving } = queue[this.#done]!;
      const state = this.#states.get(key);
      if (state === undefined) continue;
      const holds = this.#holds(state, second);
      if (this.opensLate) this.#judge(state, second, holds);
      if (isLeaving && state.contents.isEmpty && !(holds && this.opensLate)) this.#forget(key, state);
    }
    if (this.#done > 1024 && this.#done * 2 > queue.length) {
      this.#due = queue.slice(this.#done);
      this.#done = 0;
    }
  }

  #forget(key: string, state: State): void {
    if (state.open !== null) this.#close(state, true);
    this.#states.delete(key);
  }

  #holds({ contents, chains }: State, second: number): boolean {
    const from = second - this.correlation.window;
    contents.prune(from);
    return conditionHolds(this.correlation, contents, chains === null ? null : chains.longest(from));
  }

  /** Opens, goes on or ends by what the condition says at a second. */
  #judge(state: State, second: number, holds: boolean): void {
    // A condition that only facts can make true has not held in between if they are more than a window apart.
    const goesOn = state.held && !(this.#course === 'rising' && second - state.asked > this.correlation.window);
    state.asked = second;
    state.held = holds;
    if (state.open !== null && (!holds || !goesOn)) this.#close(state, true);
    if (!holds) return;
    const isNew = state.open === null;
    state.open ??= newEpisode(second, this.#newTally());
    tell(state.open, isNew ? state.contents : [state.contents.latest], second);
    if (!isNew || !this.#isCounted) return;
    // A copy: who counts this opening may look at it when the episode has gone on.
    const tally = this.#newTally();
    tally.merge(state.open.tally);
    this.#opened.push({ key: state.key, second, tally });
  }

  #close(state: State, ended: boolean): void {
    const { opened, last, tally, values, rules, count } = state.open!;
    const isValues = this.correlation.type === 'value_count';
    this.#emit({
      rule: this.rule,
      key: state.key,
      opened,
      last,
      ended,
      count: isValues ? values.size : count,
      rules,
      tally,
      values: [...values].sort().slice(0, 100),
    });
    state.open = null;
  }
}

function newEpisode(second: number, tally: Tally): Open {
  return {
    opened: second,
    last: second,
    told: Number.NEGATIVE_INFINITY,
    tally,
    values: new Set(),
    rules: new Set(),
    count: 0,
  };
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
    for (const rule of second.rules) open.rules.add(rule);
  }
}

/**
 * Does the condition hold of what is in a window?
 * @param chain rules in the longest chain that starts in it; null: their order does not matter
 */
export function conditionHolds(correlation: Correlation, contents: Contents, chain: number | null): boolean {
  const { conditions, rules, expression } = correlation;
  if (expression !== null) return isMet(expression, (rule) => contents.hasRule(rule));
  const value = chain ?? contents.measure(correlation);
  if (value === null) return false;
  if (conditions.length === 0) return value >= rules.length;
  return conditions.every((condition) => compare(value, condition.op, condition.value));
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
  const key: [name: string, value: Json][] = [];
  const view = new FactView(fact);
  for (const { name, fieldByRule } of correlation.groupBy) {
    // Names and ids are anybody's: `constructor` and `__proto__` are names like others.
    const field = Object.hasOwn(fieldByRule, ruleId) ? fieldByRule[ruleId]! : name;
    const value = view.values(field)?.[0];
    if (value === undefined || value === null) return null;
    key.push([name, value]);
  }
  return Object.fromEntries(key);
}
