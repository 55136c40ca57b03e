/** The order of texts by UTF-16 unit, whatever the locale: outputs that sort by it are the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
