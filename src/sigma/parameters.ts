import type { Parameter } from '../ir/ir.ts';
import type { Problems } from './diagnostic.ts';
import { mapAt, numberAt, onlyKeys, scalarAt, textAt } from './shape.ts';
import { didYouMean } from './suggest.ts';
import { type Entry, entryOf, type Scalar, type Span, type Tree, type TreeMap } from './tree.ts';

/** Numbers that the user set, by `rule.parameter`. */
export type Overrides = ReadonlyMap<string, number>;

export interface Parametrised {
  readonly document: TreeMap;
  readonly parameters: readonly Parameter[];
}

/**
 * Puts a document's parameters in: each names the place that it sets (`correlation.condition.gt`, `levels.0.when.count.gte`), relative
 * to its own document. Where a length of time stands there (`4h`), the number is in its unit.
 * @param keys rule names by which the user may mean this document
 * @param used is given every override that was read
 */
export function applyParameters(
  document: TreeMap,
  keys: readonly string[],
  overrides: Overrides,
  used: Set<string>,
  problems: Problems,
): Parametrised {
  const map = mapAt(document, 'parameters', problems);
  if (map) rememberUnknown(map, keys, overrides, used, problems);
  const parameters: Parameter[] = [];
  let changed = document;
  for (const entry of map?.entries ?? []) {
    const set = overrideOf(entry.key, keys, overrides, used);
    const read = readParameter(entry, document, set, problems);
    if (!read) continue;
    parameters.push(read.parameter);
    changed = replace(changed, read.path, read.scalar) as TreeMap;
  }
  return { document: changed, parameters };
}

function overrideOf(name: string, keys: readonly string[], overrides: Overrides, used: Set<string>): number | null {
  for (const key of keys) {
    const full = `${key}.${name}`;
    const value = overrides.get(full);
    if (value === undefined) continue;
    used.add(full);
    return value;
  }
  return null;
}

/** `--set rule.tabels=5` is most useful to hear about where the real names stand. */
function rememberUnknown(
  map: TreeMap,
  keys: readonly string[],
  overrides: Overrides,
  used: Set<string>,
  problems: Problems,
): void {
  const names = map.entries.map((entry) => entry.key);
  for (const full of overrides.keys()) {
    const key = keys.find((candidate) => full.startsWith(`${candidate}.`));
    const name = key === undefined ? '' : full.slice(key.length + 1);
    if (key === undefined || names.includes(name)) continue;
    used.add(full);
    const hint = didYouMean(name, names) ?? `it has ${names.join(', ')}`;
    problems.error('CW-3017', map.span, `${key} has no parameter "${name}"`, hint);
  }
}

interface Read {
  readonly parameter: Parameter;
  readonly path: readonly string[];
  readonly scalar: Scalar;
}

function readParameter(
  { key, value, keySpan }: Entry,
  document: TreeMap,
  set: number | null,
  problems: Problems,
): Read | null {
  if (value.kind !== 'map')
    return problems.error('CW-3017', value.span, `parameter "${key}" is a map`, '{sets: PATH, default: 3}');
  onlyKeys(value, ['sets', 'default', 'min', 'description'], 'a parameter', problems);
  const sets = scalarAt(value, 'sets', 'a path', problems);
  const given = numberAt(value, 'default', problems);
  if (!sets || given === null)
    return problems.error('CW-3017', keySpan, `parameter "${key}" needs sets and default`, '{sets: PATH, default: 3}');

  const min = numberAt(value, 'min', problems);
  const span = entryOf(value, set === null ? 'default' : 'min')?.value.span ?? keySpan;
  const chosen = set ?? given;
  if (!inRange(chosen, min))
    return problems.error('CW-3017', span, `"${key}" is ${chosen}, below its min ${min}`, `at least ${min}`);
  const path = pathIn(document, sets.text.split('.'));
  const scalar = targetOf(document, path, chosen, sets.span, problems);
  if (!scalar) return null;
  const written = numberIn(at(document, path));
  if (written !== given) {
    const span = entryOf(value, 'default')?.value.span ?? keySpan;
    problems.warning(
      'CW-3017',
      span,
      `the default of "${key}" is ${given}, but ${written} stands at "${sets.text}"`,
      'make them equal',
    );
  }
  const description = textAt(value, 'description', problems) ?? '';
  return { parameter: { name: key, value: chosen, default: given, min, description }, path, scalar };
}

function inRange(value: number, min: number | null): boolean {
  return Number.isFinite(value) && (min === null || value >= min);
}

/** The scalar that a parameter sets, with its new value. */
function targetOf(
  document: TreeMap,
  path: readonly string[],
  value: number,
  span: Span,
  problems: Problems,
): Scalar | null {
  const tree = at(document, path);
  if (tree?.kind !== 'scalar')
    return problems.error('CW-3017', span, `nothing to set at "${path.join('.')}"`, 'a path in this document');
  const unit = /^\d+([smhdw])$/.exec(tree.text)?.[1];
  if (typeof tree.value === 'number') return { ...tree, value, text: String(value) };
  if (unit) return { ...tree, value: `${value}${unit}`, text: `${value}${unit}` };
  return problems.error(
    'CW-3017',
    span,
    `no number stands at "${path.join('.')}"`,
    'a parameter sets a number or a length of time',
  );
}

/** What another tool, which knows no parameters, reads there. */
function numberIn(tree: Tree | null): number | null {
  if (tree?.kind !== 'scalar') return null;
  return typeof tree.value === 'number' ? tree.value : Number.parseInt(tree.text, 10);
}

/** The keys that a path names. A field's name may have dots of its own. */
function pathIn(tree: Tree | null, parts: readonly string[]): string[] {
  if (parts.length === 0) return [];
  const isKey = (length: number): boolean =>
    tree?.kind === 'map' && entryOf(tree, parts.slice(0, length).join('.')) !== null;
  const length = parts.map((_, index) => index + 1).findLast(isKey) ?? 1;
  const key = parts.slice(0, length).join('.');
  return [key, ...pathIn(tree === null ? null : at(tree, [key]), parts.slice(length))];
}

function at(tree: Tree, path: readonly string[]): Tree | null {
  let current: Tree | null = tree;
  for (const part of path) {
    if (current?.kind === 'map') current = entryOf(current, part)?.value ?? null;
    else if (current?.kind === 'list') current = current.items[Number(part)] ?? null;
    else return null;
  }
  return current;
}

function replace(tree: Tree, path: readonly string[], by: Scalar): Tree {
  const [part, ...rest] = path;
  if (part === undefined) return by;
  if (tree.kind === 'list') {
    return {
      ...tree,
      items: tree.items.map((item, index) => (index === Number(part) ? replace(item, rest, by) : item)),
    };
  }
  if (tree.kind === 'scalar') return tree;
  const entries = tree.entries.map((entry) =>
    entry.key === part ? { ...entry, value: replace(entry.value, rest, by) } : entry,
  );
  return { ...tree, entries };
}
