import type { Migration } from './migration.ts';

/** What Azure said of accounts, each time that it was something else than before. `at`: microseconds. `data`: JSON, a list of ARM documents. */
export const inventories: Migration = {
  version: 103,
  name: 'inventories',
  sql: 'CREATE TABLE inventories (at INTEGER PRIMARY KEY, hash TEXT NOT NULL, data TEXT NOT NULL) STRICT;',
};
