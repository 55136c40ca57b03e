import { META } from './0001_meta.ts';
import type { Migration } from './migration.ts';

/** Append-only. Each is a file of its own. */
export const MIGRATIONS: readonly Migration[] = [META];
