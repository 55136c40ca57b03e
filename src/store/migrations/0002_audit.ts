import type { Migration } from './migration.ts';

/** Rows are only added, and the oldest go by retention. `hash` covers the row and the hash before it. Times in milliseconds since 1970. */
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
CREATE TRIGGER audit_is_written_once BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'rows of the audit log are never changed'); END;`,
};
