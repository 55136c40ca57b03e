import { live } from './0010_live.ts';
import type { Migration } from './migration.ts';

/** Append-only. Each is a file of its own: `0001_base.ts`. */
export const MIGRATIONS: readonly Migration[] = [live];
