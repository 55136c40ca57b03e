import { RE2JS } from 're2js';

/**
 * What a pattern may be. `size`: characters when all repeats are written out, as RE2 does before it runs. `classes`: of Unicode (`\p{L}`),
 * each of which has hundreds of ranges.
 */
export const REGEX_LIMITS = { characters: 2_000, size: 5_000, classes: 50 } as const;

/**
 * Why a pattern cannot be used, or null. RE2's syntax is the one that runs in linear time: no lookaround, no backreferences. What it costs
 * to compile is bounded before it is compiled.
 */
export function checkRegex(source: string, flags: string): string | null {
  const { characters, size, classes } = REGEX_LIMITS;
  if (source.length > characters) return `longer than ${characters} characters`;
  if (writtenOut(source) > size) return `longer than ${size} characters when its repeats are written out`;
  if ((source.match(/\\p/gi) ?? []).length > classes) return `more than ${classes} classes of Unicode`;
  try {
    RE2JS.compile(source, re2Flags(flags));
    return null;
  } catch (error) {
    return reason(error instanceof Error ? error.message : String(error), source);
  }
}

function re2Flags(flags: string): number {
  let bits = 0;
  if (flags.includes('i')) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes('m')) bits |= RE2JS.MULTILINE;
  if (flags.includes('s')) bits |= RE2JS.DOTALL;
  return bits;
}

const PARTS = /\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\{(\d{1,4})(?:,(\d{0,4}))?\}|[\s\S]/g;

/** Single characters and classes count one, a repeat as often as it may repeat; groups count what is in them. */
function writtenOut(source: string): number {
  const open: { sum: number; last: number }[] = [{ sum: 0, last: 0 }];
  for (const [part, low, high] of source.matchAll(PARTS)) {
    const group = open.at(-1)!;
    if (part === '(') open.push({ sum: 0, last: 0 });
    else if (part === ')' && open.length > 1) add(open.at(-2)!, open.pop()!.sum);
    else if (low === undefined) add(group, 1);
    else group.sum += group.last * (Math.max(1, Number(low), Number(high || low)) - 1);
  }
  return open.reduce((total, { sum }) => total + sum, 0);
}

function add(group: { sum: number; last: number }, size: number): void {
  group.sum += size;
  group.last = size;
}

function reason(message: string, source: string): string {
  if (/\(\?<?[=!]/.test(source)) return 'lookahead and lookbehind are not supported';
  if (/\\[1-9]/.test(source)) return 'backreferences are not supported';
  return message.replace(/^error parsing regexp: /, '').split('\n', 1)[0] ?? 'not a regular expression';
}

/** A pattern that matches this text and nothing else. */
export function quoteRegex(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
