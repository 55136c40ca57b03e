import type { Match, Test } from '../ir/ir.ts';
import type { KnownFields } from './partial.ts';
import { foldCase } from './text.ts';

/** Texts of which a field has one in every event that a match matches. */
export interface Witness {
  /** Lower case. */
  readonly field: string;
  /** With their case folded. */
  readonly values: readonly string[];
}

/** By what events are dispatched: the fields whose values come from short lists. */
const FIELDS: ReadonlySet<string> = new Set(['operationname', 'event.action', 'category', 'event.family']);

/** Null: no such texts can be told. */
export function witnessOf(match: Match): Witness | null {
  switch (match.kind) {
    case 'all':
      return match.of.map(witnessOf).find((one) => one !== null) ?? null;
    case 'any':
      return together(match.of.map(witnessOf));
    case 'field': {
      const field = match.field.toLowerCase();
      const text = FIELDS.has(field) ? literalOf(match.test) : null;
      return text === null ? null : { field, values: [foldCase(text)] };
    }
    case 'not':
    case 'keyword':
    case 'constant':
      return null;
  }
}

function together(witnesses: readonly (Witness | null)[]): Witness | null {
  const [first] = witnesses;
  if (first === undefined || first === null) return null;
  const values: string[] = [];
  for (const one of witnesses) {
    if (one === null || one.field !== first.field) return null;
    values.push(...one.values);
  }
  return { field: first.field, values };
}

function literalOf(test: Test): string | null {
  if (test.kind !== 'text') return null;
  const texts = test.pattern.filter((piece) => typeof piece === 'string');
  return texts.length === test.pattern.length ? texts.join('') : null;
}

/** Finds what may match by its witness, without asking what cannot. */
export class WitnessIndex<T> {
  readonly #items: readonly T[];
  /** Of items without a witness, and by field and text: positions in `items`. */
  readonly #always: number[] = [];
  readonly #byField = new Map<string, Map<string, number[]>>();

  constructor(items: readonly T[], matchOf: (item: T) => Match) {
    this.#items = items;
    for (const [at, item] of items.entries()) {
      const witness = witnessOf(matchOf(item));
      if (witness === null) this.#always.push(at);
      else for (const text of new Set(witness.values)) this.#add(witness.field, text, at);
    }
  }

  /** In the order of the items: all that an event with these fields may match, and some that it cannot. */
  candidates(known: KnownFields): readonly T[] {
    const found = [...this.#always];
    for (const [field, byText] of this.#byField) {
      const value = Object.hasOwn(known, field) ? known[field] : undefined;
      if (typeof value === 'string') found.push(...(byText.get(foldCase(value)) ?? []));
      // A value that is not known, or no text, may be anything.
      else found.push(...new Set([...byText.values()].flat()));
    }
    return found.sort((a, b) => a - b).map((at) => this.#items[at]!);
  }

  #add(field: string, text: string, at: number): void {
    const byText = this.#byField.get(field) ?? new Map<string, number[]>();
    this.#byField.set(field, byText);
    const known = byText.get(text);
    if (known === undefined) byText.set(text, [at]);
    else known.push(at);
  }
}
