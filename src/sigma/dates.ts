/**
 * True for `2024-11-22`, the older `2024/1/9`, and a date with a time behind it, if there is such a day. Years 1000 to 3999, so that
 * a slip like `24-11-22` or `20244-11-22` is seen.
 */
export function isDate(text: string): boolean {
  const found =
    /^([1-3]\d{3})-(\d{2})-(\d{2})(?:[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.exec(text) ??
    /^([1-3]\d{3})\/(\d{1,2})\/(\d{1,2})$/.exec(text);
  if (!found) return false;
  const [year, month, day] = found.slice(1, 4).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
