import type { Migration } from './migration.ts';

export const OUTBOX: Migration = {
  version: 30,
  name: 'outbox',
  sql: `
    -- An alert as it is told, once for all receivers.
    CREATE TABLE outbox_alerts (
      alert TEXT NOT NULL,
      revision INTEGER NOT NULL,
      stored TEXT NOT NULL,
      PRIMARY KEY (alert, revision)
    ) STRICT;

    CREATE TABLE outbox (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      alert TEXT NOT NULL,
      revision INTEGER NOT NULL,
      receiver TEXT NOT NULL,
      repetition INTEGER NOT NULL,
      kind TEXT NOT NULL,
      why TEXT NOT NULL,
      level TEXT NOT NULL,
      rule TEXT NOT NULL,
      state TEXT NOT NULL,
      queued_at INTEGER NOT NULL,
      due INTEGER NOT NULL,
      not_before INTEGER,
      group_wait INTEGER NOT NULL,
      repeat_every INTEGER,
      attempts INTEGER NOT NULL,
      settled_at INTEGER,
      ref TEXT,
      flood INTEGER,
      UNIQUE (alert, receiver, revision, repetition)
    ) STRICT;
    CREATE INDEX outbox_waiting ON outbox (id) WHERE state = 'waiting';
    CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';
    CREATE INDEX outbox_flood ON outbox (flood) WHERE flood IS NOT NULL;
    CREATE INDEX outbox_settled ON outbox (settled_at) WHERE settled_at IS NOT NULL;

    CREATE TABLE outbox_attempts (
      message INTEGER NOT NULL,
      attempt INTEGER NOT NULL,
      at INTEGER NOT NULL,
      result TEXT NOT NULL,
      reason TEXT,
      PRIMARY KEY (message, attempt)
    ) STRICT, WITHOUT ROWID;
  `,
};
