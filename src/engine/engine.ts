import type { Fact } from '../events/fact.ts';
import { isAbsence } from '../ir/ir.ts';
import { identity } from '../lib/hash.ts';
import type { Compiled } from './compile.ts';
import type { Episode, Judged, Key, Tally } from './ports.ts';
import { type Arrival, Window } from './window.ts';

export interface EngineSink {
  readonly newTally: () => Tally;
  /** A hit of a rule that raises alerts by itself. In order of time. */
  hit(rule: number, selections: readonly number[], fact: Fact): void;
  /** An episode of a correlation that raises alerts, when it is over. */
  episode(episode: Episode): void;
}

/** Facts and what they matched, second by second in order of time, to hits and episodes. */
export class Engine {
  readonly #compiled: Compiled;
  readonly #sink: EngineSink;
  /** In an order in which a correlation comes after those it counts. */
  readonly #windows: readonly Window[];
  /** By rule: places in `#windows` of the correlations that count it. A second only costs those. */
  readonly #counting: ReadonlyMap<number, readonly number[]>;
  readonly #ruleOf: ReadonlyMap<string, number>;
  #now = Number.NEGATIVE_INFINITY;

  constructor(compiled: Compiled, sink: EngineSink) {
    this.#compiled = compiled;
    this.#sink = sink;
    this.#ruleOf = new Map(compiled.rules.map((rule, index) => [rule.meta.id, index]));
    this.#windows = ordered(compiled).map((rule) => {
      const correlation = compiled.rules[rule]!;
      if (correlation.kind !== 'correlation') throw new Error('only correlations have windows');
      return new Window(rule, correlation, sink.newTally, (episode) => {
        if (correlation.alerts) sink.episode(episode);
      });
    });
    const counted = this.#windows.flatMap((window, at) =>
      window.correlation.rules.map((id) => [this.#ruleOf.get(id)!, at] as const),
    );
    this.#counting = new Map(
      [...Map.groupBy(counted, ([rule]) => rule)].map(([rule, list]) => [rule, list.map(([, at]) => at)]),
    );
  }

  /** All facts of one second. Equal ids of one account and rule in it are one. */
  advance(second: number, judged: readonly Judged[]): void {
    if (second < this.#now) throw new Error(`second ${second} comes after ${this.#now}`);
    this.#now = second;
    const byRule = new Map<number, Fact[]>();
    for (const { fact, hits } of inOrder(judged)) {
      for (const { rule, selections } of hits) {
        if (this.#compiled.rules[rule]!.alerts) this.#sink.hit(rule, selections, fact);
        const facts = byRule.get(rule);
        if (facts) facts.push(fact);
        else byRule.set(rule, [fact]);
      }
    }
    this.#count(second, byRule);
  }

  /** The clock stands at the end. */
  finish(end: number): void {
    for (const window of this.#windows) window.finish(end);
  }

  /** In the order of `#windows`, so that what a correlation opens is there for those that count it. */
  #count(second: number, byRule: Map<number, Fact[]>): void {
    const due = new Set([...byRule.keys()].flatMap((rule) => this.#counting.get(rule) ?? []));
    while (due.size > 0) {
      const at = Math.min(...due);
      due.delete(at);
      const window = this.#windows[at]!;
      const opened = window.advance(second, this.#arrivals(window, byRule));
      if (opened.length === 0) continue;
      byRule.set(
        window.rule,
        opened.map((key) => openingOf(window.correlation.meta.id, key, second)),
      );
      for (const next of this.#counting.get(window.rule) ?? []) due.add(next);
    }
  }

  #arrivals({ correlation }: Window, byRule: ReadonlyMap<number, readonly Fact[]>): Arrival[] {
    return correlation.rules.flatMap((id, of) =>
      (byRule.get(this.#ruleOf.get(id)!) ?? []).map((fact) => ({ of, ruleId: id, fact })),
    );
  }
}

/** A correlation's opening, as an event that another correlation may count. */
function openingOf(ruleId: string, key: Key, second: number): Fact {
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

function inOrder(judged: readonly Judged[]): Judged[] {
  const seen = new Set<string>();
  return [...judged]
    .sort((a, b) => a.fact.time - b.fact.time || (a.fact.id < b.fact.id ? -1 : a.fact.id > b.fact.id ? 1 : 0))
    .filter(({ fact }) => {
      const key = `${fact.id}|${fact.account}|${fact.action}|${fact.change?.property ?? ''}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}

/** Correlations so that each comes after those it refers to; the parser has refused circles. */
function ordered({ rules }: Compiled): number[] {
  const byId = new Map(rules.map((rule, index) => [rule.meta.id, index]));
  const order: number[] = [];
  const seen = new Set<number>();
  const visit = (index: number): void => {
    const rule = rules[index]!;
    if (seen.has(index) || rule.kind !== 'correlation' || isAbsence(rule)) return;
    seen.add(index);
    for (const id of rule.rules) visit(byId.get(id) ?? index);
    order.push(index);
  };
  for (const index of rules.keys()) visit(index);
  return order;
}
