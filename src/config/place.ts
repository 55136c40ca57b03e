import { entryOf, type Span, type Tree } from '../sigma/tree.ts';

/** Keys and indices from the root. */
export type Path = readonly (string | number)[];

/** `sources.hub.labels`, `receivers.ops[1].url`: as people name a place. */
export function pathText(path: Path): string {
  return path.map((part, at) => (typeof part === 'number' ? `[${part}]` : at === 0 ? part : `.${part}`)).join('');
}

export interface Place {
  /** Null: it is not in the file. */
  readonly tree: Tree | null;
  /** Of the value, or of its key where the value is a map or list or is missing. */
  readonly span: Span;
  readonly keySpan: Span;
}

/** Where a path stands; of what is missing, the nearest thing around it. */
export function placeOf(root: Tree, path: Path): Place {
  let [tree, keySpan]: [Tree, Span] = [root, root.span];
  for (const part of path) {
    const entry = tree.kind === 'map' ? entryOf(tree, String(part)) : null;
    const next: Tree | undefined = tree.kind === 'list' ? tree.items[Number(part)] : entry?.value;
    if (next === undefined) return { tree: null, span: keySpan, keySpan };
    keySpan = entry?.keySpan ?? next.span;
    tree = next;
  }
  return { tree, span: tree.kind === 'scalar' ? tree.span : keySpan, keySpan };
}
