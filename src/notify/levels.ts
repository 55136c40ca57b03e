import type { Alert } from '../alerts/alert.ts';

export type Level = Alert['level'];

/** How much it matters that a message is not late: the compiler holds it to the levels that there are. */
const RANKS: Readonly<Record<Level, number>> = { informational: 0, low: 1, medium: 2, high: 3, critical: 4 };

/** The highest first. */
export const LEVELS = ['critical', 'high', 'medium', 'low', 'informational'] as const satisfies readonly Level[];

export function rankOf(level: Level): number {
  return RANKS[level];
}
