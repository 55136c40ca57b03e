import type { Comparison, Piece, Test, TimePart } from '../ir/ir.ts';
import type { RuleCode } from './diagnostic.ts';
import { base64, base64Offsets, dashVariants, isPlainAscii, MAX_DASHES, type Utf16, utf16 } from './encode.ts';
import { parseRange } from './range.ts';
import { checkRegex } from './regex.ts';
import { isWild, open } from './text.ts';

/**
 * A value on its way through a chain of modifiers. `raw` is the text as the rule spells it, for modifiers that do not read
 * wildcards (`re`, `cidr`, `fieldref`); null once another modifier has changed it. `bytes`: one character is one byte.
 */
export type Value =
  | {
      readonly kind: 'text';
      readonly pieces: readonly Piece[];
      readonly cased: boolean;
      readonly bytes: boolean;
      readonly raw: string | null;
    }
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly text: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'test'; readonly test: Test };

/** Why a modifier cannot be applied. */
export interface Refusal {
  readonly refused: string;
  readonly code?: RuleCode;
  /** The cure. */
  readonly hint: string;
}

/** Several values are joined by OR, inside whatever joins the list that they came from. */
export type Modifier = (value: Value) => Value | readonly Value[] | Refusal;

type TextValue = Extract<Value, { kind: 'text' }>;

/** Modifiers of one value. `all`, `neq`, `expand` concern the whole list and are the business of `item.ts`. */
export const MODIFIERS: ReadonlyMap<string, Modifier> = new Map<string, Modifier>([
  ['contains', placed('both', 'contains')],
  ['startswith', placed('after', 'startswith')],
  ['endswith', placed('before', 'endswith')],
  ['cased', cased],
  ['exists', exists],
  ['re', regex],
  ['i', regexFlag('i')],
  ['m', regexFlag('m')],
  ['s', regexFlag('s')],
  ['cidr', cidr],
  ['base64', (value) => encoded(value, 'base64', (text) => [base64(text.literal, text.bytes)])],
  ['base64offset', (value) => encoded(value, 'base64offset', (text) => base64Offsets(text.literal, text.bytes))],
  ['wide', wide('le')],
  ['utf16le', wide('le')],
  ['utf16be', wide('be')],
  ['utf16', wide('bom')],
  ['windash', windash],
  ['fieldref', fieldref],
  ['lt', compared('lt')],
  ['lte', compared('lte')],
  ['gt', compared('gt')],
  ['gte', compared('gte')],
  ['minute', timePart('minute')],
  ['hour', timePart('hour')],
  ['day', timePart('day')],
  ['week', timePart('week')],
  ['month', timePart('month')],
  ['year', timePart('year')],
]);

export const LIST_MODIFIERS = ['all', 'neq', 'expand'] as const;

function test(of: Test): Value {
  return { kind: 'test', test: of };
}

/** A text, or a number as it is written. */
function asText(value: Value): TextValue | null {
  if (value.kind === 'text') return value;
  if (value.kind !== 'number') return null;
  return { kind: 'text', pieces: [value.text], cased: false, bytes: false, raw: value.text };
}

function placed(side: 'before' | 'after' | 'both', name: 'contains' | 'startswith' | 'endswith'): Modifier {
  return (value) => {
    const text = asText(value);
    if (text) return { ...text, pieces: open(text.pieces, side), raw: null };
    if (value.kind === 'test' && value.test.kind === 'fieldref' && value.test.op === 'equals') {
      return test({ ...value.test, op: name });
    }
    if (value.kind === 'test' && value.test.kind === 'regex')
      return test({ ...value.test, source: anchored(value.test.source, name) });
    return { refused: `|${name} needs a text`, hint: `leave |${name} out, or put the value into quotes` };
  };
}

/** A regular expression matches anywhere already, so only the ends need saying. */
function anchored(source: string, name: 'contains' | 'startswith' | 'endswith'): string {
  if (name === 'contains') return source;
  return name === 'startswith' ? `\\A(?:${source})` : `(?:${source})\\z`;
}

function cased(value: Value): Value | Refusal {
  const text = asText(value);
  if (text) return { ...text, cased: true };
  if (value.kind === 'test' && value.test.kind === 'fieldref') return test({ ...value.test, cased: true });
  return { refused: '|cased needs a text', hint: 'a regular expression is case-sensitive without it' };
}

function exists(value: Value): Value | Refusal {
  if (value.kind === 'boolean') return test({ kind: 'exists', value: value.value });
  return { refused: '|exists needs true or false', hint: 'without quotes and other modifiers' };
}

