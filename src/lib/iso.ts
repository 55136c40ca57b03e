/** ISO 8601 in UTC, with milliseconds. @param ms since 1970 */
export function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
