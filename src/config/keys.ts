import type { z } from 'zod';
import type { Entry, Tree } from '../sigma/tree.ts';
import type { Path } from './place.ts';

export interface UnknownKey {
  readonly path: Path;
  readonly entry: Entry;
  readonly known: readonly string[];
}

type Schema = z.core.$ZodType;

/**
 * Keys that a schema does not have, wherever they stand. Plug-ins need not say that their objects are strict: only one with a catch-all takes
 * other keys.
 */
export function unknownKeys(schema: Schema, tree: Tree, path: Path = []): UnknownKey[] {
  const def = unwrap(schema)._zod.def as z.core.$ZodTypes['_zod']['def'];
  switch (def.type) {
    case 'object':
      return tree.kind === 'map' ? ofObject(def, tree.entries, path) : [];
    case 'record':
      return tree.kind === 'map'
        ? tree.entries.flatMap(({ key, value }) => unknownKeys(def.valueType, value, [...path, key]))
        : [];
    case 'array':
      return tree.kind === 'list'
        ? tree.items.flatMap((item, at) => unknownKeys(def.element, item, [...path, at]))
        : [];
    case 'union':
      return ofUnion(def.options, tree, path);
    default:
      return [];
  }
}

function ofObject(def: z.core.$ZodObjectDef, entries: readonly Entry[], path: Path): UnknownKey[] {
  const isOpen = def.catchall !== undefined && def.catchall._zod.def.type !== 'never';
  return entries.flatMap((entry) => {
    const inner = Object.hasOwn(def.shape, entry.key) ? def.shape[entry.key] : undefined;
    const at = [...path, entry.key];
    if (inner !== undefined) return unknownKeys(inner, entry.value, at);
    return isOpen ? [] : [{ path: at, entry, known: Object.keys(def.shape) }];
  });
}

/** The member that was most likely meant: of those for this kind of value, the one with the fewest strange keys. */
function ofUnion(options: readonly Schema[], tree: Tree, path: Path): UnknownKey[] {
  const fitting = options.filter((option) => KINDS[unwrap(option)._zod.def.type] === tree.kind);
  const found = fitting.map((option) => unknownKeys(option, tree, path));
  const best = found.sort((a, b) => a.length - b.length)[0] ?? [];
  // A misspelt key may be one of another member: that is what was meant.
  const known = [...new Set(fitting.flatMap(keysOf))];
  return best.map((one) => (one.path.length === path.length + 1 ? { ...one, known } : one));
}

const KINDS: Readonly<Record<string, Tree['kind']>> = { object: 'map', record: 'map', array: 'list', union: 'map' };

/** The keys that a schema has at its top; of a union, those that each member has. */
export function keysOf(schema: Schema): readonly string[] {
  const inner = unwrap(schema)._zod.def as z.core.$ZodTypes['_zod']['def'];
  if (inner.type === 'object') return Object.keys(inner.shape);
  if (inner.type !== 'union') return [];
  const [first = [], ...others] = inner.options.map(keysOf);
  return first.filter((key) => others.every((keys) => keys.includes(key)));
}

/** What a person writes, without what is done to it afterwards. */
export function unwrap(schema: Schema): Schema {
  const def = schema._zod.def as z.core.$ZodTypes['_zod']['def'];
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return unwrap(def.innerType);
    case 'pipe':
      return unwrap(def.in);
    case 'lazy':
      return unwrap(def.getter());
    default:
      return schema;
  }
}
