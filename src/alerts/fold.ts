import { SECOND } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import { DEFAULT_FOLD, type Detection } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import { FactTally } from './summary.ts';

/** Hits that make one alert. Seconds since 1970. */
export interface Folded {
  readonly rule: number;
  readonly key: Readonly<Record<string, Json>>;
  readonly opened: number;
  readonly last: number;
  readonly tally: FactTally;
  /** Which selections of `levels` held, per kind of hit: as many as there are different ones, not as many as hits. */
  readonly selections: readonly (readonly number[])[];
}

interface Open {
  readonly key: Folded['key'];
  readonly opened: number;
  last: number;
  readonly tally: FactTally;
  readonly selections: Map<string, readonly number[]>;
}

/** So many hits after each other, alerts that are over are let go. */
const SWEEP = 50_000;

/**
 * Stateless hits of one rule and fold key form one alert while neighbours lie at most the rule's gap apart. Fed in order of time, so what
 * is too old to be continued leaves. A fact carries the fields that its rule folds by in `fields`, raw ones too.
 */
export class Folder {
  readonly #rules: ReadonlyMap<number, Detection>;
  readonly #emit: (folded: Folded) => void;
  readonly #open = new Map<number, Map<string, Open>>();
  #hits = 0;

  constructor(rules: ReadonlyMap<number, Detection>, emit: (folded: Folded) => void) {
    this.#rules = rules;
    this.#emit = emit;
  }

  hit(rule: number, selections: readonly number[], fact: Fact): void {
    const { by, gap } = this.#rules.get(rule)?.fold ?? DEFAULT_FOLD;
    const second = Math.floor(fact.time / SECOND);
    const key = foldKey(by, fact);
    const text = JSON.stringify(key);
    const open = this.#opens(rule);
    let own = open.get(text);
    if (own !== undefined && second - own.last > gap) {
      this.#close(rule, own);
      own = undefined;
    }
    if (own === undefined) {
      own = { key, opened: second, last: second, tally: new FactTally(), selections: new Map() };
      open.set(text, own);
    }
    own.last = Math.max(own.last, Math.floor((fact.run?.last ?? fact.time) / SECOND));
    own.tally.add(fact);
    own.selections.set(selections.join(), selections);
    if (++this.#hits % SWEEP === 0) this.#sweep(second);
  }

  finish(): void {
    for (const [rule, open] of this.#open) for (const own of open.values()) this.#close(rule, own);
    this.#open.clear();
  }

  #opens(rule: number): Map<string, Open> {
    const known = this.#open.get(rule);
    if (known) return known;
    const made = new Map<string, Open>();
    this.#open.set(rule, made);
    return made;
  }

  #sweep(second: number): void {
    for (const [rule, open] of this.#open) {
      const { gap } = this.#rules.get(rule)?.fold ?? DEFAULT_FOLD;
      for (const [text, own] of open) {
        if (second - own.last <= gap) continue;
        this.#close(rule, own);
        open.delete(text);
      }
    }
  }

  #close(rule: number, { key, opened, last, tally, selections }: Open): void {
    this.#emit({ rule, key, opened, last, tally, selections: [...selections.values()] });
  }
}

/** What hits of one alert have in common. A missing field is null. */
export function foldKey(by: readonly string[], fact: Pick<Fact, 'fields'>): Folded['key'] {
  return Object.fromEntries(by.map((field) => [field, fieldOf(fact, field)]));
}

function fieldOf({ fields }: Pick<Fact, 'fields'>, name: string): Json {
  const own = Object.hasOwn(fields, name) ? name : name.toLowerCase();
  return Object.hasOwn(fields, own) ? fields[own]! : null;
}
