import type { Migration } from './migration.ts';

/** Who uses the data of which account, and how the alerts of a story belong together. */
export const clients: Migration = {
  version: 60,
  name: 'clients',
  sql: `
    -- since: microseconds of the first request of an account; forgotten: records of clients that are not kept.
    CREATE TABLE client_accounts (
      account TEXT PRIMARY KEY, since INTEGER NOT NULL, forgotten INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- client: JSON of the three behind it. first, last: microseconds. fact: JSON of the first use.
    CREATE TABLE clients (
      account TEXT NOT NULL, client TEXT NOT NULL, who TEXT NOT NULL, address TEXT NOT NULL, agent TEXT,
      first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL, fact TEXT NOT NULL,
      PRIMARY KEY (account, client)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX clients_first ON clients (account, first, client);
    CREATE INDEX clients_last ON clients (last);

    -- What a client read in an hour since 1970. since: microseconds. sample: JSON, see lib/sample.ts.
    CREATE TABLE client_reads (
      account TEXT NOT NULL, client TEXT NOT NULL, hour INTEGER NOT NULL, since INTEGER NOT NULL, sample TEXT NOT NULL,
      PRIMARY KEY (account, client, hour)
    ) STRICT, WITHOUT ROWID;

    ALTER TABLE alerts ADD COLUMN story TEXT;
    CREATE INDEX alerts_story ON alerts (story, opened, id) WHERE story IS NOT NULL;
  `,
};
