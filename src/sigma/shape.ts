import type { Problems } from './diagnostic.ts';
import { didYouMean } from './suggest.ts';
import { describe, entryOf, isEmpty, type Scalar, type Tree, type TreeMap } from './tree.ts';

/**
 * Readers of one attribute of a map. All of them: an attribute that is missing or empty (`author:`) gives the stated default, one of
 * the wrong shape is reported and gives the default too.
 */
export function textAt(map: TreeMap, key: string, problems: Problems): string | null {
  const scalar = scalarAt(map, key, 'a text', problems);
  if (scalar === null) return null;
  if (scalar.text.trim() === '')
    return problems.error('CW-3001', scalar.span, `${key} is empty`, 'fill it in, or leave the key out');
  return scalar.text;
}

/** A text that only people read: it may as well be empty, which is how a missing one is told. */
export function proseAt(map: TreeMap, key: string, problems: Problems): string {
  return scalarAt(map, key, 'a text', problems)?.text.trim() ?? '';
}

export function scalarAt(map: TreeMap, key: string, wanted: string, problems: Problems): Scalar | null {
  const entry = entryOf(map, key);
  if (!entry || isEmpty(entry.value)) return null;
  if (entry.value.kind === 'scalar') return entry.value;
  return problems.error(
    'CW-3001',
    entry.value.span,
    `${key} is ${wanted}, not ${describe(entry.value)}`,
    `write "${key}: ..." in one line`,
  );
}

export function mapAt(map: TreeMap, key: string, problems: Problems): TreeMap | null {
  const entry = entryOf(map, key);
  if (!entry || isEmpty(entry.value)) return null;
  if (entry.value.kind === 'map') return entry.value;
  return problems.error(
    'CW-3001',
    entry.value.span,
    `${key} is a map, not ${describe(entry.value)}`,
    'write its keys below it, indented',
  );
}

export function listAt(map: TreeMap, key: string, problems: Problems): readonly Tree[] {
  const entry = entryOf(map, key);
  if (!entry || isEmpty(entry.value)) return [];
  if (entry.value.kind === 'list') return entry.value.items;
  problems.error('CW-3001', entry.value.span, `${key} is a list, not ${describe(entry.value)}`, 'write "- " before it');
  return [];
}

/** A list of texts; with `single`, one text alone is a list of one. */
export function textsAt(map: TreeMap, key: string, problems: Problems, single: boolean): readonly Scalar[] {
  const entry = entryOf(map, key);
  if (!entry || isEmpty(entry.value)) return [];
  const items = single && entry.value.kind === 'scalar' ? [entry.value] : listAt(map, key, problems);
  return items.filter((item): item is Scalar => {
    const fine = item.kind === 'scalar' && item.value !== null && item.text.trim() !== '';
    if (!fine)
      problems.error(
        'CW-3001',
        item.span,
        `${key} is a list of texts; here is ${describe(item)}`,
        'one text a line, after "- "',
      );
    return fine;
  });
}

export function booleanAt(map: TreeMap, key: string, problems: Problems): boolean | null {
  const scalar = scalarAt(map, key, 'true or false', problems);
  if (scalar === null) return null;
  if (typeof scalar.value === 'boolean') return scalar.value;
  if (!scalar.quoted && /^(yes|on)$/i.test(scalar.text)) return true;
  if (!scalar.quoted && /^(no|off)$/i.test(scalar.text)) return false;
  return problems.error('CW-3001', scalar.span, `${key} is true or false`, 'write it without quotes');
}

export function numberAt(map: TreeMap, key: string, problems: Problems): number | null {
  const scalar = scalarAt(map, key, 'a number', problems);
  if (scalar === null) return null;
  if (typeof scalar.value === 'number') return scalar.value;
  return problems.error(
    'CW-3001',
    scalar.span,
    `${key} is a number`,
    scalar.quoted ? 'write it without quotes' : `for example "${key}: 10"`,
  );
}

/** One of a few words, in any case; null if missing. */
export function wordAt<T extends string>(map: TreeMap, key: string, words: readonly T[], problems: Problems): T | null {
  const scalar = scalarAt(map, key, 'a word', problems);
  if (scalar === null) return null;
  const word = words.find((candidate) => candidate === scalar.text.toLowerCase());
  if (word !== undefined) return word;
  const hint = didYouMean(scalar.text, words) ?? `one of ${words.join(', ')}`;
  return problems.error('CW-3018', scalar.span, `there is no ${key} "${scalar.text}"`, hint);
}

/** Reports every key that is not known: a misspelt one would silently do nothing. */
export function onlyKeys(map: TreeMap, known: readonly string[], what: string, problems: Problems): void {
  for (const { key, keySpan } of map.entries) {
    if (known.includes(key)) continue;
    problems.error(
      'CW-3001',
      keySpan,
      `${what} has no key "${key}"`,
      didYouMean(key, known) ?? `it has ${known.join(', ')}`,
    );
  }
}

/** The items of a list that are maps; others are reported. */
export function mapsAt(map: TreeMap, key: string, problems: Problems): readonly TreeMap[] {
  return listAt(map, key, problems).filter((item): item is TreeMap => {
    if (item.kind !== 'map')
      problems.error(
        'CW-3001',
        item.span,
        `${key} is a list of maps; here is ${describe(item)}`,
        'write "- key: value"',
      );
    return item.kind === 'map';
  });
}
