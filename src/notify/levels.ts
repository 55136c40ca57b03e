import type { Alert } from '../alerts/alert.ts';

export type Level = Alert['level'];

/** The highest first. */
export const LEVELS = ['critical', 'high', 'medium', 'low', 'informational'] as const satisfies readonly Level[];
