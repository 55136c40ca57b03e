const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of `15m`, `4h`, `30s`, `2d`; null for anything else (also `0m`, `-1m`, `1.5h`, ` 5m`). */
export function parseDuration(text: string): number | null {
  const found = /^([1-9][0-9]{0,8})([smhd])$/.exec(text);
  return found ? Number(found[1]) * UNITS[found[2]!]! : null;
}

/** Seconds as rules and people write them, in the largest unit that fits: `15m`, `4h`, `90s`. */
export function printDuration(seconds: number): string {
  for (const unit of ['d', 'h', 'm']) {
    const size = UNITS[unit]!;
    if (seconds >= size && seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}
