import type { Migration } from './migration.ts';

/** Rows are only ever added; the oldest go by retention. `hash` covers the row and the hash before it. */
export const audit: Migration = {
  version: 2,
  name: 'audit',
  sql: `CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  what TEXT NOT NULL,
  target TEXT NOT NULL,
  detail TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_at ON audit (at);`,
};
