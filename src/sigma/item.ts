import type { Match, Piece, Test } from '../ir/ir.ts';
import { MAX_VALUES, type Problems } from './diagnostic.ts';
import { LIST_MODIFIERS, MODIFIERS, type Refusal, type Value } from './modifiers.ts';
import { expand, type Placeholders } from './placeholders.ts';
import { quoteRegex } from './regex.ts';
import { didYouMean } from './suggest.ts';
import { open, parseText } from './text.ts';
import { describe, type Entry, type Scalar, type Tree } from './tree.ts';

export const NOTHING: Match = { kind: 'constant', value: false };

/** `field|modifier|...: value(s)`. The field is empty for keywords: any value of the event. */
interface Item {
  readonly field: string;
  readonly modifiers: readonly string[];
  readonly entry: Entry;
}

/** One line of a selection as a match; null if it is not valid. */
export function readItem(entry: Entry, placeholders: Placeholders, problems: Problems): Match | null {
  const [field = '', ...modifiers] = entry.key.split('|');
  const item: Item = { field: field.trim(), modifiers, entry };
  if (!knownModifiers(item, problems)) return null;
  if (item.field === '' && modifiers.length === 0)
    return problems.error('CW-3001', entry.keySpan, 'a field without a name', 'write it before the ":"');

  if (/\[(?:[a-z_]+|-?\d+)\]/.test(item.field)) {
    problems.warning(
      'CW-3022',
      entry.keySpan,
      `"${item.field}" is looked for as a name, with its brackets`,
      ARRAYS_CURE,
    );
  }
  const values = scalars(entry.value, problems);
  if (values === null) return null;
  const all = modifiers.includes('all');
  if (values.length === 0) {
    problems.warning(
      'CW-3059',
      entry.keySpan,
      `"${entry.key}" has an empty list: it matches nothing`,
      'fill it, or take the line out',
    );
    return NOTHING;
  }
  if (all && values.length === 1 && entry.value.kind !== 'list') {
    problems.warning('CW-3058', entry.keySpan, '|all with one value changes nothing', 'leave it out, or write a list');
  }
  const tests = readValues(item, values, placeholders, problems);
  if (tests === null) return null;
  return modifiers.includes('neq') ? differs(tests, all) : join(tests, all ? 'all' : 'any');
}

const ARRAYS_CURE = 'leave them out: an array matches by any element';

/**
 * `neq` negates the whole list, so an event without the field differs. Two fields differ only if both are there: to compare with
 * nothing says nothing.
 */
function differs(tests: readonly Match[], all: boolean): Match {
  const others: Match[] = [];
  for (const match of tests) {
    if (match.kind !== 'field' || match.test.kind !== 'fieldref' || match.test.op !== 'equals') break;
    others.push({ ...match, test: { ...match.test, op: 'neq' } });
  }
  if (others.length === tests.length) return join(others, all ? 'any' : 'all');
  return { kind: 'not', of: join(tests, all ? 'all' : 'any') };
}

/** A text or number that stands without a field: it may stand anywhere in any value of the event. */
export function readKeyword(value: Scalar, problems: Problems): Match | null {
  const entry: Entry = { key: '', keySpan: value.span, value };
  return readValue({ field: '', modifiers: [], entry }, value, new Map(), problems);
}

function knownModifiers(item: Item, problems: Problems): boolean {
  const known = [...MODIFIERS.keys(), ...LIST_MODIFIERS];
  for (const name of item.modifiers) {
    if (known.includes(name)) continue;
    const at = item.entry.key.indexOf(`|${name}`) + 1;
    const { keySpan } = item.entry;
    const span = { line: keySpan.line, column: keySpan.column + at, length: Math.max(1, name.length) };
    problems.error(
      'CW-3008',
      span,
      `there is no modifier "${name}"`,
      didYouMean(name, known) ?? 'docs/sigma.md lists them',
    );
    return false;
  }
  return true;
}

function scalars(tree: Tree, problems: Problems): readonly Scalar[] | null {
  const items = tree.kind === 'list' ? tree.items : [tree];
  const wrong = items.find((item) => item.kind !== 'scalar');
  if (wrong)
    return problems.error(
      'CW-3001',
      wrong.span,
      `a value is a text, number, boolean or null, not ${describe(wrong)}`,
      'a field inside another is written "a.b: value"',
    );
  return items as readonly Scalar[];
}

/** All values, so that every wrong one is reported; but not those after the one that was too many. */
function readValues(
  item: Item,
  values: readonly Scalar[],
  placeholders: Placeholders,
  problems: Problems,
): readonly Match[] | null {
  const matches: Match[] = [];
  for (const value of values) {
    const match = readValue(item, value, placeholders, problems);
    if (match !== null) matches.push(match);
    else if (!problems.spend(0)) return null;
  }
  return matches.length === values.length ? matches : null;
}

