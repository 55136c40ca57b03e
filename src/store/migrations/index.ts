import type { Migration } from '../db.ts';

/** Append-only. Each is a file of its own: `0001_base.ts`. */
export const MIGRATIONS: readonly Migration[] = [];
