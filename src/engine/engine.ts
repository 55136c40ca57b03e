import { type Fact, factKey } from '../events/fact.ts';
import { compareText } from '../lib/compare.ts';
import { identity } from '../lib/hash.ts';
import type { Compiled } from './compile.ts';
import { addHit, Held, type HitsByRule, type Hitting } from './held.ts';
import type { Episode, Judged, Key, Silence, Tally } from './ports.ts';
import { type Arrival, type Opening, Window } from './window.ts';

export interface EngineSink {
  readonly newTally: () => Tally;
  /** A hit of a rule that raises alerts by itself. In order of time. */
  hit(rule: number, selections: readonly number[], fact: Fact): void;
  /** An episode of a correlation that raises alerts, when it is over. */
  episode(episode: Episode): void;
}

/**
 * Facts and what they matched, second by second in order of time, to hits and episodes. A correlation may count the openings of others.
 *
 * Most open in a second that brings facts. Silences, and conditions that are asked when facts leave, open in between. What counts one of
 * those, however indirectly, is *late*: its arrivals are held back until all that it counts is known, and then worked off in order of time.
 */
export class Engine {
  readonly #compiled: Compiled;
  readonly #sink: EngineSink;
  /** In an order in which a correlation comes after those it counts. */
  readonly #windows: readonly Window[];
  /** By rule: places in `#windows` of the correlations that count it. A second only costs those. */
  readonly #counting: ReadonlyMap<number, readonly number[]>;
  readonly #ruleOf: ReadonlyMap<string, number>;
  /** By place in `#windows`: what a late one holds back. */
  readonly #held: ReadonlyMap<number, Held>;
  /** Places in `#windows` of those that may open between seconds and that something counts, and of the late ones. */
  readonly #settling: readonly number[];
  #now = Number.NEGATIVE_INFINITY;

