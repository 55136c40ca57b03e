import type { Migration } from './migration.ts';

export const OUTBOX_GROUPS: Migration = {
  version: 90,
  name: 'outboxGroups',
  sql: `
    -- What is told together has the same grouping; the row that tells of the others, and those, have its id as flood.
    ALTER TABLE outbox ADD COLUMN grouping TEXT;
    CREATE INDEX outbox_grouping ON outbox (receiver, grouping) WHERE state = 'waiting' AND grouping IS NOT NULL;
    CREATE INDEX outbox_notices_named ON outbox (alert) WHERE kind = 'notice';

    -- What is told and is about no alert.
    CREATE TABLE outbox_notices (
      message INTEGER PRIMARY KEY,
      notice TEXT NOT NULL
    ) STRICT;
  `,
};
