import { OUTBOX } from './0030_outbox.ts';
import type { Migration } from './migration.ts';

/** Append-only. Each is a file of its own: `0001_base.ts`. */
export const MIGRATIONS: readonly Migration[] = [OUTBOX];
