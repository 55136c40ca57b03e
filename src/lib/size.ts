const UNITS: Readonly<Record<string, number>> = { KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** Bytes of `500MB`, `10GB`, `1TB`; null for anything else. */
export function parseSize(text: string): number | null {
  const found = /^([1-9][0-9]{0,5})([KMGT]B)$/.exec(text);
  return found ? Number(found[1]) * UNITS[found[2]!]! : null;
}
