import type { Problems } from './diagnostic.ts';
import { entryOf, merge, type TreeMap } from './tree.ts';

/**
 * The documents of a file with the old `action:` worked in: `global` is put into every document after it, `repeat` is the document
 * before with some keys changed, `reset` forgets the global ones.
 */
export function expandActions(documents: readonly TreeMap[], problems: Problems): TreeMap[] {
  const expanded: TreeMap[] = [];
  let global: TreeMap | null = null;
  for (const document of documents) {
    const action = entryOf(document, 'action');
    if (!action) {
      expanded.push(global ? merge(global, document) : document);
      continue;
    }
    const word = action.value.kind === 'scalar' ? action.value.text : '';
    const rest = without(document, 'action');
    if (word === 'global') global = global ? merge(global, rest) : rest;
    else if (word === 'reset') global = null;
    else if (word === 'repeat') repeat(expanded, global, rest, problems);
    else problems.error('CW-3018', action.value.span, `there is no action "${word}"`, 'global, repeat or reset');
  }
  return expanded;
}

function repeat(expanded: TreeMap[], global: TreeMap | null, changes: TreeMap, problems: Problems): void {
  const last = expanded.at(-1) ?? global;
  if (last) expanded.push(merge(last, changes));
  else
    problems.error('CW-3001', changes.span, 'nothing stands before "action: repeat"', 'put the first rule before it');
}

function without(map: TreeMap, key: string): TreeMap {
  return { ...map, entries: map.entries.filter((entry) => entry.key !== key) };
}
