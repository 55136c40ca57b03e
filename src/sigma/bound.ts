import type { Bound, Match } from '../ir/ir.ts';
import { Problems } from './diagnostic.ts';
import { textsAt } from './shape.ts';
import { didYouMean } from './suggest.ts';
import { type Scalar, type TreeMap, treeAt } from './tree.ts';

/*
 * `when` and `unless` of texts and ids: what is told of an alert depends on the selections that hold of its hits. So one rule of several
 * acts says of each why it matters and what to do.
 */

/** The attributes whose entries may be bound. */
const ATTRIBUTES = ['impact', 'mitigation', 'attack_mapping'] as const;

export const BOUND_KEYS = ['when', 'unless'] as const;

/** What holds of a silence, beside selections. */
const TOUCHED = 'touched';
const DELETED = 'account_deleted';

/** The names that one entry is bound to. */
export function readBound(entry: TreeMap, problems: Problems): Bound {
  const [when, unless] = BOUND_KEYS.map((key) => textsAt(entry, key, problems, true).map(({ text }) => text));
  return { ...(when!.length > 0 ? { when: when! } : {}), ...(unless!.length > 0 ? { unless: unless! } : {}) };
}

/** Every name that something of the document is bound to. What is not written rightly was reported when the attribute was read. */
export function boundNames(document: TreeMap): Scalar[] {
  const problems = new Problems('');
  return ATTRIBUTES.flatMap((attribute) => {
    const tree = treeAt(document, attribute);
    const entries = tree?.kind === 'list' ? tree.items : [];
    return entries.flatMap((entry) =>
      entry.kind === 'map' ? BOUND_KEYS.flatMap((key) => textsAt(entry, key, problems, true)) : [],
    );
  });
}

/** The selections that something is bound to, each once; a name of none is reported. */
export function boundSelections(
  document: TreeMap,
  selections: ReadonlyMap<string, Match | null>,
  problems: Problems,
): { readonly name: string; readonly match: Match }[] {
  const found = new Map<string, Match>();
  for (const name of boundNames(document)) {
    const match = selections.get(name.text);
    if (match) found.set(name.text, match);
    else if (match === undefined) reportUnknown(name, [...selections.keys()], 'selection', problems);
  }
  return [...found].map(([name, match]) => ({ name, match }));
}

/** A correlation has no selections; only a silence has something to name. */
export function checkBoundWords(document: TreeMap, isTouchable: boolean, problems: Problems): void {
  const words = isTouchable ? [TOUCHED, DELETED] : [DELETED];
  for (const name of boundNames(document)) {
    if (!words.includes(name.text)) reportUnknown(name, words, 'word of a silence', problems);
  }
}

function reportUnknown(name: Scalar, known: readonly string[], what: string, problems: Problems): void {
  const hint = didYouMean(name.text, known) ?? `one of ${known.join(', ')}`;
  problems.error('CW-3002', name.span, `"${name.text}" is no ${what} of this rule`, hint);
}
