/**
 * What a `Retry-After` header asks for (RFC 9110, 10.2.3: seconds, or an HTTP date), in milliseconds from now, at most `most`. What is
 * missing, negative, past or no such value asks for nothing: null. Fractions of a second, which some servers send, are kept.
 */
export function retryAfter(
  value: string | null | undefined,
  { now, most }: { readonly now: number; readonly most: number },
): number | null {
  const text = (value ?? '').trim();
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : untilDate(text, now);
  return ms === null || ms <= 0 ? null : Math.min(most, Math.ceil(ms));
}

/** Only what begins with the name of a day is a date here: `Date.parse` makes one of `-5` too. */
function untilDate(text: string, now: number): number | null {
  if (!/^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? /i.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at - now;
}
