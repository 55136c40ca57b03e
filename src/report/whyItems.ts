import { printPattern, printTest } from '../ir/print.ts';
import type { Trace } from '../ir/trace.ts';
import type { Json } from '../lib/json.ts';
import { plural, visible } from './text.ts';

/** One line of an explanation. `holds` null: it only says more about the line above. */
export interface Line {
  readonly depth: number;
  readonly holds: boolean | null;
  readonly text: string;
  readonly isBold?: boolean;
}

type Item = Extract<Trace, { readonly kind: 'item' }>;
/** Values of a list that are shown when none of them is there. */
const SHOWN = 6;

/** Every item of a match: what was wanted, what was found, whether that is enough. */
export function itemLines(trace: Trace, depth: number): Line[] {
  switch (trace.kind) {
    case 'all':
      return depth === 1
        ? trace.of.flatMap((part) => itemLines(part, depth))
        : grouped('all of', trace.holds, trace.of, depth);
    case 'any': {
      const list = listOf(trace.of);
      return list === null ? grouped('one of', trace.holds, trace.of, depth) : listLines(list, trace.holds, depth);
    }
    case 'not':
      return grouped('not', trace.holds, [trace.of], depth);
    case 'item':
      return [{ depth, holds: trace.holds, text: wantedText(trace) }, foundLine(trace, depth)].filter(
        (line) => line.text !== '',
      );
  }
}

function grouped(text: string, holds: boolean, of: readonly Trace[], depth: number): Line[] {
  return [{ depth, holds, text }, ...of.flatMap((part) => itemLines(part, depth + 1))];
}

/** The items of a choice, if all of them ask one field for a value. */
function listOf(of: readonly Trace[]): readonly Item[] | null {
  const items = of.filter((part): part is Item => part.kind === 'item' && part.match.kind !== 'constant');
  const [first] = items;
  if (first === undefined || items.length !== of.length) return null;
  return items.every((one) => fieldOf(one) === fieldOf(first)) ? items : null;
}

/** The value that is there; or all that were wanted, as far as they fit, and what is there instead. */
function listLines(items: readonly Item[], holds: boolean, depth: number): Line[] {
  const hit = items.find((one) => one.holds);
  if (hit !== undefined) {
    const more = items.length === 1 ? '' : `  (one of ${items.length} values)`;
    return [{ depth, holds, text: `${wantedText(hit)}${more}` }, foundLine(hit, depth)];
  }
  const more = items.length - SHOWN;
  return [
    { depth, holds, text: `${visible(fieldOf(items[0]!))} is one of ${plural(items.length, 'value')}` },
    ...items.slice(0, SHOWN).map((one): Line => ({ depth: depth + 1, holds: null, text: valueText(one) })),
    ...(more > 0 ? [{ depth: depth + 1, holds: null, text: `and ${more} more` }] : []),
    foundLine(items[0]!, depth),
  ];
}

function fieldOf({ match }: Item): string {
  return match.kind === 'field' ? match.field : 'any value';
}

function wantedText({ match }: Item): string {
  if (match.kind === 'constant')
    return match.value ? 'everything' : 'nothing: no such logs are read, or a list is missing';
  return visible(printTest(match.kind === 'field' ? match.field : 'any value', match.test));
}

function valueText(one: Item): string {
  const { match } = one;
  if (match.kind === 'constant' || match.test.kind !== 'text') return wantedText(one);
  return visible(printPattern(match.test.pattern));
}

function foundLine({ match, found, other }: Item, depth: number): Line {
  const line = (text: string): Line => ({ depth: depth + 1, holds: null, text });
  if (match.kind === 'constant') return line('');
  if (match.kind === 'keyword') return line(found?.length ? `found: ${valuesText(found)}` : 'found: in no value');
  if (found === null) return line('found: no such field');
  const text = `found: ${valuesText(found)}`;
  if (match.test.kind !== 'fieldref') return line(text);
  return line(`${text}; ${visible(match.test.other)}: ${other === null ? 'no such field' : valuesText(other)}`);
}

function valuesText(values: readonly Json[]): string {
  if (values.length === 0) return 'an empty list';
  const shown = values.slice(0, 5).map((value) => visible(JSON.stringify(value)));
  return `${shown.join(', ')}${values.length > 5 ? ` and ${values.length - 5} more` : ''}`;
}
