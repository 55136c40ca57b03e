/** A place in a text, from 1; `length` in characters, never past the end of the line. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** One value. `text` is what stood in the file (unquoted); a quoted one is always a string. */
export interface Scalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly text: string;
  readonly quoted: boolean;
  readonly span: Span;
  /** Columns from the start of the span to the first character of `text`; null where the file spells it in another way. */
  readonly textAt: number | null;
}

export interface TreeList {
  readonly kind: 'list';
  readonly items: readonly Tree[];
  readonly span: Span;
}

export interface Entry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Tree;
}

/** Entries in the order of the file; keys are unique. Never an object: a key may be `__proto__`. */
export interface TreeMap {
  readonly kind: 'map';
  readonly entries: readonly Entry[];
  readonly span: Span;
}

/** A YAML document without YAML: every value knows its place. */
export type Tree = Scalar | TreeList | TreeMap;

export function entryOf(map: TreeMap, key: string): Entry | null {
  return map.entries.find((entry) => entry.key === key) ?? null;
}

export function treeAt(map: TreeMap, key: string): Tree | null {
  return entryOf(map, key)?.value ?? null;
}

/** True for a key without a value: `falsepositives:`. */
export function isEmpty(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null && !tree.quoted;
}

/** What a person calls it: `a list`, `a map`, `a number`. */
export function describe(tree: Tree): string {
  if (tree.kind !== 'scalar') return `a ${tree.kind}`;
  if (tree.value === null) return 'nothing';
  if (typeof tree.value === 'string') return 'a text';
  return `a ${typeof tree.value}`;
}

/** The place of `length` characters at `offset` inside a scalar's text; the whole scalar where that cannot be told. */
export function within(scalar: Scalar, offset: number, length: number): Span {
  if (scalar.textAt === null) return scalar.span;
  return { line: scalar.span.line, column: scalar.span.column + scalar.textAt + offset, length: Math.max(1, length) };
}

/** The same map with some entries put in; those of `over` win, maps are merged, everything else is replaced. */
export function merge(base: TreeMap, over: TreeMap): TreeMap {
  const merged = base.entries.map((entry) => {
    const other = entryOf(over, entry.key);
    if (!other) return entry;
    const both = entry.value.kind === 'map' && other.value.kind === 'map';
    return both ? { ...other, value: merge(entry.value as TreeMap, other.value as TreeMap) } : other;
  });
  const added = over.entries.filter((entry) => entryOf(base, entry.key) === null);
  return { kind: 'map', entries: [...merged, ...added], span: over.span };
}
