import type { Problems } from './diagnostic.ts';
import { didYouMean } from './suggest.ts';
import { type Scalar, within } from './tree.ts';

/** The lists of the configuration, by name. */
export type Placeholders = ReadonlyMap<string, readonly string[]>;

/** Combinations of one value's placeholders. */
const MAX_EXPANDED = 10_000;

/** `\%` is a percent sign; `\\` before one is a backslash, so that a path may end where a placeholder begins. */
const PLACEHOLDER = /\\\\|\\%|%([A-Za-z_][\w.-]*)%/g;

/**
 * Every text that a value with `%placeholders%` stands for. A list without entries gives none.
 * An unknown list gives a warning and none: the rule then matches nothing, and never the placeholder itself.
 */
export function expand(
  scalar: Scalar,
  placeholders: Placeholders,
  quote: (text: string) => string,
  problems: Problems,
): readonly string[] | null {
  const parts = split(scalar.text);
  if (!parts.some((part) => part.kind === 'list')) {
    problems.warning(
      'CW-3058',
      scalar.span,
      '|expand without a placeholder changes nothing',
      'for example %admins%; \\% is no placeholder',
    );
  }
  let texts: string[] = [''];
  for (const part of parts) {
    const choices = part.kind === 'literal' ? [part.text] : placeholders.get(part.name)?.map(quote);
    if (choices === undefined) return unknown(part as ListPart, scalar, placeholders, problems);
    if (texts.length * choices.length > MAX_EXPANDED) {
      return problems.error(
        'CW-3009',
        scalar.span,
        `more than ${MAX_EXPANDED} combinations of placeholders`,
        'use shorter lists, or fewer in one value',
      );
    }
    texts = texts.flatMap((text) => choices.map((choice) => text + choice));
  }
  return texts;
}

interface ListPart {
  readonly kind: 'list';
  readonly name: string;
  readonly at: number;
}

function split(text: string): readonly ({ readonly kind: 'literal'; readonly text: string } | ListPart)[] {
  const parts: ({ readonly kind: 'literal'; readonly text: string } | ListPart)[] = [];
  let from = 0;
  for (const found of text.matchAll(PLACEHOLDER)) {
    parts.push({ kind: 'literal', text: text.slice(from, found.index) });
    if (found[1] === undefined) parts.push({ kind: 'literal', text: found[0] === '\\%' ? '%' : found[0] });
    else parts.push({ kind: 'list', name: found[1], at: found.index });
    from = found.index + found[0].length;
  }
  return [...parts, { kind: 'literal', text: text.slice(from) }];
}

function unknown(part: ListPart, scalar: Scalar, placeholders: Placeholders, problems: Problems): readonly string[] {
  const hint =
    didYouMean(part.name, placeholders.keys()) ?? `add a list "${part.name}" under lists: in the configuration`;
  const span = within(scalar, part.at, part.name.length + 2);
  problems.disarm();
  problems.warning('CW-3012', span, `no list is called "${part.name}": out of use until there is one`, hint);
  return [];
}
