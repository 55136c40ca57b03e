import type { Fact } from '../events/fact.ts';
import { isObject, type Json, type JsonObject } from '../lib/json.ts';

/** What rules read of an event: fields by name. */
export interface View {
  /** All values of a field; an array counts as its elements. Null: the field is not there. */
  values(field: string): readonly Json[] | null;
  /** Every value at any depth, for keywords. */
  leaves(): readonly Json[];
}

/**
 * A fact as rules see it: canonical fields by their names, then raw fields by theirs, case-insensitively; a literal name before a dotted
 * path; any element of an array. Each field is looked up once.
 */
export class FactView implements View {
  readonly #fact: Pick<Fact, 'fields' | 'raw'>;
  readonly #known = new Map<string, readonly Json[] | null>();
  #leaves: readonly Json[] | null = null;

  constructor(fact: Pick<Fact, 'fields' | 'raw'>) {
    this.#fact = fact;
  }

  values(field: string): readonly Json[] | null {
    const known = this.#known.get(field);
    if (known !== undefined) return known;
    const { fields, raw } = this.#fact;
    const canonical = ownOf(fields, field) ?? ownOf(fields, field.toLowerCase());
    const found = canonical === undefined ? valuesAt(raw, field) : elements(canonical);
    this.#known.set(field, found);
    return found;
  }

  leaves(): readonly Json[] {
    this.#leaves ??= [...leavesOf(this.#fact.raw, 0), ...leavesOf(this.#fact.fields as JsonObject, 0)];
    return this.#leaves;
  }
}

function ownOf(fields: Fact['fields'], name: string): Json | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

const foldedNames = new WeakMap<JsonObject, ReadonlyMap<string, string>>();

function nameIn(object: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(object, name)) return name;
  let names = foldedNames.get(object);
  if (names === undefined) {
    names = new Map(Object.keys(object).map((key) => [key.toLowerCase(), key]));
    foldedNames.set(object, names);
  }
  return names.get(name.toLowerCase());
}

/** The values under a name or dotted path; null if it is not there. */
export function valuesAt(value: Json, path: string): readonly Json[] | null {
  if (Array.isArray(value)) {
    const found = (value as readonly Json[]).map((item) => valuesAt(item, path)).filter((item) => item !== null);
    return found.length === 0 ? null : found.flat();
  }
  if (!isObject(value)) return null;
  const literal = nameIn(value, path);
  if (literal !== undefined) return elements(value[literal]!);
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const name = nameIn(value, path.slice(0, dot));
    const found = name === undefined ? null : valuesAt(value[name]!, path.slice(dot + 1));
    if (found !== null) return found;
  }
  return null;
}

function elements(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

const DEPTH = 64;

function* leavesOf(value: Json, depth: number): Generator<Json> {
  if (typeof value !== 'object' || value === null) yield value;
  else if (depth < DEPTH)
    for (const inner of Array.isArray(value) ? (value as readonly Json[]) : Object.values(value))
      yield* leavesOf(inner, depth + 1);
}
