import type { Piece } from '../ir/ir.ts';

export type Utf16 = 'le' | 'be' | 'bom';

/** UTF-16 bytes, one character a byte (Latin-1): what `|base64` after it encodes as they are. */
export function utf16(text: string, form: Utf16): string {
  const bytes = Buffer.from(text, 'utf16le');
  if (form === 'be') bytes.swap16();
  return (form === 'bom' ? '\u00ff\u00fe' : '') + bytes.toString('latin1');
}

export function base64(text: string, bytes: boolean): string {
  return toBytes(text, bytes).toString('base64');
}

/**
 * The three ways that a text inside a longer base64-encoded text can look, by its offset modulo 3. Characters at either end that
 * depend on the neighbours are cut off: `foobar` is `Zm9vYmFy`, `Zvb2Jhc` or `mb29iYX`.
 */
export function base64Offsets(text: string, bytes: boolean): string[] {
  const content = toBytes(text, bytes);
  const first = [0, 2, 3];
  const last = [0, 3, 2];
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), content]).toString('base64');
    return encoded.slice(first[offset], encoded.length - last[(content.length + offset) % 3]!);
  });
}

function toBytes(text: string, bytes: boolean): Buffer {
  return Buffer.from(text, bytes ? 'latin1' : 'utf8');
}

const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'] as const;
/** 5^5 variants of one value are as many as anybody can mean. */
export const MAX_DASHES = 5;

/** Every spelling of the dashes that begin an option: at the start of the text or after a character that is no letter or digit. */
export function dashVariants(pieces: readonly Piece[]): Piece[][] | null {
  const parts = pieces.map((piece) => (typeof piece === 'string' ? splitDashes(piece) : [piece]));
  const count = parts.flat().filter((part) => isDash(part)).length;
  if (count > MAX_DASHES) return null;
  let variants: Piece[][] = [[]];
  for (const part of parts.flat()) {
    const choices: readonly Piece[] = isDash(part) ? DASHES : [part];
    variants = choices.flatMap((choice) => variants.map((variant) => [...variant, choice]));
  }
  return variants.map(joined);
}

function isDash(part: Piece): boolean {
  return typeof part === 'string' && DASHES.includes(part as (typeof DASHES)[number]);
}

/** `-a-b /c` -> `-`, `a-b `, `/`, `c`: only a dash at the start of a word splits. */
function splitDashes(text: string): string[] {
  return text.split(/(?<![\p{L}\p{N}_])([-/\u2013\u2014\u2015])(?=[\p{L}\p{N}_])/u).filter((part) => part !== '');
}

function joined(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') out[out.length - 1] = last + piece;
    else out.push(piece);
  }
  return out;
}

export function isPlainAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them
  return /^[\u0000-\u007f]*$/.test(text);
}