/** A value after all modifiers; several variants of it are joined by OR. */
function readValue(item: Item, scalar: Scalar, placeholders: Placeholders, problems: Problems): Match | null {
  const expanded = item.modifiers.includes('expand');
  const texts = expanded ? expandText(item, scalar, placeholders, problems) : [scalar.text];
  if (texts === null) return null;
  const matches: Match[] = [];
  for (const text of texts) {
    const values = modify(item, expanded ? textValue(text) : valueFrom(item, scalar), scalar, problems);
    if (values === null) return null;
    for (const value of values) {
      const lowered = lower(item, value);
      if ('refused' in lowered) return refuse(lowered, scalar, problems);
      matches.push(lowered);
    }
  }
  return join(matches, 'any');
}

function expandText(
  item: Item,
  scalar: Scalar,
  placeholders: Placeholders,
  problems: Problems,
): readonly string[] | null {
  if (typeof scalar.value !== 'string')
    return problems.error('CW-3009', scalar.span, '|expand needs a text with %placeholders%', 'for example %admins%');
  return expand(scalar, placeholders, item.modifiers.includes('re') ? quoteRegex : (text) => text, problems);
}

function modify(item: Item, first: Value, scalar: Scalar, problems: Problems): readonly Value[] | null {
  let values: readonly Value[] = [first];
  for (const name of item.modifiers) {
    const modifier = MODIFIERS.get(name);
    if (!modifier) continue;
    const next: Value[] = [];
    for (const value of values) {
      const result = modifier(value);
      if ('refused' in result) return refuse(result, scalar, problems);
      next.push(...(Array.isArray(result) ? result : [result as Value]));
    }
    values = next;
  }
  if (problems.spend(values.length)) return values;
  return problems.error(
    'CW-3004',
    scalar.span,
    `more than ${MAX_VALUES} values, with all their variants`,
    'write fewer, or |re',
  );
}

function refuse(refusal: Refusal, scalar: Scalar, problems: Problems): null {
  return problems.error(refusal.code ?? 'CW-3009', scalar.span, refusal.refused, refusal.hint);
}

function textValue(text: string): Value {
  return { kind: 'text', pieces: parseText(text), cased: false, bytes: false, raw: text };
}

/** Rules in the wild are written for YAML 1.1, where a bare `yes` is a boolean; `|exists` can mean nothing else by it. */
function valueFrom(item: Item, scalar: Scalar): Value {
  const { value, text } = scalar;
  if (item.modifiers.includes('exists') && !scalar.quoted && /^(yes|on|no|off)$/i.test(text)) {
    return { kind: 'boolean', value: /^(yes|on)$/i.test(text), text };
  }
  if (typeof value === 'number') return { kind: 'number', value, text };
  if (typeof value === 'boolean') return { kind: 'boolean', value, text };
  if (value === null) return { kind: 'null' };
  return textValue(value);
}

function lower(item: Item, value: Value): Match | Refusal {
  const { field } = item;
  if (field !== '') return { kind: 'field', field, test: fieldTest(value) };
  const found = keywordTest(value, item.modifiers);
  return 'refused' in found ? found : { kind: 'keyword', test: found };
}

function fieldTest(value: Value): Test {
  switch (value.kind) {
    case 'text':
      return { kind: 'text', pattern: value.pieces, cased: value.cased };
    case 'number':
      return { kind: 'number', op: 'eq', value: value.value };
    case 'boolean':
      return { kind: 'boolean', value: value.value };
    case 'null':
      return { kind: 'null' };
    case 'test':
      return value.test;
  }
}

const PLACED = ['contains', 'startswith', 'endswith'];

function keywordTest(value: Value, modifiers: readonly string[]): Test | Refusal {
  const anywhere = (pieces: readonly Piece[], cased: boolean): Test => ({
    kind: 'text',
    pattern: open(pieces, 'both'),
    cased,
  });
  switch (value.kind) {
    case 'text':
      if (value.pieces.length === 0)
        return { refused: 'an empty text matches everywhere', hint: 'write a part of what to look for' };
      if (modifiers.some((name) => PLACED.includes(name)))
        return { kind: 'text', pattern: value.pieces, cased: value.cased };
      return anywhere(value.pieces, value.cased);
    case 'number':
    case 'boolean':
      return anywhere([value.text], false);
    case 'null':
      return { refused: 'null needs a field', hint: 'write "field: null"' };
    case 'test':
      if (value.test.kind === 'regex' || value.test.kind === 'cidr') return value.test;
      return { refused: `|${modifiers.join('|')} needs a field`, hint: 'write the name of a field before it' };
  }
}

export function join(matches: readonly Match[], by: 'all' | 'any'): Match {
  return matches.length === 1 ? matches[0]! : { kind: by, of: matches };
}
