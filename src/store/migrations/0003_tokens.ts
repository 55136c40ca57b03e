import type { Migration } from './migration.ts';

/**
 * A token's name outlives its rotations, so that the audit log goes on speaking of the same one: each secret of it is a row of its own.
 * Times in milliseconds since 1970; lists are JSON.
 */
export const tokens: Migration = {
  version: 3,
  name: 'tokens',
  sql: `CREATE TABLE tokens (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  source TEXT,
  speaks_for TEXT,
  labels TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE INDEX tokens_name ON tokens (name);`,
};
