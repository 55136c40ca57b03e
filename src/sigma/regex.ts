import { RE2JS } from 're2js';

/** Longest pattern that is read; the compiled program grows with it. */
const MAX_REGEX = 2_000;

/** Why a pattern cannot be used, or null. RE2's syntax is the one that runs in linear time: no lookaround, no backreferences. */
export function checkRegex(source: string, flags: string): string | null {
  if (source.length > MAX_REGEX) return `longer than ${MAX_REGEX} characters`;
  if (repeats(source) > MAX_REPEATS) return `repeats its parts more than ${MAX_REPEATS} times`;
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

const MAX_REPEATS = 2_000;

/** Upper bound of the copies that `{n,m}` make: a repeated group is written out that often before it runs. */
function repeats(source: string): number {
  let sum = 0;
  for (const [, low, high] of source.matchAll(/\{(\d{1,5})(?:,(\d{0,5}))?\}/g))
    sum += Math.max(Number(low), Number(high || low));
  return sum;
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