function regex(value: Value): Value | Refusal {
  if (value.kind === 'test' && value.test.kind === 'regex')
    return { refused: '|re stands twice', hint: 'write it once' };
  const text = asText(value);
  if (text?.raw == null || text.cased) {
    return { refused: '|re must come first and needs a text', hint: 'write |re before the other modifiers' };
  }
  const wrong = checkRegex(text.raw, '');
  if (wrong !== null)
    return { refused: `regular expression: ${wrong}`, code: 'CW-3013', hint: 'write it in the syntax of RE2' };
  return test({ kind: 'regex', source: text.raw, flags: '' });
}

function regexFlag(flag: 'i' | 'm' | 's'): Modifier {
  return (value) => {
    if (value.kind !== 'test' || value.test.kind !== 'regex')
      return { refused: `|${flag} must follow |re`, hint: `write |re|${flag}` };
    const { source, flags } = value.test;
    return test({ kind: 'regex', source, flags: flags.includes(flag) ? flags : [...flags, flag].sort().join('') });
  };
}

function cidr(value: Value): Value | Refusal {
  if (value.kind !== 'text' || value.raw === null)
    return { refused: '|cidr needs an address range, without other modifiers', hint: 'for example 10.0.0.0/8' };
  const parsed = parseRange(value.raw.trim());
  if ('refused' in parsed) return { refused: parsed.refused, code: 'CW-3014', hint: parsed.hint };
  return test({ kind: 'cidr', range: parsed.range });
}

function encoded(
  value: Value,
  name: string,
  encode: (text: { readonly literal: string; readonly bytes: boolean }) => readonly string[],
): readonly Value[] | Refusal {
  const text = asText(value);
  if (!text) return { refused: `|${name} needs a text`, hint: 'put the value into quotes' };
  if (isWild(text.pieces)) {
    return { refused: `|${name} cannot encode a wildcard`, hint: `write \\* for a star; put |contains after |${name}` };
  }
  const literal = text.pieces.join('');
  return encode({ literal, bytes: text.bytes }).map((result) => ({
    ...text,
    pieces: [result],
    bytes: false,
    raw: null,
  }));
}

function wide(form: Utf16): Modifier {
  return (value) => {
    const text = asText(value);
    if (!text) return { refused: 'UTF-16 modifiers need a text', hint: 'put the value into quotes' };
    const literals = text.pieces.filter((piece) => typeof piece === 'string');
    if (text.bytes || !literals.every(isPlainAscii))
      return {
        refused: 'UTF-16 modifiers need a text of ASCII characters',
        hint: 'write it encoded, as the log has it',
      };
    const pieces = text.pieces.map((piece) =>
      typeof piece === 'string' ? utf16(piece, form === 'bom' ? 'le' : form) : piece,
    );
    return { ...text, pieces: form === 'bom' ? [utf16('', 'bom'), ...pieces] : pieces, bytes: true, raw: null };
  };
}

function windash(value: Value): readonly Value[] | Refusal {
  const text = asText(value);
  if (!text) return { refused: '|windash needs a text', hint: 'put the value into quotes' };
  const variants = dashVariants(text.pieces);
  if (variants === null)
    return { refused: `|windash takes at most ${MAX_DASHES} options in one value`, hint: 'split it, with |all' };
  return variants.map((pieces) => ({ ...text, pieces, raw: null }));
}

function fieldref(value: Value): Value | Refusal {
  if (value.kind !== 'text' || value.raw === null || value.raw === '')
    return { refused: '|fieldref needs the name of a field', hint: 'for example "f|fieldref: g"' };
  return test({ kind: 'fieldref', other: value.raw, op: 'equals', cased: value.cased });
}

function compared(op: Exclude<Comparison, 'eq' | 'neq'>): Modifier {
  return (value) => {
    if (value.kind === 'number') return test({ kind: 'number', op, value: value.value });
    if (value.kind === 'test' && value.test.kind === 'time' && value.test.op === 'eq')
      return test({ ...value.test, op });
    if (value.kind === 'test' && value.test.kind === 'fieldref' && value.test.op === 'equals')
      return test({ ...value.test, op });
    const quoted =
      value.kind === 'text' && value.raw !== null && value.raw.trim() !== '' && Number.isFinite(Number(value.raw));
    return { refused: `|${op} needs a number`, hint: quoted ? 'write it without quotes' : `for example "f|${op}: 10"` };
  };
}

function timePart(part: TimePart): Modifier {
  return (value) => {
    if (value.kind === 'number' && Number.isInteger(value.value))
      return test({ kind: 'time', part, op: 'eq', value: value.value });
    return { refused: `|${part} needs a whole number`, hint: `for example "f|${part}: 3"` };
  };
}
