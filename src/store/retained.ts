import type { Db } from './db.ts';

/** What the configuration speaks of: `retention: {control_plane: 730d}`. */
export type RetentionClass = 'alerts' | 'control_plane' | 'matches' | 'key_figures' | 'deliveries' | 'audit';

/** A table whose rows get old. Each file that owns such a table exports its rows as `RETAINED`. */
export interface Retained {
  readonly table: string;
  /** The column that says when, and what it counts since 1970. */
  readonly time: string;
  readonly unit: 'seconds' | 'milliseconds' | 'microseconds';
  readonly class: RetentionClass;
  /**
   * For a table that rows cannot simply be taken from: removes at most `limit` rows of before `before` (in `unit`) and says how many, inside
   * the caller's transaction. It must go on until it gives 0.
   */
  readonly trim?: (db: Db, before: number, limit: number, now: number) => number;
}
