import type { Migration } from './migration.ts';

/**
 * Requests that a rule matched, with their raw record. `grp`: hash of the rule, what it folds by, log and quarter of an hour; `seq`: counts
 * up in it. `time`: microseconds. `data`: JSON of the event.
 */
export const records: Migration = {
  version: 101,
  name: 'records',
  sql: `CREATE TABLE request_records (
  grp INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  record TEXT NOT NULL,
  time INTEGER NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (grp, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_records_record ON request_records (record);
CREATE INDEX request_records_time ON request_records (time);`,
};
