import { compileMatch, type Predicate } from '../engine/match.ts';
import type { Key, Tally } from '../engine/ports.ts';
import { FactView } from '../engine/view.ts';
import { type Arrival, byKey, secondOf } from '../engine/window.ts';
import type { Micros } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import { parseTime } from '../events/time.ts';
import type { Correlation, Rule } from '../ir/ir.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import { History } from './history.ts';

/** What the rules say of one event. Titles in the order of the rules. */
export interface EventMatch {
  readonly index: number;
  /** Microseconds since 1970; null: the event has no time that can be read, so no correlation counts it. */
  readonly time: Micros | null;
  readonly matched: readonly string[];
  readonly fired: readonly string[];
}

interface Counting {
  readonly correlation: Correlation;
  readonly keys: Map<string, History>;
}

/** An event, or a correlation that fired with it, and the rule that it counts for. */
type Hits = ReadonlyMap<string, readonly Fact[]>;

/** So many counted seconds are kept whatever their age; then those older than two time spans go. */
const KEPT = 200_000;

/**
 * Events of any product, one after another, asked for every rule as they are. A correlation is judged at the events that it counts, over
 * those before them in the input whose time lies in its window `[t - W, t]`: no edge, no fold. What fires counts for the
 * correlations that refer to it, at that event.
 *
 * Exact in any order of time up to 200,000 counted events; beyond that an event more than one time span behind the one before it may be judged over
 * less than was there.
 */
export class EventMatcher {
  readonly #detections: readonly { readonly rule: Rule; readonly matches: Predicate }[];
  /** Each after those it refers to. */
  readonly #correlations: readonly Counting[];
  readonly #order: ReadonlyMap<string, number>;
  readonly #kept: number;
  #next = 0;
  #seconds = 0;
  #sweepAt: number;

  constructor(rules: readonly Rule[], kept: number = KEPT) {
    this.#detections = rules.flatMap((rule) =>
      rule.kind === 'detection' ? [{ rule, matches: compileMatch(rule.match) }] : [],
    );
    this.#correlations = inOrder(rules).map((correlation) => ({ correlation, keys: new Map() }));
    this.#order = new Map(rules.map(({ meta }, at) => [meta.id, at]));
    this.#kept = kept;
    this.#sweepAt = kept;
  }

  match(event: JsonObject): EventMatch {
    const index = this.#next++;
    const view = new FactView({ fields: {}, raw: event });
    const time = timeOf(view);
    const matched = this.#detections.filter(({ matches }) => matches(view)).map(({ rule }) => rule.meta);
    const fired = time === null ? [] : this.#fired(matched, factOf(`${index}`, time, {}, event));
    return { index, time, matched: matched.map(({ title }) => title), fired };
  }

  #fired(matched: readonly { readonly id: string }[], fact: Fact): string[] {
    const second = Math.floor(fact.time / 1e6);
    const hits = new Map<string, readonly Fact[]>(matched.map(({ id }) => [id, [fact]]));
    const fired: Correlation[] = [];
    for (const counting of this.#correlations) {
      const keys = this.#count(counting, hits, second);
      if (keys.length === 0) continue;
      const { meta } = counting.correlation;
      fired.push(counting.correlation);
      hits.set(
        meta.id,
        keys.map((key) => factOf(`${fact.id} ${meta.id} ${JSON.stringify(key)}`, fact.time, key, {})),
      );
    }
    if (this.#seconds > this.#sweepAt) this.#sweep(second);
    const place = ({ meta }: Correlation): number => this.#order.get(meta.id)!;
    return fired.sort((a, b) => place(a) - place(b)).map(({ meta }) => meta.title);
  }

  /** The keys for which the correlation's condition holds. */
  #count({ correlation, keys }: Counting, hits: Hits, second: number): Key[] {
    const arrivals: Arrival[] = correlation.rules.flatMap((ruleId, of) =>
      (hits.get(ruleId) ?? []).map((fact) => ({ of, ruleId, fact, told: null })),
    );
    const held: Key[] = [];
    for (const [text, own] of byKey(correlation, arrivals)) {
      const history = keys.get(text) ?? new History(correlation);
      keys.set(text, history);
      this.#seconds += 1;
      if (history.add(secondOf(correlation, second, own.arrivals, NO_TALLY))) held.push(own.key);
    }
    return held;
  }

  #sweep(now: number): void {
    this.#seconds = 0;
    for (const { correlation, keys } of this.#correlations) {
      for (const [key, history] of keys) {
        history.forget(now - 2 * correlation.window);
        if (history.size === 0) keys.delete(key);
        this.#seconds += history.size;
      }
    }
    this.#sweepAt = Math.max(this.#kept, this.#seconds * 2);
  }
}

const NO_TALLY: Tally = { add: () => {}, merge: () => {} };

/** The latest second that a time may lie in: numbers above it are milliseconds. */
const SECONDS_END = 1e11;

/** `@timestamp`, else `time`: a text, or a number of seconds or milliseconds since 1970. */
function timeOf(view: FactView): Micros | null {
  for (const name of ['@timestamp', 'time']) {
    const time = readTime(view.values(name)?.[0]);
    if (time !== null) return time;
  }
  return null;
}

function readTime(value: Json | undefined): Micros | null {
  if (typeof value === 'string') return /^\d+(\.\d+)?$/.test(value) ? readTime(Number(value)) : parseTime(value);
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  return Math.round(Math.abs(value) < SECONDS_END ? value * 1e6 : value * 1000);
}

/** An event that nothing is known of but what stands in it. */
function factOf(id: string, time: Micros, fields: Key, raw: JsonObject): Fact {
  return {
    ...{ id, time, fields, raw },
    ...{ family: 'ActivityLog' as const, action: '', outcome: 'success' as const, count: 1 },
    ...{ account: null, actor: null, caller: null, candidates: [], sourceIp: null, userAgent: null },
    ...{ target: null, change: null, thing: null, evidence: [] },
  };
}

/** Correlations so that each comes after those it refers to; the parser has refused circles. */
function inOrder(rules: readonly Rule[]): Correlation[] {
  const byId = new Map(rules.map((rule) => [rule.meta.id, rule]));
  const ordered = new Set<Correlation>();
  const visit = (rule: Rule | undefined): void => {
    if (rule?.kind !== 'correlation' || ordered.has(rule)) return;
    for (const id of rule.rules) visit(byId.get(id));
    ordered.add(rule);
  };
  for (const rule of rules) visit(rule);
  return [...ordered];
}
