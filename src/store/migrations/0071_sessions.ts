import type { Migration } from './migration.ts';

/** Who is signed in, and one-time links: of both only the hash of what a browser holds. A setup link belongs to nobody yet. */
export const SESSIONS: Migration = {
  version: 71,
  name: 'sessions',
  sql: `CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE TABLE links (
  hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  user_id INTEGER REFERENCES users (id) ON DELETE CASCADE,
  ends_at INTEGER
) STRICT;
CREATE INDEX links_of_user ON links (user_id);`,
};
