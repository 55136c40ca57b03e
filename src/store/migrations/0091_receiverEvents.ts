import type { Migration } from './migration.ts';

export const RECEIVER_EVENTS: Migration = {
  version: 91,
  name: 'receiverEvents',
  sql: `
    -- Events that services of receivers told back: each counts once. at: milliseconds, when it came.
    CREATE TABLE receiver_events (
      receiver TEXT NOT NULL,
      event TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (receiver, event)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX receiver_events_at ON receiver_events (at);
  `,
};
