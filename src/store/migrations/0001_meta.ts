import type { Migration } from './migration.ts';

export const META: Migration = {
  version: 1,
  name: 'meta',
  sql: 'CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT',
};
