import type { Migration } from './migration.ts';

/** What alerts teach: which are routine, and who was seen at an account before. */
export const ROUTINE: Migration = {
  version: 50,
  name: 'routine',
  sql: `
    -- What somebody does to an account, as one rule tells it. what: JSON of the rest of the key of its alerts.
    CREATE TABLE routine_patterns (
      id TEXT PRIMARY KEY, rule_id TEXT NOT NULL, rule TEXT NOT NULL, account TEXT NOT NULL, caller TEXT NOT NULL,
      name TEXT NOT NULL, what TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX routine_patterns_place ON routine_patterns (rule_id, account);

    -- Each alert that taught something. opened: seconds since 1970; addresses, applications: JSON.
    CREATE TABLE routine_occurrences (
      alert TEXT PRIMARY KEY, pattern TEXT NOT NULL, opened INTEGER NOT NULL, addresses TEXT NOT NULL,
      applications TEXT NOT NULL, count INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX routine_occurrences_pattern ON routine_occurrences (pattern, opened);
    CREATE INDEX routine_occurrences_opened ON routine_occurrences (opened);

    -- Since when an account is known, and what was seen there; seconds since 1970.
    CREATE TABLE memory_accounts (account TEXT PRIMARY KEY, since INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE memory_values (
      account TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, name TEXT NOT NULL, first INTEGER NOT NULL,
      last INTEGER NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (account, kind, value)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX memory_values_last ON memory_values (last);
  `,
};