  /** @param silences what rules of absence found, for the correlations that count them */
  constructor(compiled: Compiled, sink: EngineSink, silences: readonly Silence[] = []) {
    this.#compiled = compiled;
    this.#sink = sink;
    this.#ruleOf = new Map(compiled.rules.map((rule, index) => [rule.meta.id, index]));
    const named = new Set(compiled.rules.flatMap((rule) => (rule.kind === 'correlation' ? rule.rules : [])));
    this.#windows = ordered(compiled).map((rule) => this.#windowOf(rule, named));
    const counted = this.#windows.flatMap((window, at) =>
      window.correlation.rules.map((id) => [this.#ruleOf.get(id)!, at] as const),
    );
    this.#counting = new Map(
      [...Map.groupBy(counted, ([rule]) => rule)].map(([rule, list]) => [rule, [...new Set(list.map(([, at]) => at))]]),
    );
    this.#held = new Map(this.#latePlaces().map((at) => [at, new Held()]));
    this.#settling = [...this.#windows.keys()].filter(
      (at) => this.#held.has(at) || (this.#windows[at]!.opensLate && this.#counting.has(this.#windows[at]!.rule)),
    );
    for (const { rule, key, opened } of silences) this.#hold(rule, [{ key, second: opened, tally: sink.newTally() }]);
  }

  /** All facts of one second. Equal ids of one account and rule in it are one. */
  advance(second: number, judged: readonly Judged[]): void {
    if (second < this.#now) throw new Error(`second ${second} comes after ${this.#now}`);
    this.#now = second;
    for (const at of this.#settling) this.#settle(at, second);
    const byRule: HitsByRule = new Map();
    for (const { fact, hits } of inOrder(judged)) {
      for (const { rule, selections } of hits) {
        if (this.#compiled.rules[rule]!.alerts) this.#sink.hit(rule, selections, fact);
        addHit(byRule, rule, { fact, told: null });
      }
    }
    this.#count(second, byRule);
  }

  /** The clock stands at the end. */
  finish(end: number): void {
    for (const [at, window] of this.#windows.entries()) {
      this.#workOff(at, end + 1);
      this.#hold(window.rule, window.finish(end));
    }
  }

  #windowOf(rule: number, named: ReadonlySet<string>): Window {
    const correlation = this.#compiled.rules[rule]!;
    if (correlation.kind !== 'correlation') throw new Error('only correlations have windows');
    const emit = (episode: Episode): void => {
      if (correlation.alerts) this.#sink.episode(episode);
    };
    return new Window(rule, correlation, this.#sink.newTally, emit, named.has(correlation.meta.id));
  }

  #latePlaces(): number[] {
    const between = new Set(this.#compiled.waits);
    const late: number[] = [];
    for (const [at, window] of this.#windows.entries()) {
      const isLate = window.correlation.rules.some((id) => between.has(this.#ruleOf.get(id)!));
      if (isLate) late.push(at);
      if (isLate || window.opensLate) between.add(window.rule);
    }
    return late;
  }

  /** In the order of `#windows`, so that what a correlation opens is there for those that count it. */
  #count(second: number, byRule: HitsByRule): void {
    const due = new Set([...byRule.keys()].flatMap((rule) => this.#counting.get(rule) ?? []));
    while (due.size > 0) {
      const at = Math.min(...due);
      due.delete(at);
      const window = this.#windows[at]!;
      const held = this.#held.get(at);
      if (held !== undefined) {
        for (const rule of new Set(window.correlation.rules.map((id) => this.#ruleOf.get(id)!)))
          for (const hitting of byRule.get(rule) ?? []) held.add(second, rule, hitting);
        continue;
      }
      const opened = window.advance(second, this.#arrivals(window, byRule));
      if (opened.length === 0) continue;
      byRule.set(
        window.rule,
        opened.map((opening) => openingOf(window.correlation.meta.id, opening)),
      );
      for (const next of this.#counting.get(window.rule) ?? []) due.add(next);
    }
  }

  /** Brings a window to where all before a second is known of it. */
  #settle(at: number, second: number): void {
    this.#workOff(at, second);
    const window = this.#windows[at]!;
    this.#hold(window.rule, window.settle(second));
  }

  #workOff(at: number, before: number): void {
    const window = this.#windows[at]!;
    for (const [second, hits] of this.#held.get(at)?.take(before) ?? [])
      this.#hold(window.rule, window.advance(second, this.#arrivals(window, hits)));
  }

  /** Openings of a rule, for the late correlations that count it; no others count what opens between seconds. */
  #hold(rule: number, openings: readonly Opening[]): void {
    if (openings.length === 0) return;
    const { id } = this.#compiled.rules[rule]!.meta;
    for (const at of this.#counting.get(rule) ?? [])
      for (const opening of openings) this.#held.get(at)!.add(opening.second, rule, openingOf(id, opening));
  }

  #arrivals({ correlation }: Window, byRule: HitsByRule): Arrival[] {
    return correlation.rules.flatMap((id, of) =>
      (byRule.get(this.#ruleOf.get(id)!) ?? []).map((hitting) => ({ of, ruleId: id, ...hitting })),
    );
  }
}

/** A correlation's opening, as an event that another correlation may count. */
function openingOf(ruleId: string, { key, tally, second }: Opening): Hitting {
  return { fact: openingFact(ruleId, key, second), told: tally };
}

function openingFact(ruleId: string, key: Key, second: number): Fact {
  return {
    id: identity(ruleId, JSON.stringify(key), second),
    time: second * 1e6,
    family: 'ActivityLog',
    action: 'correlation',
    outcome: 'success',
    account: typeof key['cosmosdb.account'] === 'string' ? key['cosmosdb.account'] : null,
    actor: null,
    caller: null,
    candidates: [],
    sourceIp: null,
    userAgent: null,
    target: null,
    count: 1,
    change: null,
    thing: null,
    fields: key,
    raw: {},
    evidence: [],
  };
}

/** By time and id; copies of one fact once. */
function inOrder(judged: readonly Judged[]): Judged[] {
  if (judged.length < 2) return [...judged];
  const distinct = new Map<string, Judged>();
  const named = judged.map((one) => [factKey(one.fact), one] as const);
  for (const [name, one] of named.sort(([a, x], [b, y]) => x.fact.time - y.fact.time || compareText(a, b)))
    if (!distinct.has(name)) distinct.set(name, one);
  return [...distinct.values()];
}

/** Correlations so that each comes after those it refers to; the parser has refused circles. */
function ordered({ rules, waits }: Compiled): number[] {
  const byId = new Map(rules.map((rule, index) => [rule.meta.id, index]));
  const order: number[] = [];
  const seen = new Set<number>();
  const visit = (index: number): void => {
    const rule = rules[index]!;
    if (seen.has(index) || rule.kind !== 'correlation' || waits.has(index)) return;
    seen.add(index);
    for (const id of rule.rules) visit(byId.get(id) ?? index);
    order.push(index);
  };
  for (const index of rules.keys()) visit(index);
  return order;
}
