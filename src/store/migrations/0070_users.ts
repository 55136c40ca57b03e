import type { Migration } from './migration.ts';

/**
 * People. `folded` is the name without case: two that differ in nothing else are one. `subject`: who it is for the other side, of those who
 * sign in with OpenID Connect. Times in milliseconds since 1970; lists are JSON.
 */
export const USERS: Migration = {
  version: 70,
  name: 'users',
  sql: `CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  folded TEXT NOT NULL UNIQUE,
  email TEXT,
  role TEXT NOT NULL,
  method TEXT NOT NULL,
  subject TEXT UNIQUE,
  password TEXT,
  subscriptions TEXT,
  labels TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  signed_in_at INTEGER,
  disabled_at INTEGER
) STRICT;`,
};
