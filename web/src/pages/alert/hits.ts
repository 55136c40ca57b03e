import type { Hit } from '../../parts/Raw.tsx';

interface Field {
  readonly field: string;
  readonly asks: string;
  readonly values: readonly unknown[];
}

/**
 * The lines of a record that made a rule match. A rule asks for a field of the record by its own name, or for one of ours; ours are found
 * by their value, if it stands there as it is.
 */
export function hitsOf(text: string, fields: readonly Field[]): readonly Hit[] {
  const lines = text.split('\n');
  const found = new Map<number, string>();
  for (const { field, asks, values } of fields) {
    const key = field.slice(field.lastIndexOf('.') + 1).toLowerCase();
    const at = lines.findIndex((line) => isOf(line, key, values));
    if (at >= 0 && !found.has(at + 1)) found.set(at + 1, asks);
  }
  return [...found].map(([line, why]) => ({ line, why })).sort((a, b) => a.line - b.line);
}

function isOf(line: string, key: string, values: readonly unknown[]): boolean {
  const name = /^\s*"([^"]+)":/.exec(line)?.[1]?.toLowerCase();
  if (name === undefined) return false;
  const value = line
    .slice(line.indexOf(':') + 1)
    .trim()
    .replace(/,$/, '')
    .toLowerCase();
  const has = values.some((one) => value === JSON.stringify(one)?.toLowerCase());
  return has && (name === key || values.some((one) => typeof one === 'string' && one.length > 6));
}
